import { isIP } from "node:net";
import type { Json } from "../json/json-values.ts";
import { Rejection, shown } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { protocolName } from "./protocol-names.ts";
import { readableMicros } from "./readable-time.ts";

/** Names that products give the standard fields, best first; letters and digits only. */
const usual = {
  ip_src_addr: [
    "ipsrcaddr",
    "srcip",
    "sourceip",
    "srcaddr",
    "sourceaddress",
    "saddr",
    "ipsrc",
    "sip",
    "src",
    "source",
    "idorigh",
    "origh",
    "clientip",
    "cip",
    "clientaddress",
    "clientaddr",
    "remoteaddr",
    "remoteip",
    "ipaddress",
    "ip",
  ],
  ip_dst_addr: [
    "ipdstaddr",
    "dstip",
    "destip",
    "destinationip",
    "dstaddr",
    "destaddr",
    "destinationaddress",
    "daddr",
    "ipdst",
    "dip",
    "dst",
    "dest",
    "destination",
    "idresph",
    "resph",
    "serverip",
    "serveraddress",
    "serveraddr",
  ],
  ip_src_port: ["ipsrcport", "srcport", "sourceport", "sport", "spt", "sp", "idorigp", "origp", "clientport", "cport", "l4srcport"],
  ip_dst_port: ["ipdstport", "dstport", "destport", "destinationport", "dport", "dpt", "dp", "idrespp", "respp", "serverport", "l4dstport"],
  protocol: ["protocol", "proto", "ipproto", "ipprotocol", "networktransport", "transport", "transportprotocol", "prot"],
} as const;
const certainTimes = ["timestamp", "ts", "eventtime", "datetime", "timecreated", "starttime"];
const possibleTimes = [
  "time",
  "date",
  "createdat",
  "created",
  "firstseen",
  "first",
  "start",
  "flowstart",
  "generatedat",
  "logtime",
  "devicetime",
  "receivedtime",
  "unixtime",
  "epoch",
];

type Standard = keyof typeof usual;

/** Which columns may stand for the standard fields, by their names. */
export interface UsualColumns extends Readonly<Record<Standard, readonly string[]>> {
  readonly certainTimes: readonly string[];
  readonly possibleTimes: readonly string[];
}

/** Names that say enough without what they are nested in: `data.srcip`, `http.id.orig_h`. */
const telling = new Set<string>([
  ...Object.values(usual).flatMap((names) =>
    names.filter((name) => !/^(?:s|d|c)?(?:ip|p)$|^(?:src|dst|source|dest|destination|protocol|transport|prot)$/.test(name)),
  ),
  "timestamp",
  "eventtime",
  "ts",
]);

/** @param names - column names, nested ones joined with underscores or dots */
export function usualColumns(names: readonly string[]): UsualColumns {
  const byPlain = new Map<string, string>();
  for (const name of names) {
    const plain = plainOf(name);
    if (!byPlain.has(plain)) byPlain.set(plain, name);
  }
  for (const name of names) {
    const parts = name.split(".");
    for (const kept of [2, 1]) {
      const tail = plainOf(parts.slice(-kept).join("."));
      if (parts.length > kept && telling.has(tail) && !byPlain.has(tail)) byPlain.set(tail, name);
    }
  }
  const found = (list: readonly string[]) => [...new Set(list.map((plain) => byPlain.get(plain)).filter((name) => name !== undefined))];
  return {
    ip_src_addr: found(usual.ip_src_addr),
    ip_dst_addr: found(usual.ip_dst_addr),
    ip_src_port: found(usual.ip_src_port),
    ip_dst_port: found(usual.ip_dst_port),
    protocol: found(usual.protocol),
    certainTimes: found(certainTimes),
    possibleTimes: found(possibleTimes),
  };
}

/**
 * The standard fields that a record's values give, where they are what the name promises; a name with another kind of value is passed over.
 * @throws Rejection where a column that can only be the event's time cannot be read
 */
export function usualFields(columns: UsualColumns, value: (column: string) => Json | undefined): FieldRecord {
  const out: FieldRecord = {};
  for (const field of ["ip_src_addr", "ip_dst_addr"] as const) {
    for (const name of columns[field]) {
      const found = value(name);
      const withPort = typeof found === "string" ? /^\[?([0-9A-Fa-f.:]+)\]?:(\d{1,5})$/.exec(found) : null;
      const address = addressIn(found) ?? addressIn(withPort?.[1]);
      if (address === null) continue;
      out[field] = address;
      const port = address === found ? null : portIn(withPort?.[2]);
      if (port !== null) out[field === "ip_src_addr" ? "ip_src_port" : "ip_dst_port"] = port;
      break;
    }
  }
  for (const field of ["ip_src_port", "ip_dst_port"] as const) {
    if (out[field] !== undefined) continue;
    for (const name of columns[field]) {
      const port = portIn(value(name));
      if (port === null) continue;
      out[field] = port;
      break;
    }
  }
  for (const name of columns.protocol) {
    const protocol = value(name);
    if (typeof protocol !== "string" && typeof protocol !== "number") continue;
    const known = protocolName(protocol);
    if (known === null || known.length > 40) continue;
    out.protocol = known;
    break;
  }
  const micros = timeIn(columns, value);
  if (micros !== null) out.timestamp = micros / 1e6;
  return out;
}

function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function timeIn(columns: UsualColumns, value: (column: string) => Json | undefined): number | null {
  let unreadable: string | undefined;
  for (const name of [...columns.certainTimes, ...columns.possibleTimes]) {
    const found = value(name);
    if (found === undefined || found === null || found === "" || found === "-") continue;
    const micros = microsIn(found);
    if (Number.isSafeInteger(micros)) return micros;
    if (columns.certainTimes.includes(name) && !name.includes("."))
      unreadable ??= `${name} is ${shown(found)}, expected a time such as 2026-11-25T10:00:00Z`;
  }
  if (unreadable !== undefined) throw new Rejection("BAD_TIMESTAMP", unreadable);
  return null;
}

function microsIn(value: Json): number {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? readableMicros(plainDecimal(value)) : Number.NaN;
  return typeof value === "string" ? readableMicros(value) : Number.NaN;
}

function plainDecimal(value: number): string {
  return value < 1e21 ? String(Number.isInteger(value) ? BigInt(value) : value) : "";
}

export function addressIn(value: Json | undefined): string | null {
  if (typeof value !== "string") return null;
  const text = value.trim().replace(/^\[(.*)\]$/, "$1");
  return isIP(text) === 0 ? null : text;
}

export function portIn(value: Json | undefined): number | null {
  const port = typeof value === "string" && /^ *\d{1,5} *$/.test(value) ? Number(value) : value;
  return typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65535 ? port : null;
}
