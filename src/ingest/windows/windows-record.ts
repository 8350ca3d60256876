import { columnsOf, standardColumns } from "../../event/index.ts";
import { columnName } from "../delimited/column-names.ts";
import { protocolName } from "../guess/protocol-names.ts";
import { addressIn, portIn, usualColumns, usualFields } from "../guess/usual-names.ts";
import { type Json, Rejection, shown } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { eventParts } from "./event-parts.ts";
import { eventMicros } from "./event-time.ts";

const own = Object.keys(columnsOf("windows")).filter((name) => !Object.hasOwn(standardColumns, name));
const declared = new Map(own.map((name) => [name.toLowerCase(), name]));
/** Events whose user is the one that logs on, not the one that asks for it. */
const logons = new Set([4624, 4625, 4634, 4647, 4768, 4769, 4770, 4771, 4776, 4778, 4779, 4800, 4801]);
const systemColumns: readonly (readonly [from: string, to: string, kind: "text" | "whole"])[] = [
  ["eventid", "EventID", "whole"],
  ["channel", "Channel", "text"],
  ["computer", "Computer", "text"],
  ["providername", "Provider", "text"],
  ["providerguid", "ProviderGuid", "text"],
  ["eventrecordid", "EventRecordID", "whole"],
  ["version", "Version", "whole"],
  ["level", "Level", "text"],
  ["task", "Task", "text"],
  ["opcode", "Opcode", "text"],
  ["keywords", "Keywords", "text"],
  ["correlationactivityid", "ActivityID", "text"],
  ["correlationrelatedactivityid", "RelatedActivityID", "text"],
  ["executionprocessid", "ExecutionProcessID", "whole"],
  ["executionthreadid", "ExecutionThreadID", "whole"],
  ["securityuserid", "SecurityUserID", "text"],
  ["message", "Message", "text"],
];
const sources = [
  "SourceIp",
  "SourceAddress",
  "IpAddress",
  "ClientAddress",
  "ClientIP",
  "SourceNetworkAddress",
  "Client Network Address:",
  "Address",
  "Source Network Address",
];
const sourcePorts = ["SourcePort", "IpPort", "ClientPort"];
const destinations = ["DestinationIp", "DestAddress", "DestinationAddress"];
const destinationPorts = ["DestinationPort", "DestPort"];
const ecs = usualColumns(["source.ip", "destination.ip", "source.port", "destination.port", "network.transport"]);

