import { isIP } from "node:net";
import {
  type Column,
  type Columns,
  type ColumnType,
  elementType,
  isListType,
  type ScalarType,
  type ScalarValue,
} from "../../event/index.ts";
import { JsonColumn } from "./json-column.ts";
import { type Json, Rejection, shown, toScalar } from "./json-values.ts";

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

/** A place in the records: a key below other keys. It knows its column, so that a leaf costs one look-up. */
interface Place {
  readonly parent: Place | undefined;
  readonly key: string;
  readonly joined: string;
  readonly name: string;
  readonly depth: number;
  readonly isAddress: boolean;
  readonly isPort: boolean;
  column: JsonColumn | undefined;
  readonly below: Map<string, Place>;
}

const maxColumns = 512;
const maxDepth = 32;
/** Places that are remembered; a hostile source has keys without end. */
const maxPlaces = 4096;

/**
 * Collects the records of one table and turns them into columns. Leaves of nested objects get their names joined with underscores. A column's
 * type stays what it was at first sight.
 */
export class JsonColumns {
  readonly #layout: JsonLayout;
  readonly #columns = new Map<string, JsonColumn>();
  readonly #lowerNames = new Set<string>();
  readonly #root: Place = rootPlace();
  #placeCount = 0;
  #record = 0;
  #length = 0;
  /** Leaves of the record at hand: only a whole record is taken. */
  readonly #leafColumns: JsonColumn[] = [];
  readonly #leafValues: (ScalarValue | ScalarValue[])[] = [];
  #extra: [string, Json][] = [];

  constructor(layout: JsonLayout) {
    this.#layout = layout;
    for (const [name, type] of Object.entries({ ...layout.columns, extra: "string" } satisfies Columns)) this.#addColumn(name, type);
  }

  get length(): number {
    return this.#length;
  }

  /** @throws Rejection when the record breaks the contract; nothing of it is kept then */
  add(record: { [name: string]: Json }, exactInteger: (path: readonly string[]) => bigint | null): void {
    this.#record++;
    this.#leafColumns.length = 0;
    this.#leafValues.length = 0;
    this.#extra = [];
    this.#leaves(record, this.#root, exactInteger);
    if (this.#extra.length > 0) this.#leaf(this.#columns.get("extra")!, JSON.stringify(Object.fromEntries(this.#extra)));
    for (let i = 0; i < this.#leafColumns.length; i++) this.#leafColumns[i]!.add(this.#length, this.#leafValues[i]!);
    this.#length++;
  }

  /** The columns of the records since the last call that have a value. */
  take(): Map<string, Column> {
    const out = new Map<string, Column>();
    for (const [name, column] of this.#columns) if (!column.isEmpty) out.set(name, column.take(this.#length));
    this.#length = 0;
    return out;
  }

  #leaves(node: { [name: string]: Json }, above: Place, exactInteger: (path: readonly string[]) => bigint | null): void {
    for (const key in node) {
      const value = node[key]!;
      if (value === null) continue;
      const place = above.below.get(key) ?? this.#newPlace(above, key);
      if (place.column === undefined && typeof value === "object" && !Array.isArray(value) && place.depth < maxDepth) {
        this.#leaves(value, place, exactInteger);
        continue;
      }
      place.column ??= this.#infer(place.name, value);
      const converted =
        place.column && place.column.lastRecord !== this.#record ? convert(place, place.column.type, value, exactInteger) : undefined;
      if (converted === undefined) this.#extra.push([place.name, value]);
      else this.#leaf(place.column!, converted);
    }
  }

  #leaf(column: JsonColumn, value: ScalarValue | ScalarValue[]): void {
    column.lastRecord = this.#record;
    this.#leafColumns.push(column);
    this.#leafValues.push(value);
  }

  #newPlace(parent: Place, key: string): Place {
    const joined = parent === this.#root ? key : `${parent.joined}_${key}`;
    const { columnName, addresses, ports } = this.#layout;
    const name = columnName(joined);
    const place: Place = {
      parent,
      key,
      joined,
      name,
      depth: parent.depth + 1,
      isAddress: addresses.has(name),
      isPort: ports.has(name),
      column: this.#columns.get(name),
      below: new Map(),
    };
    if (this.#placeCount < maxPlaces) {
      this.#placeCount++;
      parent.below.set(key, place);
    }
    return place;
  }

  #infer(name: string, value: Json): JsonColumn | undefined {
    const known = this.#columns.get(name);
    if (known || this.#layout.unknown === "extra" || this.#columns.size >= maxColumns) return known;
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) || this.#lowerNames.has(name.toLowerCase())) return undefined;
    return this.#addColumn(name, inferredType(value));
  }

  #addColumn(name: string, type: ColumnType): JsonColumn {
    const column = new JsonColumn(name, type);
    this.#columns.set(name, column);
    this.#lowerNames.add(name.toLowerCase());
    return column;
  }
}

function rootPlace(): Place {
  return {
    parent: undefined,
    key: "",
    joined: "",
    name: "",
    depth: 0,
    isAddress: false,
    isPort: false,
    column: undefined,
    below: new Map(),
  };
}

function pathOf(place: Place): string[] {
  const path: string[] = [];
  for (let at = place; at.parent; at = at.parent) path.unshift(at.key);
  return path;
}

function convert(
  place: Place,
  type: ColumnType,
  value: Json,
  exactInteger: (path: readonly string[]) => bigint | null,
): ScalarValue | ScalarValue[] | undefined {
  const { name } = place;
  if (place.isAddress && (typeof value !== "string" || isIP(value) === 0)) {
    throw new Rejection("BAD_ADDRESS", `${name} is ${shown(value)}, expected an IPv4 or IPv6 address`);
  }
  if (place.isPort) {
    if (typeof value !== "number" || !Number.isInteger(value))
      throw new Rejection("BAD_NUMBER", `${name} is ${shown(value)}, expected a port`);
    if (value < 0 || value > 65535) throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected 0 to 65535`);
  }
  if (!isListType(type)) return toScalar(name, type as ScalarType, value, () => exactInteger(pathOf(place)));
  const elements = (Array.isArray(value) ? value : [value]).filter((element) => element !== null);
  const converted = elements.map((element) => toScalar(name, elementType(type), element, () => null));
  return converted.includes(undefined) ? undefined : (converted as ScalarValue[]);
}

function inferredType(value: Json): ColumnType {
  if (Array.isArray(value)) return "string[]";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "boolean";
  return "string";
}
