import type { Json } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";

/** A Windows event taken apart, whichever way it was written down. */
export interface EventParts {
  /** System fields under the names of the XML, in lower case: eventid, channel, computer, providername … */
  readonly system: ReadonlyMap<string, Json>;
  /** Event data and user data under their own names. */
  readonly data: readonly (readonly [name: string, value: Json])[];
  /** All else: what a shipper adds, the envelope. */
  readonly rest: FieldRecord;
}

const maxData = 512;

/** Parts of an event that is nested as the XML is, flat, or Winlogbeat's; null where it is none of them. */
export function eventParts(record: FieldRecord): EventParts | null {
  const inner = objectAt(record, "Event") ? record : (objectAt(record, "event") ?? objectAt(record, "_source") ?? record);
  const event = objectAt(inner, "Event") ?? (objectAt(inner, "System") ? inner : undefined);
  if (event)
    return nestedParts(event, without(record, inner === record ? ["Event", "System", "EventData", "UserData"] : ["event", "_source"]));
  const winlog = objectAt(record, "winlog");
  if (winlog) return beatParts(record, winlog);
  if (
    record.event_data !== undefined ||
    (record.event_id !== undefined && (record.log_name !== undefined || record.source_name !== undefined))
  )
    return beatParts(record, record);
  return flatParts(record);
}

function nestedParts(event: FieldRecord, rest: FieldRecord): EventParts {
  const system = new Map<string, Json>();
  for (const [name, value] of Object.entries(objectAt(event, "System") ?? {})) {
    const key = name.toLowerCase();
    const attributes = attributesOf(value);
    for (const [attribute, text] of Object.entries(attributes)) {
      const joined = `${key}${attribute.toLowerCase()}`;
      system.set(joined === "timecreatedsystemtime" ? "timecreated" : joined, text);
    }
    const text = textOf(value);
    if (text !== null && (typeof text !== "object" || Array.isArray(text))) system.set(key, text);
  }
  const data: [string, Json][] = [];
  addData(event.EventData ?? null, data);
  for (const section of Object.entries(event)) {
    const [name, value] = section;
    if (["System", "EventData", "RenderingInfo"].includes(name) || isAttributes(name)) continue;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [inner, content] of Object.entries(value)) {
        if (isAttributes(inner)) continue;
        if (typeof content === "object" && content !== null && !Array.isArray(content)) addData(content, data);
        else data.push([inner, content]);
      }
    }
  }
  const message = objectAt(event, "RenderingInfo")?.Message;
  if (message !== undefined) system.set("message", message);
  return { system, data, rest };
}

/** `{"Name": value}`, or `{"Data": [{"@Name": "Name", "#text": value}]}`, or a list of values without names. */
function addData(eventData: Json, out: [string, Json][]): void {
  if (typeof eventData !== "object" || eventData === null) return;
  const entries: [string, Json][] = Array.isArray(eventData) ? [["Data", eventData]] : Object.entries(eventData);
  const unnamed: Json[] = [];
  for (const [name, value] of entries) {
    if (isAttributes(name) || out.length >= maxData) continue;
    if (name !== "Data") {
      out.push([name, textOf(value)]);
      continue;
    }
    const inner = Array.isArray(value) ? value : [value];
    for (const item of inner) {
      const title = attributesOf(item).Name ?? (isObject(item) ? (item.Name ?? item.name) : undefined);
      const text = textOf(item);
      if (typeof title === "string") out.push([title, isObject(text) ? null : text]);
      else if (Array.isArray(text)) unnamed.push(...text);
      else unnamed.push(text);
    }
  }
  const values = unnamed.filter((value) => value !== null);
  if (values.length > 0) out.push(["Data", values]);
}