/** A Windows event as one flat record. @throws Rejection */
export function windowsRecord(document: FieldRecord): FieldRecord {
  const parts = eventParts(document);
  const id = parts ? whole(parts.system.get("eventid")) : undefined;
  if (!parts || id === undefined) throw new Rejection("BAD_TYPE", "no EventID: neither a Windows event nor one of Sysmon");
  const data = new Map<string, Json>();
  for (const [name, value] of parts.data) if (!data.has(name)) data.set(name, value);
  const value = (name: string) => data.get(name);
  const record: FieldRecord = {};
  addStandard(record, document, (name) => (name === "timecreated" ? parts.system.get(name) : (value(name) ?? document[name])));
  for (const [from, to, kind] of systemColumns) {
    const found = parts.system.get(from);
    if (found === undefined || found === null) continue;
    const converted = kind === "text" ? text(found) : whole(found);
    if (converted !== undefined) record[to] = converted;
    else record[`${to}_text`] = found;
  }
  addActors(record, id, value);
  for (const [name, content] of data) {
    if (content === null) continue;
    const known = declared.get(name.toLowerCase()) ?? declared.get(`windows_${name.toLowerCase()}`);
    const column = known ?? columnName(name, "windows");
    if (column !== "" && !Object.hasOwn(record, column)) record[column] = content;
    else record[`data_${name}`] = content;
  }
  for (const [name, content] of Object.entries(parts.rest)) {
    if (content === null) continue;
    const isTaken = Object.hasOwn(record, name) || declared.has(name.toLowerCase());
    Object.defineProperty(record, isTaken ? `rest_${name}` : name, {
      value: content,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return record;
}

function addStandard(record: FieldRecord, document: FieldRecord, value: (name: string) => Json | undefined): void {
  const micros = eventMicros(value);
  if (micros === null) {
    const seen = value("timecreated") ?? value("UtcTime") ?? value("@timestamp") ?? value("EventTime");
    throw new Rejection("BAD_TIMESTAMP", seen === undefined ? "the event has no time" : `the time of the event is ${shown(seen)}`);
  }
  record.timestamp = micros / 1e6;
  const source = first(sources, value, plainAddress);
  const destination = first(destinations, value, plainAddress);
  const sourcePort = source === null ? null : first(sourcePorts, value, portIn);
  const destinationPort = destination === null ? null : first(destinationPorts, value, portIn);
  const protocol = value("Protocol");
  if (source !== null) record.ip_src_addr = source;
  if (destination !== null) record.ip_dst_addr = destination;
  if (sourcePort !== null && !(sourcePort === 0 && destination === null)) record.ip_src_port = sourcePort;
  if (destinationPort !== null) record.ip_dst_port = destinationPort;
  const named = typeof protocol === "string" || typeof protocol === "number" ? protocolName(protocol) : null;
  if (named !== null && /^[a-z0-9-]{1,20}$/.test(named) && (source !== null || destination !== null)) record.protocol = named;
  if (source === null && destination === null && document.winlog !== undefined) Object.assign(record, ecsFields(document));
}

function ecsFields(document: FieldRecord): FieldRecord {
  return usualFields(ecs, (path) => {
    const [top, leaf] = path.split(".") as [string, string];
    const node = Object.hasOwn(document, top) ? document[top] : undefined;
    return typeof node === "object" && node !== null && !Array.isArray(node) ? node[leaf] : undefined;
  });
}

/** The address itself: Windows writes an IPv4 client of a dual-stack socket as `::ffff:10.0.0.1`, and "-", "LOCAL" for none. */
function plainAddress(value: Json | undefined): string | null {
  const address = addressIn(value);
  return address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? null;
}

function first<T>(
  names: readonly string[],
  value: (name: string) => Json | undefined,
  convert: (value: Json | undefined) => T | null,
): T | null {
  for (const name of names) {
    const found = convert(value(name));
    if (found !== null) return found;
  }
  return null;
}

function addActors(record: FieldRecord, id: number, value: (name: string) => Json | undefined): void {
  const said = (...names: string[]) =>
    names.map(value).find((found): found is string => typeof found === "string" && found !== "" && found !== "-");
  const set = (column: string, found: Json | undefined) => {
    if (found !== undefined) record[column] = found;
  };
  const account = said("User", "SourceUser", "UserContext");
  const [domain, name] = account?.includes("\\") ? (account.split("\\", 2) as [string, string]) : [undefined, account];
  const subject = logons.has(id) ? "Target" : "Subject";
  const other = logons.has(id) ? "Subject" : "Target";
  set("user_name", name ?? said(`${subject}UserName`, "AccountName", `${other}UserName`));
  set("user_domain", name ? domain : said(`${subject}DomainName`, "Domain", "AccountDomain", `${other}DomainName`));
  set("process_path", said("Image", "NewProcessName", "ProcessName", "SourceImage", "Application"));
  set("process_id", whole(value("NewProcessId") ?? value("ProcessId") ?? value("SourceProcessId")));
  set("process_command_line", said("CommandLine"));
  set("parent_process_path", said("ParentImage", "ParentProcessName"));
  set("parent_process_id", whole(value("ParentProcessId") ?? (value("NewProcessId") !== undefined ? value("ProcessId") : undefined)));
  const hashes = said("Hashes", "Hash");
  for (const [, kind, digest] of hashes?.matchAll(/\b(MD5|SHA1|SHA256|IMPHASH)=([0-9A-Fa-f]{32,64})\b/gi) ?? [])
    record[`hash_${kind!.toLowerCase()}`] = digest!.toLowerCase();
}

function text(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A whole number in decimal or, as the Security log writes process ids, in hexadecimal. */
function whole(value: Json | undefined): number | undefined {
  const number = typeof value === "string" && /^(?:\d{1,15}|0x[0-9a-f]{1,12})$/i.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
