import type { Column, Columns, ColumnType, ScalarValue } from "../../event/index.ts";
import { ExtraColumn } from "./extra-column.ts";
import { JsonColumn } from "./json-column.ts";
import { convert } from "./json-convert.ts";
import { type NameUse, Place } from "./json-place.ts";
import { JsonScanner, type ScanRules } from "./json-scanner.ts";
import type { Json } from "./json-values.ts";

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

const maxColumns = 512;
const maxDepth = 32;
/** Places that are remembered; a hostile source has keys without end. */
const maxPlaces = 4096;

/**
 * Collects the records of one table and turns them into columns. Leaves of nested objects get their names joined with underscores. A column's
 * type stays what it was at first sight.
 */
export class JsonColumns {
  readonly #root = new Place(undefined, "", "", "", false, false, true, { lastExtra: -1 });
  readonly #extra = new ExtraColumn();
  readonly #rules: ScanRules | undefined;
  readonly #layout: JsonLayout;
  readonly #columns = new Map<string, JsonColumn>();
  readonly #lowerNames = new Set<string>(["extra"]);
  readonly #uses = new Map<string, NameUse>();
  readonly #scanner: JsonScanner | undefined;
  #placeCount = 0;
  #record = 0;
  #length = 0;
  /** Leaves of the record at hand: only a whole record is taken. */
  readonly #leafColumns: JsonColumn[] = [];
  readonly #leafValues: (ScalarValue | ScalarValue[])[] = [];
  #extraLeaves: [Place, Json][] = [];
  /** What the record itself calls `extra`: a feed may hand that column over whole. Half a surrogate pair has no UTF-8: JSON keeps it. */
  #extraText: string | undefined;

  /** @param rules - without them no record is scanned */
  constructor(layout: JsonLayout, rules?: ScanRules) {
    this.#layout = layout;
    this.#rules = rules;
    this.#scanner = rules && new JsonScanner(this.#root, this.#extra, rules);
    for (const [name, type] of Object.entries(layout.columns)) if (name !== "extra") this.#addColumn(name, type);
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Takes a record that holds nothing unusual straight from its bytes.
   * @param tableText - the text of the table key of records that belong here, null where they have none
   * @returns false where it must be read as an object and given to {@link add}: it may be no JSON, be rejected, have keys that are new here
   */
  scan(bytes: Buffer, start: number, end: number, tableText: string | null): boolean {
    this.#record++;
    if (!this.#scanner?.scan(bytes, start, end, this.#record, this.#length, tableText)) return false;
    this.#length++;
    return true;
  }

  /** The text of the table key where that, and nothing else, kept the last record from being scanned. */
  get otherTable(): string | null {
    return this.#scanner?.otherTable ?? null;
  }

  /** @throws Rejection when the record breaks the contract; nothing of it is kept then */
  add(record: { [name: string]: Json }, exactInteger: (path: readonly string[]) => bigint | null): void {
    this.#record++;
    this.#leafColumns.length = 0;
    this.#leafValues.length = 0;
    this.#extraLeaves = [];
    this.#extraText = undefined;
    this.#leaves(record, this.#root, exactInteger);
    const extra = Object.fromEntries(this.#extraLeaves.map(([{ name }, value]) => [name, value]));
    const text = this.#extraLeaves.length > 0 ? JSON.stringify(extra) : this.#extraText;
    if (text !== undefined) this.#extra.addRow(this.#length, text);
    for (let i = 0; i < this.#leafColumns.length; i++) this.#leafColumns[i]!.add(this.#length, this.#leafValues[i]!);
    this.#length++;
  }

  /** The columns of the records since the last call that have a value. */
  take(): Map<string, Column> {
    const out = new Map<string, Column>();
    for (const [name, column] of this.#columns) if (!column.isEmpty) out.set(name, column.take(this.#length));
    if (!this.#extra.isEmpty) out.set("extra", this.#extra.take(this.#length));
    this.#length = 0;
    return out;
  }

  #leaves(node: { [name: string]: Json }, above: Place, exactInteger: (path: readonly string[]) => bigint | null): void {
    for (const key in node) {
      const value = node[key]!;
      const place = above.below.get(key) ?? this.#newPlace(above, key);
      if (value === null) continue;
      if (!place.isSettled) {
        place.column = this.#columns.get(place.name);
        place.isSettled = true;
      }
      if (place.name === "extra" && this.#extraText === undefined) {
        this.#extraText = typeof value === "string" && value.isWellFormed() ? value : JSON.stringify(value);
        continue;
      }
      if (place.column === undefined && typeof value === "object" && !Array.isArray(value) && place.depth < maxDepth) {
        this.#leaves(value, place, exactInteger);
        continue;
      }
      place.column ??= this.#infer(place, value);
      const converted =
        place.column && place.column.lastRecord !== this.#record ? convert(place, place.column.type, value, exactInteger) : undefined;
      if (converted === undefined) this.#extraLeaves.push([place, value]);
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
    const use = this.#uses.get(name) ?? { lastExtra: -1 };
    const place = new Place(
      parent,
      key,
      joined,
      name,
      addresses.has(name),
      ports.has(name),
      this.#layout.unknown === "extra" || name === "extra",
      use,
    );
    if (parent === this.#root && this.#rules) {
      place.isText = this.#rules.texts.includes(key);
      place.isTableKey = this.#rules.tableKey === key;
    }
    if (this.#placeCount < maxPlaces) {
      this.#placeCount++;
      this.#uses.set(name, use);
      parent.add(place);
    }
    return place;
  }

  #infer(place: Place, value: Json): JsonColumn | undefined {
    const known = this.#columns.get(place.name);
    if (known || place.isRefused) return known;
    const { name } = place;
    if (this.#columns.size + 1 >= maxColumns || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) || this.#lowerNames.has(name.toLowerCase())) {
      place.isRefused = true;
      return undefined;
    }
    return this.#addColumn(name, inferredType(value));
  }

  #addColumn(name: string, type: ColumnType): JsonColumn {
    const column = new JsonColumn(name, type, !this.#layout.addresses.has(name));
    this.#columns.set(name, column);
    this.#lowerNames.add(name.toLowerCase());
    return column;
  }
}

function inferredType(value: Json): ColumnType {
  if (Array.isArray(value)) return "string[]";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "boolean";
  return "string";
}
