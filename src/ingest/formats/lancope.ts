import { type Json, Rejection } from "../json/json-values.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { addHostPort } from "../records/host-port.ts";
import { jsonObject } from "../records/json-line.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";

/** `2014-07-17T15:58:30Z source target severity alarm and details`. */
const alarm = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) (\S{1,64}) (\S{1,64}) (\w{1,16}) /;
const pair = /(\w{1,64})="([^"]{0,4096})"/g;
/** How StealthWatch's key-value messages name the ends, in lower case. */
const sourceNames = new Set(["source_ip", "source_host_ip", "sourceip", "src_ip"]);
const targetNames = new Set(["target_ip", "target_host_ip", "targetip", "dst_ip", "destination_ip"]);
const timeNames = new Set(["start_active_time", "alarm_time", "time", "timestamp"]);

export const lancopeTable = textTable("lancope");

/** Lancope StealthWatch alarms: syslog lines, or JSON of a log shipper whose `message` is such a line. */
export const lancope = textFeed({
  table: lancopeTable,
  summary: "Lancope (Cisco) StealthWatch alarms, in syslog lines or in a log shipper's JSON",
  read(line, reading) {
    const { envelope, fields } = reading;
    let text = line;
    const shipped = line.charCodeAt(0) === 123 ? jsonObject(line) : undefined;
    if (shipped) {
      if (typeof shipped.message !== "string") throw new Rejection("BAD_LINE", 'the JSON has no text "message"');
      text = shipped.message;
      addShipper(shipped, fields);
    }
    if (!envelope.read(text)) throw new Rejection("BAD_LINE", "the line has neither a priority such as <131> nor a time");
    addHeader(envelope, fields);
    if (!readLancope(text.slice(envelope.messageStart), reading))
      throw new Rejection("BAD_LINE", "the message is no StealthWatch alarm: time, source, target, severity, alarm");
  },
});

/** Reads an alarm that begins the text; false where it does not. @throws Rejection */
export function readLancope(text: string, { fields, time }: Reading): boolean {
  const match = alarm.exec(text.length > 256 ? text.slice(0, 256) : text);
  if (!match) return readPairs(text, fields, time.parse.bind(time));
  const micros = time.parse(match[1]!);
  if (Number.isNaN(micros)) throw new Rejection("BAD_TIMESTAMP", `the alarm's time is "${match[1]}", expected a date`);
  fields.time("timestamp", micros);
  addHostPort(match[2]!, false, "ip_src_addr", "ip_src_port", fields);
  addHostPort(match[3]!, false, "ip_dst_addr", "ip_dst_port", fields);
  fields.string("severity", match[4]!);
  fields.string("message", text.slice(match[0].length));
  return true;
}

function readPairs(text: string, fields: Fields, micros: (text: string) => number): boolean {
  let isAlarm = false;
  for (const [, name, value] of text.matchAll(pair)) {
    const lower = name!.toLowerCase();
    if (sourceNames.has(lower)) addHostPort(value!, false, "ip_src_addr", "ip_src_port", fields);
    else if (targetNames.has(lower)) addHostPort(value!, false, "ip_dst_addr", "ip_dst_port", fields);
    else if (timeNames.has(lower) && !Number.isNaN(micros(value!))) fields.time("timestamp", micros(value!));
    else if (lower === "protocol") fields.protocol(value!);
    else if (lower === "alarm_severity_name" || lower === "severity") fields.string("severity", value!);
    else {
      fields.extra(name!, value!);
      continue;
    }
    isAlarm = true;
  }
  if (isAlarm) fields.string("message", text);
  return isAlarm;
}

function addShipper(shipped: { readonly [name: string]: Json }, fields: Fields): void {
  for (const [name, value] of Object.entries(shipped)) {
    if (name === "message" || value === null) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (name === "@timestamp") fields.text("received", text);
    else if (name === "type" || name === "host") fields.text(name, text);
    else fields.extra(name, text);
  }
}
