import { isIP } from "node:net";
import {
  type Column,
  type Columns,
  type ColumnType,
  columnOf,
  type DeadLetterCode,
  elementType,
  isListType,
  type ListColumn,
  type ScalarType,
  type ScalarValue,
} from "../event/index.ts";
import { isoMicros } from "./iso-time.ts";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Why a record breaks off. */
export class Rejection extends Error {
  readonly code: DeadLetterCode;

  constructor(code: DeadLetterCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** How a JSON feed's leaves become columns. */
export interface JsonLayout {
  readonly columns: Columns;
  /** A leaf under a name that is not in `columns`: its own column ("infer") or part of `extra`. */
  readonly unknown: "infer" | "extra";
  /** Names whose values must be addresses or ports; a record where they are not is rejected. */
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
  readonly columnName: (joined: string) => string;
}

const maxInferred = 512;
const maxDepth = 32;

/** Collects the records of one table and turns them into columns. Leaves of nested objects get their names joined with underscores. */
export class JsonColumns {
  readonly #layout: JsonLayout;
  readonly #types: Map<string, ColumnType>;
  readonly #values = new Map<string, (ScalarValue | ScalarValue[] | null)[]>();
  #row = 0;

  constructor(layout: JsonLayout, types: Map<string, ColumnType>) {
    this.#layout = layout;
    this.#types = types;
  }

  get length(): number {
    return this.#row;
  }

  /** @throws Rejection when the record breaks the contract; nothing of it is kept then */
  add(record: { [name: string]: Json }, exactInteger: (path: readonly string[]) => bigint | null): void {
    const row = new Map<string, ScalarValue | ScalarValue[]>();
    const extra: [string, Json][] = [];
    this.#leaves(record, [], row, extra, exactInteger);
    if (extra.length > 0) row.set("extra", JSON.stringify(Object.fromEntries(extra)));
    for (const [name, value] of row) {
      let column = this.#values.get(name);
      if (!column) {
        column = [];
        this.#values.set(name, column);
      }
      while (column.length < this.#row) column.push(null);
      column.push(value);
    }
    this.#row++;
  }

  build(): Map<string, Column> {
    const out = new Map<string, Column>();
    for (const [name, values] of this.#values) {
      while (values.length < this.#row) values.push(null);
      const type = this.#types.get(name)!;
      out.set(
        name,
        isListType(type)
          ? listColumn(elementType(type), values as (ScalarValue[] | null)[])
          : scalarColumn(type as ScalarType, values as (ScalarValue | null)[]),
      );
    }
    return out;
  }

  #leaves(
    node: { [name: string]: Json },
    path: readonly string[],
    row: Map<string, ScalarValue | ScalarValue[]>,
    extra: [string, Json][],
    exactInteger: (path: readonly string[]) => bigint | null,
  ): void {
    for (const key of Object.keys(node)) {
      const value = node[key]!;
      const here = [...path, key];
      const name = this.#layout.columnName(here.join("_"));
      if (value === null) continue;
      const known = this.#types.get(name);
      if (typeof value === "object" && !Array.isArray(value) && known === undefined && here.length < maxDepth) {
        this.#leaves(value, here, row, extra, exactInteger);
        continue;
      }
      const type = known ?? this.#infer(name, value);
      const converted = type === undefined ? undefined : this.#convert(name, type, value, () => exactInteger(here));
      if (converted === undefined || row.has(name)) extra.push([name, value]);
      else row.set(name, converted);
    }
  }

  #infer(name: string, value: Json): ColumnType | undefined {
    if (this.#layout.unknown === "extra" || this.#types.size >= maxInferred || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
      return undefined;
    for (const known of this.#types.keys()) if (known.toLowerCase() === name.toLowerCase()) return undefined;
    const type = inferredType(value);
    if (type) this.#types.set(name, type);
    return type;
  }

  #convert(name: string, type: ColumnType, value: Json, exactInteger: () => bigint | null): ScalarValue | ScalarValue[] | undefined {
    if (this.#layout.addresses.has(name) && (typeof value !== "string" || isIP(value) === 0)) {
      throw new Rejection("BAD_ADDRESS", `${name} is ${shown(value)}, expected an IPv4 or IPv6 address`);
    }
    if (this.#layout.ports.has(name) && !(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535)) {
      if (typeof value !== "number") throw new Rejection("BAD_NUMBER", `${name} is ${shown(value)}, expected a port`);
      throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected 0 to 65535`);
    }
    if (isListType(type)) {
      const elements = (Array.isArray(value) ? value : [value]).filter((element) => element !== null);
      const converted = elements.map((element) => toScalar(name, elementType(type), element, () => null));
      return converted.includes(undefined) ? undefined : (converted as ScalarValue[]);
    }
    return toScalar(name, type as ScalarType, value, exactInteger);
  }
}

function inferredType(value: Json): ColumnType | undefined {
  if (Array.isArray(value)) return "string[]";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "boolean";
  return "string";
}

/** The value as its column wants it; undefined where it does not fit and goes to `extra`. */
function toScalar(name: string, type: ScalarType, value: Json, exactInteger: () => bigint | null): ScalarValue | undefined {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "double":
      if (typeof value !== "number") return undefined;
      if (!Number.isFinite(value)) throw new Rejection("OUT_OF_RANGE", `${name} is past 1.8e308`);
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
      if (Math.abs(value) > 2147483647) throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected at most 2147483647`);
      return value;
    case "bigint": {
      if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
      const exact = Number.isSafeInteger(value) ? BigInt(value) : exactInteger();
      if (exact === null) return undefined;
      if (exact > 9223372036854775807n || exact < -9223372036854775808n)
        throw new Rejection("OUT_OF_RANGE", `${name} is ${exact}, expected 64 bits`);
      return exact;
    }
    case "timestamp":
      return timestampMicros(name, value);
  }
}

/** A timestamp as microseconds: ISO 8601 text, or seconds since 1970. It stays a number here, see {@link scalarColumn}. */
function timestampMicros(name: string, value: Json): number {
  const micros = typeof value === "number" ? Math.round(value * 1e6) : typeof value === "string" ? textMicros(value) : Number.NaN;
  if (Number.isNaN(micros)) throw new Rejection("BAD_TIMESTAMP", `${name} is ${shown(value)}, expected ISO 8601 or seconds since 1970`);
  if (!Number.isSafeInteger(micros))
    throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected a time before the year 2255`);
  return micros;
}

function textMicros(text: string): number {
  const seconds = /^(\d{1,11})(?:\.(\d+))?$/.exec(text);
  if (!seconds) return isoMicros(text);
  return Number(seconds[1]) * 1e6 + Number((seconds[2] ?? "").slice(0, 6).padEnd(6, "0"));
}

function scalarColumn(type: ScalarType, values: readonly (ScalarValue | null)[]): Column {
  if (type !== "timestamp") return columnOf(type, values);
  const column = columnOf("double", values);
  return { ...column, type: "timestamp", values: Float64Array.from(values, (value) => Number(value ?? 0)) };
}

function listColumn(type: ScalarType, values: readonly (ScalarValue[] | null)[]): ListColumn {
  const offsets = new Int32Array(values.length + 1);
  const flat: ScalarValue[] = [];
  const nulls = values.includes(null) ? new Uint8Array((values.length + 7) >> 3) : undefined;
  for (const [row, list] of values.entries()) {
    if (list !== null) {
      flat.push(...list);
      if (nulls) nulls[row >> 3]! |= 1 << (row & 7);
    }
    offsets[row + 1] = flat.length;
  }
  const child = scalarColumn(type, flat);
  if ("child" in child) throw new Error("a list of lists");
  return { type: `${type}[]`, length: values.length, validity: nulls, offsets, child };
}

function shown(value: Json): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
