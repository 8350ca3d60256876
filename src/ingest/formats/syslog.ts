import type { FeedFormat } from "../feed-format.ts";
import { type Json, Rejection } from "../json/json-values.ts";
import { addressOf, Fields, portOf, textSevenFields, textTable } from "../records/fields.ts";
import { eachLeaf, jsonObject } from "../records/json-line.ts";
import { LineRecords } from "../records/line-records.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { Envelope } from "../syslog/envelope.ts";
import { addHeader } from "../syslog/header-fields.ts";
import { type Payload, payloadOf, payloads } from "../syslog/payloads.ts";
import { DeviceClock } from "../times/device-clock.ts";
import { TimeReader } from "../times/time-reader.ts";

const brace = 123;
const table = textTable("syslog");

/**
 * Syslog of any sender, RFC 3164 or RFC 5424, told apart line by line. A message of a format that soclab reads goes to the table of that
 * format, with the header's columns; what stays in the table `syslog` is text and JSON.
 */
export const syslog: FeedFormat = {
  name: "syslog",
  summary: "syslog, RFC 3164 or RFC 5424; messages in CEF, LEEF, Cisco ASA … go to those tables",
  open(options) {
    const time = new TimeReader(new DeviceClock(options));
    const envelope = new Envelope(time);
    const plain = new Fields(table, time);
    const fieldsOf = new Map([[table.name, plain], ...payloads.map(({ table }) => [table.name, new Fields(table, time)] as const)]);
    /** Of the line that was read last: a record is asked for its table right after it was read. */
    let tableName = table.name;

    /** The record of a payload, a reason why it is none, or undefined where the text does not begin as one. */
    const readPayload = ({ table, read }: Payload, text: string, hasHeader: boolean): FieldRecord | Rejection | undefined => {
      const fields = fieldsOf.get(table.name)!;
      fields.begin();
      if (hasHeader) addHeader(envelope, fields);
      try {
        if (!read(text, { time, envelope, fields })) return undefined;
      } catch (error) {
        if (error instanceof Rejection) return error;
        throw error;
      }
      tableName = table.name;
      return fields.finish();
    };

    return new LineRecords({
      parse(line) {
        const hasHeader = envelope.read(line);
        tableName = table.name;
        let payload: Payload | undefined;
        let failure: Rejection | undefined;
        for (const start of envelope.contentStart === envelope.messageStart
          ? [envelope.contentStart]
          : [envelope.contentStart, envelope.messageStart]) {
          payload = payloadOf(line, start, envelope);
          const record = payload && readPayload(payload, line.slice(start), hasHeader);
          if (record instanceof Rejection) failure = record;
          else if (record) return record;
        }
        if (!hasHeader) throw failure ?? new Rejection("BAD_LINE", "the line has neither a priority such as <14> nor a time");
        plain.begin();
        addHeader(envelope, plain);
        const message = line.slice(envelope.messageStart);
        plain.string("message", message);
        if (failure && payload) {
          plain.string("payload", payload.table.name);
          plain.string("payload_error", failure.message);
        } else if (message.charCodeAt(0) === brace) addJson(message, plain);
        return plain.finish();
      },
      isOctetCounted: true,
      tableOf: () => tableName,
      layoutOf: (name) => fieldsOf.get(name)!.layout,
      sevenFields: textSevenFields,
      protocolOf: () => null,
    });
  },
};

/** Names under which JSON logs have the ends of a connection, in lower case. */
const jsonNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    ip_src_addr: "ip_src_addr src_ip srcip src_addr source_ip source.ip src client_ip",
    ip_src_port: "ip_src_port src_port srcport source_port source.port spt sport",
    ip_dst_addr: "ip_dst_addr dst_ip dstip dest_ip dst_addr destination_ip destination.ip dst",
    ip_dst_port: "ip_dst_port dst_port dstport dest_port destination_port destination.port dpt dport",
    protocol: "proto protocol transport network.transport",
  }).flatMap(([field, names]) => names.split(" ").map((name) => [name, field])),
);

/** The leaves of a JSON message; a text that only looks like JSON stays a text. */
function addJson(message: string, fields: Fields): void {
  let object: { [name: string]: Json };
  try {
    object = jsonObject(message);
  } catch (error) {
    if (error instanceof Rejection) return;
    throw error;
  }
  fields.string("payload", "json");
  eachLeaf(object, (name, value) => {
    fields.extra(name, value);
    const lower = name.toLowerCase();
    const field = Object.hasOwn(jsonNames, lower) ? jsonNames[lower]! : undefined;
    if (field === undefined || fields.has(field)) return;
    if (field === "protocol") fields.protocol(value);
    else if (field.endsWith("_addr")) fields.string(field, addressOf(value) ?? "");
    else {
      const port = /^\d{1,5}$/.test(value) && Number(value) <= 65535 ? portOf(field, value) : undefined;
      if (port !== undefined) fields.number(field, port);
    }
  });
}
