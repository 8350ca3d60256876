import { Rejection, shown } from "../json/json-values.ts";
import { csvCells } from "../records/csv-cells.ts";
import { addressOf, type Fields, textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";
import { panFields } from "../syslog/pan-fields.ts";

/** `1,2015/01/05 05:38:58,0006C110285,THREAT,`: where the log begins in a line. */
const logStart = /(?:^|[\s:])([0-9]{0,3},(?:\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d[^,]{0,16}|),[^,]{0,64},[A-Za-z][A-Za-z-]{1,24},)/;

export const paloaltoTable = textTable("paloalto", {
  addresses: ["src", "dst", "natsrc", "natdst", "public_ip", "public_ipv6", "private_ip", "private_ipv6", "ip"],
  ports: ["sport", "dport", "natsport", "natdport"],
});

/**
 * PAN-OS logs in the default syslog format, all types, in a syslog line or bare.
 * @see PAN-OS 11.1 Administrator's Guide: Syslog Field Descriptions
 */
export const paloalto = textFeed({
  table: paloaltoTable,
  summary: "Palo Alto Networks PAN-OS logs (TRAFFIC, THREAT, SYSTEM, CONFIG …), CSV in syslog lines or bare",
  read(line, reading) {
    const match = logStart.exec(line.length > 1024 ? line.slice(0, 1024) : line);
    if (!match) throw new Rejection("BAD_LINE", "the line has no PAN-OS log such as 1,2015/01/05 05:38:58,serial,THREAT,… in it");
    const at = match.index + match[0].length - match[1]!.length;
    if (at > 0 && reading.envelope.read(line.slice(0, at))) addHeader(reading.envelope, reading.fields);
    addLog(line, at, reading);
  },
});

/** Reads a log that begins the text; false where it does not. @throws Rejection */
export function readPaloAlto(text: string, reading: Reading): boolean {
  if (logStart.exec(text.length > 160 ? text.slice(0, 160) : text)?.index !== 0) return false;
  addLog(text, 0, reading);
  return true;
}

function addLog(line: string, at: number, reading: Reading): void {
  const { fields } = reading;
  const cells = csvCells(line, at);
  const type = cells[3]!.trim().toUpperCase();
  const names = panFields(type, cells);
  if (names === undefined) throw new Rejection("BAD_TYPE", `the log type is ${shown(type)}, which PAN-OS does not have`);
  if (cells.length < 8) throw new Rejection("COLUMN_COUNT", `a ${type} log of ${cells.length} fields, expected up to ${names.length}`);
  for (const [i, cell] of cells.entries()) {
    const name = names[i];
    const value = cell.trim();
    if (name === undefined) fields.extra(`field_${i + 1}`, value);
    else if (name !== "-") fields.text(name, value);
  }
  fields.protocol(String(fields.get("proto") ?? (type === "SCTP" ? "sctp" : "")));
  addSource(type, fields);
  addTime(fields);
}

/** Logs that are not about a session name the address of a user or of an administrator. */
function addSource(type: string, fields: Fields): void {
  if (fields.has("src")) return;
  const other = fields.get("public_ip") ?? fields.get("public_ipv6") ?? fields.get("ip");
  if (typeof other === "string") fields.string("ip_src_addr", other);
  else if (type === "CONFIG") {
    const host = addressOf(String(fields.get("host") ?? ""));
    if (host !== undefined) fields.string("ip_src_addr", host);
  }
}

/** When the firewall wrote the log; the precise time has a zone. @throws Rejection */
function addTime(fields: Fields): void {
  const time = fields.get("high_res_timestamp") ?? fields.get("time_generated") ?? fields.get("receive_time");
  if (typeof time === "number") fields.number("timestamp", time);
  else if (!fields.has("timestamp")) {
    const unread = fields.extraOf("time_generated") ?? fields.extraOf("receive_time") ?? "";
    throw new Rejection("BAD_TIMESTAMP", `time_generated is ${shown(unread)}, expected yyyy/MM/dd HH:mm:ss`);
  }
}
