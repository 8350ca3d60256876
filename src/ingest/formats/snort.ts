import { Rejection, shown } from "../json/json-values.ts";
import { csvCells } from "../records/csv-cells.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { addHostPort } from "../records/host-port.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";
import type { TimeReader } from "../times/time-reader.ts";

/** Snort's default CSV fields. @see Snort 2.9 manual, 2.6.4 alert_csv */
const csvColumns = [
  "timestamp",
  "sig_generator",
  "sig_id",
  "sig_rev",
  "msg",
  "protocol",
  "ip_src_addr",
  "ip_src_port",
  "ip_dst_addr",
  "ip_dst_port",
  "ethsrc",
  "ethdst",
  "ethlen",
  "tcpflags",
  "tcpseq",
  "tcpack",
  "tcplen",
  "tcpwindow",
  "ttl",
  "tos",
  "id",
  "dgmlen",
  "iplen",
  "icmptype",
  "icmpcode",
  "icmpid",
  "icmpseq",
];
const timePattern = /^(?:(\d{4})\/|(\d\d)\/)?(\d\d)\/(\d\d)-(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;
const signature = /\[(\d{1,10}):(\d{1,10}):(\d{1,10})\] ?/;
const classification = /\[Classification: ([^\]]{1,200})\]/;
const priority = /\[Priority: (\d{1,4})\]/;
/** `{TCP} 10.0.0.1:80 -> 10.0.0.2:1024` */
const connection = /\{([A-Za-z0-9:._-]{1,20})\} ?(\S{1,64}?) ?-> ?(\S{1,64})/;
const maxReadLength = 8192;

export const snortTable = textTable("snort");

/** Snort's alerts: CSV, one-line ("fast") alerts, and the same in syslog lines. */
export const snort = textFeed({
  table: snortTable,
  summary: "Snort alerts: CSV, one-line alerts, and those in syslog lines",
  read(line, reading) {
    const { envelope, fields, time } = reading;
    const comma = line.indexOf(",");
    const first = line.slice(0, Math.min(comma < 0 ? 40 : comma, 40)).trim();
    if (comma >= 0 && timePattern.test(first)) readCsv(line, fields, time);
    else {
      const space = line.indexOf(" ");
      const word = line.slice(0, Math.max(0, Math.min(space, 40)));
      if (timePattern.test(word)) fields.time("timestamp", timeOf(word, time));
      else if (envelope.read(line)) addHeader(envelope, fields);
      if (!readAlert(line, reading))
        throw new Rejection("BAD_LINE", "the line is neither CSV that begins with a time nor an alert with [gid:sid:rev]");
    }
  },
});

function readCsv(line: string, fields: Fields, time: TimeReader): void {
  const cells = csvCells(line);
  if (cells.length < 10) throw new Rejection("COLUMN_COUNT", `${cells.length} columns, expected ${csvColumns.length}`);
  for (const [i, cell] of cells.entries()) {
    const column = csvColumns[i];
    if (column === undefined) fields.extra(`column_${i + 1}`, cell);
    else if (column === "timestamp") fields.time("timestamp", timeOf(cell.trim(), time));
    else if (column === "protocol") fields.protocol(cell.trim());
    else fields.text(column, cell.trim());
  }
}

/** `MM/dd/yy-HH:mm:ss.SSSSSS`, without a year or with all of it. @throws Rejection */
function timeOf(text: string, time: TimeReader): number {
  const [, longYear, shortYear, month, day, hour, minute, second, fraction = ""] = timePattern.exec(text) ?? [];
  // Snort writes month/day/year; a year in front has four digits.
  const dated = shortYear === undefined ? [longYear ?? "0", month, day] : [`20${day}`, shortYear, month];
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const micros = time.of(Number(dated[0]), Number(dated[1]), Number(dated[2]), seconds, Number(fraction.slice(0, 6).padEnd(6, "0")));
  if (Number.isNaN(micros)) throw new Rejection("BAD_TIMESTAMP", `the time is ${shown(text)}, expected MM/dd/yy-HH:mm:ss.SSSSSS`);
  return micros;
}

/** `[1:2019:3] message [Classification: …] [Priority: 1] {TCP} a:p -> b:q` anywhere in the text; false where it is not there. */
export function readAlert(line: string, { fields }: Reading): boolean {
  const text = line.length > maxReadLength ? line.slice(0, maxReadLength) : line;
  const sid = signature.exec(text);
  const ends = connection.exec(text);
  if (!sid || !ends) return false;
  fields.text("sig_generator", sid[1]!);
  fields.text("sig_id", sid[2]!);
  fields.text("sig_rev", sid[3]!);
  fields.string("msg", messageOf(text.slice(sid.index + sid[0].length)));
  const kind = classification.exec(text);
  if (kind) fields.string("classification", kind[1]!);
  const rank = priority.exec(text);
  if (rank) fields.text("priority", rank[1]!);
  addConnection(ends, fields);
  return true;
}

export function addConnection(ends: RegExpExecArray, fields: Fields): void {
  fields.protocol(ends[1]!);
  const hasPorts = /^(?:tcp|udp|sctp)$/i.test(ends[1]!);
  addHostPort(ends[2]!, hasPorts, "ip_src_addr", "ip_src_port", fields);
  addHostPort(ends[3]!, hasPorts, "ip_dst_addr", "ip_dst_port", fields);
}

/** Up to what follows it: `[**]`, a bracket with a name, the protocol. */
function messageOf(text: string): string {
  const end = text.search(/ ?\[(?:\*\*|Classification:|Priority:|Impact:|Xref)|\{[A-Za-z0-9:._-]{1,20}\} ?\S{1,64} ?->/);
  return (end < 0 ? text : text.slice(0, end)).replace(/^"|[":\s]+$/g, "").trim();
}
