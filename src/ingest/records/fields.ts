import { isIP } from "node:net";
import { type Columns, feedColumns, type KnownFeed, standardColumns } from "../../event/index.ts";
import { protocolName } from "../guess/protocol-names.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import { type Json, Rejection, shown } from "../json/json-values.ts";
import type { SevenFieldSources } from "../seven-fields.ts";
import type { TimeReader } from "../times/time-reader.ts";
import type { FieldRecord } from "./record-feed.ts";

type Kind = "string" | "integer" | "bigint" | "double" | "boolean" | "timestamp" | "address" | "port" | "string[]";

/** What a text feed says about its table. */
export interface TextTable {
  /** The table's name: that of its feed. */
  readonly name: string;
  /** The feed's own columns. */
  readonly columns: Columns;
  /** Own columns that hold addresses or ports and nothing else. */
  readonly addresses?: readonly string[];
  readonly ports?: readonly string[];
}

/** The table of a feed whose columns `event/schemas.ts` declares. */
export function textTable(name: KnownFeed, { addresses = [], ports = [] }: Pick<TextTable, "addresses" | "ports"> = {}): TextTable {
  const own = Object.entries(feedColumns[name]).filter(([column]) => !Object.hasOwn(standardColumns, column));
  return { name, columns: Object.fromEntries(own), addresses, ports };
}

/** Own columns that stand for a standard field; text feeds without such a column put the value under the standard name itself. */
export const textSevenFields: SevenFieldSources = {
  timestamp: ["timestamp"],
  ip_src_addr: ["ip_src_addr", "src"],
  ip_src_port: ["ip_src_port", "spt", "sport", "srcPort"],
  ip_dst_addr: ["ip_dst_addr", "dst"],
  ip_dst_port: ["ip_dst_port", "dpt", "dport", "dstPort"],
  protocol: ["protocol"],
};

const standardKinds: readonly (readonly [string, Kind])[] = [
  ["timestamp", "timestamp"],
  ["ip_src_addr", "address"],
  ["ip_src_port", "port"],
  ["ip_dst_addr", "address"],
  ["ip_dst_port", "port"],
  ["protocol", "string"],
];

/**
 * Collects the fields of one record after another as the columns of a table want them. A name that is no column, a second value of a name, and
 * a value that its column cannot hold are kept in `extra`, whatever the name is; the rest of the table's work sees known names only.
 */
export class Fields {
  readonly table: string;
  readonly layout: JsonLayout;
  readonly #time: TimeReader;
  readonly #kinds = new Map<string, Kind>(standardKinds);
  #record: FieldRecord = {};
  #extra: Map<string, string> | undefined;

  constructor({ name, columns, addresses = [], ports = [] }: TextTable, time: TimeReader) {
    this.table = name;
    this.#time = time;
    for (const [column, type] of Object.entries(columns)) if (column !== "extra") this.#kinds.set(column, type as Kind);
    for (const column of addresses) this.#kinds.set(column, "address");
    for (const column of ports) this.#kinds.set(column, "port");
    const { timestamp, ip_src_addr, ip_src_port, ip_dst_addr, ip_dst_port, protocol } = standardColumns;
    this.layout = {
      columns: { timestamp, ip_src_addr, ip_src_port, ip_dst_addr, ip_dst_port, protocol, ...columns },
      unknown: "extra",
      addresses: new Set(["ip_src_addr", "ip_dst_addr", ...addresses]),
      ports: new Set(["ip_src_port", "ip_dst_port", ...ports]),
      columnName: (joined) => joined,
    };
  }

  begin(): void {
    this.#record = {};
    this.#extra = undefined;
  }

  /** The record; it has no names but those of columns. */
  finish(): FieldRecord {
    if (this.#extra) this.#record.extra = JSON.stringify(Object.fromEntries(this.#extra));
    return this.#record;
  }

  has(column: string): boolean {
    return this.#record[column] !== undefined;
  }

  isColumn(name: string): boolean {
    return this.#kinds.has(name);
  }

  /** What a column has so far; a time is seconds since 1970. */
  get(column: string): Json | undefined {
    return this.#record[column];
  }

  /** A text that no column took. */
  extraOf(name: string): string | undefined {
    return this.#extra?.get(name);
  }

  /** The text of a field under the source's own name. Empty texts are no values. @throws Rejection where a port is a number that none is */
  text(name: string, text: string): void {
    if (text === "") return;
    const kind = this.#kinds.get(name);
    const present = kind === undefined ? undefined : this.#record[name];
    if (kind === "string[]" && Array.isArray(present)) present.push(text);
    else if (kind === undefined || present !== undefined) this.extra(name, text);
    else {
      const value = kind === "string" ? text : kind === "timestamp" ? this.#seconds(text) : converted(name, kind, text);
      if (value === undefined) this.extra(name, text);
      else this.#record[name] = value;
    }
  }

  /** A string as it is; it replaces what the column has. */
  string(column: string, value: string): void {
    if (value === "") return;
    if (this.#kinds.has(column)) this.#record[column] = value;
    else this.extra(column, value);
  }

  /** A number of a known column; NaN is no value. */
  number(column: string, value: number): void {
    if (!Number.isNaN(value)) this.#record[column] = value;
  }

  /** Epoch microseconds of a known column; NaN is no value. */
  time(column: string, micros: number): void {
    if (!Number.isNaN(micros)) this.#record[column] = micros / 1e6;
  }

  /** The protocol by its name or its number. */
  protocol(text: string): void {
    const name = protocolName(text);
    if (name !== null) this.#record.protocol = name;
  }

  #seconds(text: string): number | undefined {
    const micros = this.#time.parse(text);
    return Number.isNaN(micros) ? undefined : micros / 1e6;
  }

  extra(name: string, text: string): void {
    this.#extra ??= new Map();
    if (!this.#extra.has(name)) this.#extra.set(name, text);
  }
}

function converted(name: string, kind: Kind, text: string): Json | undefined {
  switch (kind) {
    case "address":
      return addressOf(text);
    case "port":
      return portOf(name, text);
    case "integer":
    case "bigint": {
      if (!/^[+-]?\d{1,16}$/.test(text)) return undefined;
      const value = Number(text);
      return Number.isSafeInteger(value) && (kind === "bigint" || Math.abs(value) <= 2147483647) ? value : undefined;
    }
    case "double": {
      const value = /^[+-]?\d{1,309}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(value) ? value : undefined;
    }
    case "boolean":
      return text === "true" || text === "yes" ? true : text === "false" || text === "no" ? false : undefined;
    case "string[]":
      return [text];
    default:
      return undefined;
  }
}

/** An address without the brackets and the zone that IPv6 may have; undefined for what is none, as a host name. */
export function addressOf(text: string): string | undefined {
  if (isIP(text) !== 0 && !text.includes("%")) return text;
  if (text.length > 64) return undefined;
  let bare = text.charCodeAt(0) === 91 && text.endsWith("]") ? text.slice(1, -1) : text;
  const zone = bare.indexOf("%");
  if (zone > 0) bare = bare.slice(0, zone);
  return isIP(bare) === 0 ? undefined : bare;
}

/** @throws Rejection where it is a number past 65535 */
export function portOf(name: string, text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const port = Number(text);
  if (port > 65535) throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(text)}, expected 0 to 65535`);
  return port;
}
