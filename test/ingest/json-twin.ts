import { isIP } from "node:net";
import { type Column, type ColumnType, elementType, isListColumn, isListType, isValid, valueAt } from "../../src/event/index.ts";
import type { ScalarType } from "../../src/event/types.ts";
import type { JsonLayout } from "../../src/ingest/json/json-columns.ts";
import { type Json, Rejection, shown, toScalar } from "../../src/ingest/json/json-values.ts";
import type { RecordFeed } from "../../src/ingest/records/record-feed.ts";

type Fields = Record<string, unknown>;

/** What becomes of a record: its table and fields (timestamps in microseconds), or why it is none. */
export type Outcome = { table: string; fields: Fields } | { code: string; reason: string };

interface TwinPlace {
  type: ColumnType | undefined;
  readonly name: string;
  readonly joined: string;
  readonly depth: number;
  readonly below: Map<string, TwinPlace>;
}

interface TwinTable {
  readonly layout: JsonLayout;
  readonly types: Map<string, ColumnType>;
  readonly root: TwinPlace;
}

/**
 * JSON records read in the obvious way, `JSON.parse` and a walk over what it gives, an object a record: slow, and plain to see through. The parser
 * must come to the same.
 */
export class JsonTwin {
  readonly #feed: RecordFeed;
  readonly #tables = new Map<string, TwinTable>();

  constructor(feed: RecordFeed) {
    this.#feed = feed;
  }

  read(line: Uint8Array): Outcome {
    const text = Buffer.from(line).toString("utf8");
    try {
      const record = objectOf(text);
      this.#feed.check?.(record);
      const name = this.#feed.tableOf(record);
      return { table: name, fields: fieldsOf(record, text, this.#table(name)) };
    } catch (error) {
      if (error instanceof RangeError) return { code: "NOT_JSON", reason: "nested too deep to be handled" };
      if (error instanceof Rejection) return { code: error.code, reason: error.message };
      throw error;
    }
  }

  #table(name: string): TwinTable {
    let table = this.#tables.get(name);
    if (!table) {
      const layout = this.#feed.layoutOf(name);
      const types = new Map(Object.entries({ ...layout.columns, extra: "string" as const }));
      table = { layout, types, root: { type: undefined, name: "", joined: "", depth: 0, below: new Map() } };
      this.#tables.set(name, table);
    }
    return table;
  }
}

function objectOf(text: string): { [name: string]: Json } {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new Rejection("NOT_JSON", (error as Error).message.slice(0, 200));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Rejection("NOT_AN_OBJECT", "expected a JSON object");
  return value;
}

function fieldsOf(record: { [name: string]: Json }, text: string, table: TwinTable): Fields {
  const { layout, types, root } = table;
  const fields = new Map<string, unknown>();
  const extra: [string, Json][] = [];
  const walk = (node: { [name: string]: Json }, above: TwinPlace, path: readonly string[]) => {
    for (const key of Object.keys(node)) {
      const value = node[key]!;
      if (value === null) continue;
      let place = above.below.get(key);
      if (!place) {
        const joined = path.length === 0 ? key : `${above.joined}_${key}`;
        const name = layout.columnName(joined);
        place = { type: types.get(name), name, joined, depth: above.depth + 1, below: new Map() };
        above.below.set(key, place);
      }
      if (place.type === undefined && typeof value === "object" && !Array.isArray(value) && place.depth < 32) {
        walk(value, place, [...path, key]);
        continue;
      }
      place.type ??= inferred(place.name, value, table);
      const isFree = place.type !== undefined && !fields.has(place.name);
      const taken = isFree ? converted(place.name, place.type!, value, layout, () => exact(text, [...path, key])) : undefined;
      if (taken === undefined) extra.push([place.name, value]);
      else fields.set(place.name, taken);
    }
  };
  walk(record, root, []);
  if (extra.length > 0) fields.set("extra", JSON.stringify(Object.fromEntries(extra)));
  const own = fields.get("extra");
  // UTF-8 has no half of a surrogate pair; such an extra is kept as a JSON string.
  if (typeof own === "string" && !own.isWellFormed()) fields.set("extra", JSON.stringify(own));
  return Object.fromEntries(fields);
}

function inferred(name: string, value: Json, { layout, types }: TwinTable): ColumnType | undefined {
  const known = types.get(name);
  if (known || layout.unknown === "extra") return known;
  const isTaken = [...types.keys()].some((column) => column.toLowerCase() === name.toLowerCase());
  if (isTaken || types.size >= 512 || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) return undefined;
  const type = Array.isArray(value) ? "string[]" : typeof value === "number" ? "double" : typeof value === "boolean" ? "boolean" : "string";
  types.set(name, type);
  return type;
}

function converted(name: string, type: ColumnType, value: Json, layout: JsonLayout, exactInteger: () => bigint | null): unknown {
  if (layout.addresses.has(name) && (typeof value !== "string" || isIP(value) === 0))
    throw new Rejection("BAD_ADDRESS", `${name} is ${shown(value)}, expected an IPv4 or IPv6 address`);
  if (layout.ports.has(name)) {
    if (typeof value !== "number" || !Number.isInteger(value))
      throw new Rejection("BAD_NUMBER", `${name} is ${shown(value)}, expected a port`);
    if (value < 0 || value > 65535) throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected 0 to 65535`);
  }
  if (!isListType(type)) {
    const scalar = toScalar(name, type as ScalarType, value, exactInteger);
    // Columns of whole numbers have no negative zero.
    return type === "integer" && Object.is(scalar, -0) ? 0 : scalar;
  }
  const elements = (Array.isArray(value) ? value : [value]).filter((element) => element !== null);
  const list = elements.map((element) => toScalar(name, elementType(type), element, () => null));
  return list.includes(undefined) ? undefined : list;
}

function exact(text: string, path: readonly string[]): bigint | null {
  let node = JSON.parse(text, function (this: unknown, _key: string, value: unknown, context?: { source?: string }) {
    return typeof value === "number" && /^-?\d+$/.test(context?.source ?? "") ? BigInt(context!.source!) : value;
  }) as unknown;
  for (const key of path) node = Object.hasOwn(node as object, key) ? (node as Fields)[key] : undefined;
  return typeof node === "bigint" ? node : null;
}

/** A value of a batch as the twin has it. */
export function cellOf(column: Column, row: number): unknown {
  const times = isListColumn(column) ? column.child : column;
  if (times.type !== "timestamp") return valueAt(column, row);
  if (!isValid(column.validity, row)) return null;
  return isListColumn(column) ? [...times.values.subarray(column.offsets[row], column.offsets[row + 1])] : times.values[row];
}
