import { Rejection, shown } from "../json/json-values.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { readPairs } from "../records/key-values.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";
import type { TimeReader } from "../times/time-reader.ts";

const mark = /LEEF: ?(1(?:\.0)?|2(?:\.0)?)\|/;
const headerColumns = ["device_vendor", "device_product", "device_version", "device_event_id"] as const;
/** `^`, `x5E`, `0x09`, `\t`. */
const delimiterField = /^(?:(?:0?x|\\x)([0-9A-Fa-f]{2,4})|(\\t)|([^\s=|]))$/;

const caretPair = /\^[A-Za-z]\w{0,32}=/;

export const leefTable = textTable("leef", {
  addresses: ["src", "dst", "srcPreNAT", "srcPostNAT", "dstPreNAT", "dstPostNAT", "identSrc", "vSrc", "dvc"],
  ports: ["srcPort", "dstPort", "srcPreNATPort", "srcPostNATPort", "dstPreNATPort", "dstPostNATPort"],
});

/**
 * Log Event Extended Format 1.0 and 2.0, in a syslog line or bare.
 * @see IBM: QRadar LEEF guide
 */
export const leef = textFeed({
  table: leefTable,
  summary: "Log Event Extended Format (LEEF) 1.0 and 2.0, in syslog lines or bare",
  read(line, reading) {
    const match = mark.exec(line);
    if (!match) throw new Rejection("BAD_LINE", "the line has no LEEF:1.0| or LEEF:2.0| in it");
    if (match.index > 0 && reading.envelope.read(line.slice(0, match.index))) addHeader(reading.envelope, reading.fields);
    addRecord(line, match, reading);
  },
});

/** Reads a record that begins the text; false where it does not. @throws Rejection */
export function readLeef(text: string, reading: Reading): boolean {
  if (!text.startsWith("LEEF:")) return false;
  const match = mark.exec(text.length > 16 ? text.slice(0, 16) : text);
  if (match?.index !== 0) return false;
  addRecord(text, match, reading);
  return true;
}

function addRecord(text: string, match: RegExpExecArray, { fields, time }: Reading): void {
  const version = match[1]!;
  fields.string("leef_version", version);
  let at = match.index + match[0].length;
  for (const column of headerColumns) {
    const end = text.indexOf("|", at);
    if (end < 0) throw new Rejection("COLUMN_COUNT", `the LEEF header ends with ${column}, expected it to go on to the attributes`);
    fields.string(column, text.slice(at, end));
    at = end + 1;
  }
  // FireEye writes the default delimiter of older readers, a caret, without saying so.
  let delimiter = text.indexOf("\t", at) < 0 && caretPair.test(text.slice(at, at + 1024)) ? "^" : "\t";
  if (version.startsWith("2")) {
    const end = text.indexOf("|", at);
    const own = end >= 0 && end - at <= 6 ? delimiterOf(text.slice(at, end)) : undefined;
    if (own !== undefined) {
      delimiter = own;
      at = end + 1;
    }
  }
  readAttributes(text, at, delimiter, fields);
  addTime(fields, time);
  fields.protocol(String(fields.get("proto") ?? ""));
}

/** The delimiter that the sixth field of LEEF 2.0 names; an empty field is the default. Undefined where the field is none. */
function delimiterOf(field: string): string | undefined {
  if (field === "") return "\t";
  const match = delimiterField.exec(field);
  if (!match) return undefined;
  if (match[1] !== undefined) return String.fromCharCode(Number.parseInt(match[1], 16));
  return match[2] !== undefined ? "\t" : match[3]!;
}

/**
 * `key=value` between delimiters. Senders put blanks where tabs belong: a text without any delimiter is read with blanks between pairs, and
 * in one with delimiters a pair keeps what comes behind it.
 */
function readAttributes(text: string, start: number, delimiter: string, fields: Fields): void {
  if (text.indexOf(delimiter, start) < 0 && delimiter === "\t") {
    readPairs(text, start, fields, (value) => value);
    return;
  }
  for (let at = start; at < text.length; ) {
    const found = text.indexOf(delimiter, at);
    const end = found < 0 ? text.length : found;
    addPair(text, at, end, fields);
    at = end + delimiter.length;
  }
}

function addPair(text: string, start: number, end: number, fields: Fields): void {
  const equals = text.indexOf("=", start);
  if (equals < 0 || equals >= end) {
    const rest = text.slice(start, end).trim();
    if (rest !== "") fields.extra("unparsed", rest);
    return;
  }
  const key = text.slice(start, equals).trim();
  if (key !== "") fields.text(key, text.slice(equals + 1, end).trim());
}

/** @throws Rejection where only a time is there that is none */
function addTime(fields: Fields, time: TimeReader): void {
  const device = fields.get("devTime");
  if (typeof device === "number") fields.number("timestamp", device);
  const unread = fields.extraOf("devTime");
  if (typeof device === "number" || unread === undefined) return;
  const micros = time.parse(unread);
  if (Number.isNaN(micros) && !fields.has("timestamp"))
    throw new Rejection("BAD_TIMESTAMP", `devTime is ${shown(unread)}, expected a time such as Mar 18 2014 10:03:29 UTC`);
  fields.time("timestamp", micros);
}
