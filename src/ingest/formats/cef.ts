import { Rejection, shown } from "../json/json-values.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { readPairs } from "../records/key-values.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";

const mark = /CEF: ?(\d{1,3})\|/;
const [backslash, pipe] = [92, 124];
const headerColumns = ["device_vendor", "device_product", "device_version", "device_event_class_id", "name", "severity"] as const;

/** Columns that hold addresses and ports; in the order in which the ends of a connection are looked for. */
export const cefAddresses = {
  addresses: [
    "src",
    "dst",
    "dvc",
    "agt",
    "c6a1",
    "c6a2",
    "c6a3",
    "c6a4",
    "sourceTranslatedAddress",
    "destinationTranslatedAddress",
    "deviceTranslatedAddress",
  ],
  ports: ["spt", "dpt", "sourceTranslatedPort", "destinationTranslatedPort"],
} as const;

export const cefTable = textTable("cef", cefAddresses);

/**
 * Common Event Format, in a syslog line or bare.
 * @see Micro Focus: ArcSight Common Event Format, revision 26
 */
export const cef = textFeed({
  table: cefTable,
  summary: "Common Event Format (CEF), in syslog lines or bare",
  read(line, reading) {
    const match = mark.exec(line);
    if (!match) throw new Rejection("BAD_LINE", "the line has no CEF:0| in it");
    if (match.index > 0 && reading.envelope.read(line.slice(0, match.index))) addHeader(reading.envelope, reading.fields);
    addRecord(line, match, reading);
  },
});

/** Reads a record that begins the text; false where it does not. @throws Rejection */
export function readCef(text: string, reading: Reading): boolean {
  if (!text.startsWith("CEF:")) return false;
  const match = mark.exec(text.length > 16 ? text.slice(0, 16) : text);
  if (match?.index !== 0) return false;
  addRecord(text, match, reading);
  return true;
}

function addRecord(text: string, match: RegExpExecArray, { fields }: Reading): void {
  fields.text("cef_version", match[1]!);
  let at = match.index + match[0].length;
  for (const column of headerColumns) {
    const end = headerEnd(text, at);
    if (end === text.length && column !== "severity")
      throw new Rejection("COLUMN_COUNT", `the CEF header ends with ${column}, expected it to go on to severity`);
    const value = unescapedHeader(text.slice(at, end));
    fields.string(column, value);
    if (column === "severity") addSeverity(value, fields);
    at = end + 1;
  }
  readPairs(text, at, fields, unescapedValue);
  addTime(fields);
  fields.protocol(String(fields.get("proto") ?? fields.get("app") ?? ""));
}

/** Where the header field ends: at a pipe without a backslash in front. */
function headerEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === pipe) return at;
    if (code === backslash) at++;
  }
  return text.length;
}

function unescapedHeader(text: string): string {
  return text.includes("\\") ? text.replace(/\\([\\|])/g, "$1") : text;
}

/** The middle of the range that a word stands for. @see CEF, revision 26: Severity */
const severities: Readonly<Record<string, number>> = { unknown: 0, low: 2, medium: 5, high: 8, "very-high": 10 };

function addSeverity(text: string, fields: Fields): void {
  const word = text.toLowerCase();
  if (/^\d{1,2}$/.test(text)) fields.number("severity_number", Number(text));
  else if (Object.hasOwn(severities, word)) fields.number("severity_number", severities[word]!);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r" };

export function unescapedValue(text: string): string {
  return text.includes("\\") ? text.replace(/\\([\\=|nr])/g, (_, code: string) => escapes[code] ?? code) : text;
}

/** When it was received; else the syslog line's time, else when it began or ended. @throws Rejection where only a time is there that is none */
function addTime(fields: Fields): void {
  const received = fields.get("rt");
  if (typeof received === "number") fields.number("timestamp", received);
  if (fields.has("timestamp")) return;
  const unread = fields.extraOf("rt");
  if (unread !== undefined)
    throw new Rejection("BAD_TIMESTAMP", `rt is ${shown(unread)}, expected a time such as Feb 09 2015 12:28:26 UTC`);
  const other = fields.get("start") ?? fields.get("end") ?? fields.get("art");
  if (typeof other === "number") fields.number("timestamp", other);
}
