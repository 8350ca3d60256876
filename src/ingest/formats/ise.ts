import { Rejection, shown } from "../json/json-values.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";

const category = /(?:^|[\s:])((?:CISE|CSCOacs)_\w{1,64})(?::| ) ?/;
/** Message id, number of segments, this segment. */
const segment = /^(\d{1,12}) (\d{1,3}) (\d{1,3}) /;
/** Time, zone, sequence, message code, severity, class and text of the first segment. */
const heading = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d\d:\d\d) (\d{1,12}) (\d{1,6}) (\w{1,16}) +([^:,]{1,128}): ?/;
const backslash = 92;

export const iseTable = textTable("ise", {
  addresses: [
    "Device_IP_Address",
    "DestinationIPAddress",
    "NAS_IP_Address",
    "Framed_IP_Address",
    "EndpointIPAddress",
    "AdminIPAddress",
    "Remote_Address",
  ],
  ports: ["Device_Port", "DestinationPort"],
});

/** The columns of attributes; ISE writes a name in more than one way. */
const columnsByName = new Map<string, string>([
  ...Object.keys(iseTable.columns).map((column): [string, string] => [column.replaceAll("_", "-"), column]),
  ...Object.keys(iseTable.columns).map((column): [string, string] => [column, column]),
  ["Device IP Address", "Device_IP_Address"],
  ["Device Port", "Device_Port"],
  ["Protocol", "ise_protocol"],
  ["EndpointMacAddress", "EndPointMACAddress"],
  ["EndPointMatchedPolicy", "EndPointMatchedProfile"],
]);

/** Where the source of a message is found, Metron's place first. */
const sources = ["Device_IP_Address", "NAS_IP_Address", "EndpointIPAddress", "Framed_IP_Address", "AdminIPAddress", "Remote_Address"];

/**
 * Cisco ISE and ACS messages, in a syslog line or bare. A message in several segments is an event a segment.
 * @see Cisco Identity Services Engine Syslogs: Syslog message format
 */
export const ise = textFeed({
  table: iseTable,
  summary: "Cisco ISE messages, in syslog lines or bare",
  read(line, reading) {
    const match = category.exec(line.length > 1024 ? line.slice(0, 1024) : line);
    if (!match) throw new Rejection("BAD_LINE", "the line has no ISE category such as CISE_Passed_Authentications");
    if (match.index > 0 && reading.envelope.read(line.slice(0, match.index))) addHeader(reading.envelope, reading.fields);
    addMessage(line, match, reading);
  },
});

/** Reads a message that begins the text; false where it does not. @throws Rejection */
export function readIse(text: string, reading: Reading): boolean {
  if (!text.startsWith("CISE_") && !text.startsWith("CSCOacs_")) return false;
  const match = category.exec(text.length > 128 ? text.slice(0, 128) : text);
  if (match?.index !== 0) return false;
  addMessage(text, match, reading);
  return true;
}

function addMessage(line: string, match: RegExpExecArray, { fields, time }: Reading): void {
  fields.string("category", match[1]!);
  let text = line.slice(match.index + match[0].length);
  const place = segment.exec(text);
  if (!place)
    throw new Rejection("BAD_LINE", `${match[1]} is followed by ${shown(text.slice(0, 40))}, expected a message id and its segments`);
  fields.string("message_id", place[1]!);
  fields.text("segment_count", place[2]!);
  fields.text("segment", place[3]!);
  text = text.slice(place[0].length);
  const head = heading.exec(text.length > 512 ? text.slice(0, 512) : text);
  let at = 0;
  if (head) {
    const micros = time.parse(`${head[1]} ${head[2]}`);
    if (Number.isNaN(micros)) throw new Rejection("BAD_TIMESTAMP", `the time is "${head[1]}", expected a date`);
    fields.time("timestamp", micros);
    fields.string("sequence", head[3]!);
    fields.string("message_code", head[4]!);
    fields.string("ise_severity", head[5]!);
    fields.string("message_class", head[6]!);
    const end = pairEnd(text, head[0].length);
    // A message may have attributes and no text.
    if (text.slice(head[0].length, end).includes("=")) at = head[0].length;
    else {
      fields.string("message_text", unescaped(text.slice(head[0].length, end).trim()));
      at = end + 1;
    }
  }
  readAttributes(text, at, fields);
  if (!fields.has("ip_src_addr")) {
    const source = sources.map((column) => fields.get(column)).find((value) => typeof value === "string");
    if (source !== undefined) fields.string("ip_src_addr", String(source));
  }
  copy("DestinationIPAddress", "ip_dst_addr", fields);
  copy("Device_Port", "ip_src_port", fields);
  copy("DestinationPort", "ip_dst_port", fields);
}

function copy(from: string, to: string, fields: Fields): void {
  const value = fields.get(from);
  if (typeof value === "string") fields.string(to, value);
  else if (typeof value === "number") fields.number(to, value);
}

/** `Name=value, Name=value,`; a comma in a value has a backslash in front. */
function readAttributes(text: string, start: number, fields: Fields): void {
  for (let at = start; at < text.length; ) {
    const end = pairEnd(text, at);
    let from = at;
    while (text.charCodeAt(from) === 32) from++;
    const split = text.indexOf("=", from);
    if (split > from && split < end) {
      const name = text.slice(from, split);
      fields.text(columnsByName.get(name) ?? name, unescaped(text.slice(split + 1, end).trim()));
    } else {
      const rest = text.slice(from, end).trim();
      if (rest !== "" && rest !== "#015") fields.extra("unparsed", rest);
    }
    at = end + 1;
  }
}

function pairEnd(text: string, start: number): number {
  for (let at = text.indexOf(",", start); at >= 0; at = text.indexOf(",", at + 1)) if (text.charCodeAt(at - 1) !== backslash) return at;
  return text.length;
}

function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\([,;={}\\])/g, "$1") : text;
}