/** @see https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html; before version 7 the same without `winlog` */
function beatParts(record: FieldRecord, winlog: FieldRecord): EventParts {
  const system = new Map<string, Json>();
  const take = (name: string, ...values: (Json | undefined)[]) => {
    const value = values.find(
      (candidate) => candidate !== undefined && candidate !== null && (typeof candidate !== "object" || Array.isArray(candidate)),
    );
    if (value !== undefined) system.set(name, value);
  };
  const process = objectAt(winlog, "process") ?? {};
  const user = objectAt(winlog, "user") ?? {};
  take("eventid", winlog.event_id, objectAt(record, "event")?.code);
  take("channel", winlog.channel, winlog.log_name);
  take("computer", winlog.computer_name, objectAt(record, "host")?.name);
  take("providername", winlog.provider_name, winlog.source_name, objectAt(record, "event")?.provider);
  take("providerguid", winlog.provider_guid);
  take("eventrecordid", winlog.record_id, winlog.record_number);
  take("version", winlog.version);
  take("level", objectAt(record, "log")?.level, winlog.level);
  take("task", winlog.task);
  take("opcode", winlog.opcode);
  take("keywords", Array.isArray(winlog.keywords) ? winlog.keywords.join(",") : winlog.keywords);
  take("correlationactivityid", winlog.activity_id);
  take("executionprocessid", process.pid, winlog.process_id);
  take("executionthreadid", objectAt(process, "thread")?.id, winlog.thread_id);
  take("securityuserid", user.identifier);
  take("timecreated", winlog.time_created, record["@timestamp"]);
  take("message", record.message);
  const data: [string, Json][] = [];
  for (const section of ["event_data", "user_data"]) addData(winlog[section] ?? null, data);
  return { system, data, rest: without(record, ["winlog", "message", "event_data", "user_data"]) };
}

const flatSystem: Readonly<Record<string, string>> = {
  eventid: "eventid",
  channel: "channel",
  computer: "computer",
  computername: "computer",
  hostname: "computer",
  sourcename: "providername",
  provider: "providername",
  providername: "providername",
  provider_name: "providername",
  providerguid: "providerguid",
  recordnumber: "eventrecordid",
  recordid: "eventrecordid",
  eventrecordid: "eventrecordid",
  version: "version",
  level: "level",
  task: "task",
  opcode: "opcode",
  keywords: "keywords",
  activityid: "correlationactivityid",
  executionprocessid: "executionprocessid",
  threadid: "executionthreadid",
  executionthreadid: "executionthreadid",
  userid: "securityuserid",
  timecreated: "timecreated",
  systemtime: "timecreated",
  message: "message",
};

/** What PowerShell's event objects have under other names. */
const powerShellSystem: Readonly<Record<string, string>> = {
  id: "eventid",
  logname: "channel",
  machinename: "computer",
  processid: "executionprocessid",
  providerid: "providerguid",
};

/** One level: NXLog, the Security-Datasets of OTRF, `Get-WinEvent | ConvertTo-Json`. */
function flatParts(record: FieldRecord): EventParts | null {
  const isPowerShell = ["Id", "LogName", "ProviderName"].every((name) => Object.hasOwn(record, name));
  const system = new Map<string, Json>();
  const data: [string, Json][] = [];
  for (const key in record) {
    const value = record[key]!;
    const lower = key.toLowerCase();
    const names = isPowerShell && Object.hasOwn(powerShellSystem, lower) ? powerShellSystem : flatSystem;
    const name = Object.hasOwn(names, lower) ? names[lower] : undefined;
    if (name !== undefined && !system.has(name) && value !== null) system.set(name, textOf(value));
    else if (key !== "@timestamp" && data.length < maxData) data.push([key, value]);
  }
  return system.has("eventid") ? { system, data, rest: {} } : null;
}

function objectAt(node: FieldRecord, key: string): FieldRecord | undefined {
  const value = Object.hasOwn(node, key) ? node[key] : undefined;
  return isObject(value) ? value : undefined;
}

function isObject(value: Json | undefined): value is FieldRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAttributes(name: string): boolean {
  return /^(?:[#@_$]?attributes|\$|@xmlns|xmlns.*)$/i.test(name);
}

/** XML attributes, in the ways that converters write them. */
function attributesOf(value: Json): FieldRecord {
  if (!isObject(value)) return {};
  const out: FieldRecord = {};
  for (const [name, content] of Object.entries(value)) {
    if (isObject(content) && isAttributes(name)) Object.assign(out, content);
    else if (/^[@_-][A-Za-z]/.test(name) && !isObject(content)) out[name.slice(1)] = content;
    else if (
      ["Name", "Guid", "SystemTime", "ProcessID", "ThreadID", "UserID", "ActivityID", "RelatedActivityID", "EventSourceName"].includes(name)
    )
      out[name] = content;
  }
  return out;
}

/** The text of an element that has attributes; all else as it is. */
function textOf(value: Json): Json {
  if (!isObject(value)) return value;
  for (const name of ["#text", "text", "_text", "_", "Value", "value", "$text"]) if (Object.hasOwn(value, name)) return value[name]!;
  return value;
}

function without(record: FieldRecord, keys: readonly string[]): FieldRecord {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
