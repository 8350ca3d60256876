import { Rejection, shown } from "../json/json-values.ts";
import { csvCells } from "../records/csv-cells.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";
import { readAlert } from "../syslog/snort-alert.ts";
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
      if (!readAlert(line, fields))
        throw new Rejection("BAD_LINE", "the line is neither CSV that begins with a time nor an alert with [gid:sid:rev]");
    }
  },
});

/** Reads an alert in a text; false where there is none. @throws Rejection */
export function readSnort(text: string, { fields }: Reading): boolean {
  return readAlert(text, fields);
}

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
