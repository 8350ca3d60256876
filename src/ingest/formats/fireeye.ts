import { type Json, Rejection } from "../json/json-values.ts";
import { csvCells } from "../records/csv-cells.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { eachLeaf, jsonObject } from "../records/json-line.ts";
import { readPairs } from "../records/key-values.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";
import { cefAddresses, readCef, unescapedValue } from "./cef.ts";
import { readLeef } from "./leef.ts";

/** `fenotify-851983.alert: `, `fenotify-3483808.2.alert: `, the number of the notification and its part. */
const tag = /fenotify-(\d{1,20})(?:\.(\d{1,4}))?\.(?:alert|warning|crit|info|\w{1,16}):? ?/;
/** A relay may put its own words in front of the priority. */
const relayed = /<\d{1,3}>(?=[A-Z][a-z]{2} {1,2}\d|\d{4}-|1 )/;

export const fireeyeTable = textTable("fireeye", { addresses: cefAddresses.addresses, ports: [...cefAddresses.ports, "cncPort"] });

/** FireEye notifications in syslog lines (CEF, LEEF, CSV, JSON, text) and their JSON bare. */
export const fireeye = textFeed({
  table: fireeyeTable,
  summary: "FireEye notifications: CEF, LEEF, CSV or JSON in syslog lines, or JSON bare",
  read(line, reading) {
    const { envelope, fields } = reading;
    if (line.charCodeAt(0) === 123) {
      addJson(jsonObject(line), reading);
      return;
    }
    const priority = relayed.exec(line.length > 512 ? line.slice(0, 512) : line);
    const text = priority && priority.index > 0 ? line.slice(priority.index) : line;
    const match = tag.exec(text.length > 1024 ? text.slice(0, 1024) : text);
    const at = match ? match.index + match[0].length : text.search(/(?:CEF|LEEF): ?\d/);
    if (envelope.read(match ? text.slice(0, match.index) : at > 0 ? text.slice(0, at) : text)) addHeader(envelope, fields);
    else if (!match && at < 0)
      throw new Rejection("BAD_LINE", "the line is no FireEye notification: no fenotify-…alert, CEF, LEEF or JSON");
    readNotification(text.slice(match || at >= 0 ? at : envelope.messageStart), match, reading);
  },
});

/** Reads a notification that begins the text; false where it does not. @throws Rejection */
export function readFireeye(text: string, reading: Reading): boolean {
  const match = tag.exec(text.length > 128 ? text.slice(0, 128) : text);
  if (match?.index !== 0) return false;
  readNotification(text.slice(match[0].length), match, reading);
  return true;
}

function readNotification(text: string, match: RegExpExecArray | null, reading: Reading): void {
  const { fields } = reading;
  if (match) {
    fields.string("syslog_app_name", match[0].replace(/:? ?$/, ""));
    fields.string("alert_id", match[1]!);
    fields.text("alert_part", match[2] ?? "");
  }
  if (readCef(text, reading)) {
    fields.string("notification_format", "cef");
    addNamed(fields);
  } else if (readLeef(text, reading)) {
    fields.string("notification_format", "leef");
    addLeefEnds(fields);
  } else if (text.charCodeAt(0) === 123) addJson(jsonObject(text), reading);
  else if (text.charCodeAt(0) === 60) addText("xml", text, fields);
  else {
    const cells = text.length < 65_536 && !text.includes("::~~") ? csvCells(text) : [];
    addText(cells.length >= 8 ? "csv" : "text", text, fields);
    // A further part of a notification ends with what is left of its fields.
    const rest = text.lastIndexOf("::~~ ");
    if (rest >= 0) readPairs(text, rest + 5, fields, unescapedValue);
    fields.protocol(String(fields.get("proto") ?? ""));
    addNamed(fields);
  }
}

function addText(format: string, text: string, fields: Fields): void {
  fields.string("notification_format", format);
  fields.string("message", text);
}

/** What FireEye calls its custom fields. */
const meanings: Readonly<Record<string, string>> = { sname: "malware", cncHost: "cncHost", cncPort: "cncPort", link: "alert_url" };
const custom = ["cs1", "cs2", "cs3", "cs4", "cs5", "cs6", "cn1", "cn2", "cn3"];

function addNamed(fields: Fields): void {
  for (const name of custom) {
    const label = fields.get(`${name}Label`);
    const column = typeof label === "string" && Object.hasOwn(meanings, label) ? meanings[label]! : undefined;
    const value = fields.get(name);
    if (column !== undefined && value !== undefined) fields.text(column, String(value));
  }
}

/** LEEF's names for what CEF's columns hold. */
const leefNames = [
  ["srcPort", "ip_src_port"],
  ["dstPort", "ip_dst_port"],
  ["sname", "malware"],
  ["link", "alert_url"],
  ["srcMAC", "smac"],
  ["dstMAC", "dmac"],
] as const;

function addLeefEnds(fields: Fields): void {
  for (const [name, column] of leefNames) {
    const value = fields.extraOf(name);
    if (value !== undefined) fields.text(column, value);
  }
  const time = fields.extraOf("devTime");
  if (time !== undefined) fields.text("rt", time);
  const received = fields.get("rt");
  if (typeof received === "number") fields.number("timestamp", received);
}

/** Leaves of FireEye's JSON, by the ends of their names, and their columns. */
const jsonLeaves: readonly (readonly [string, string])[] = [
  ["src.ip", "src"],
  ["src.port", "spt"],
  ["src.mac", "smac"],
  ["src.host", "shost"],
  ["dst.ip", "dst"],
  ["dst.port", "dpt"],
  ["dst.mac", "dmac"],
  ["dst.host", "dhost"],
  ["alert.name", "name"],
  ["alert.severity", "severity"],
  ["alert.action", "act"],
  ["alert.id", "alert_id"],
  ["alert-url", "alert_url"],
  ["explanation.protocol", "proto"],
  ["appliance", "dvchost"],
  ["product", "device_product"],
  ["version", "device_version"],
];
const jsonTimes = ["occurred", "attack-time", "attack_time"];

function addJson(document: { [name: string]: Json }, { fields, time }: Reading): void {
  fields.string("notification_format", "json");
  const alert = Array.isArray(document.alert) ? document.alert[0] : document.alert;
  const root = typeof alert === "object" && alert !== null && !Array.isArray(alert) ? { ...document, alert } : document;
  let micros = Number.NaN;
  eachLeaf(root, (name, value) => {
    const column = jsonLeaves.find(([ending]) => name === ending || name.endsWith(`.${ending}`))?.[1];
    if (jsonTimes.some((ending) => name === ending || name.endsWith(`.${ending}`)) && Number.isNaN(micros)) micros = time.parse(value);
    if (column !== undefined) fields.text(column, value);
    else fields.extra(name, value);
    if (name.endsWith("malware.name") || name.endsWith("malware-detected.malware.name")) fields.text("malware", value);
  });
  fields.time("timestamp", micros);
  fields.protocol(String(fields.get("proto") ?? ""));
}
