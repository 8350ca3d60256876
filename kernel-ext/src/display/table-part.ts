import { isTypedArray } from "./json-data.ts";

export interface TableOptions {
  /** Rows shown; `Infinity` for all. @default 50 */
  readonly maxRows?: number;
  /** Columns shown; `Infinity` for all. @default 30 */
  readonly maxColumns?: number;
  /** Characters of a cell shown; `Infinity` for all. @default 200 */
  readonly maxCellLength?: number;
  /** What the table is of, before its size. */
  readonly caption?: string;
}

/** The cell of a row that lacks the column, which is something else than one that holds `undefined`. */
export const absent: unique symbol = Symbol("absent");

/** As much of a table as is shown; the rest is only counted. */
export interface TablePart {
  readonly columns: readonly string[];
  /** What the source says about each column, such as Arrow's types. */
  readonly types?: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rowCount: number;
  readonly columnCount: number;
  /** Whether the first column names the row, as a `Map`'s key does. */
  readonly hasRowHeader?: boolean;
}

export interface TableSize {
  readonly maxRows: number;
  readonly maxColumns: number;
}

/** A row with a million keys costs a second to list, so fifty such rows are not looked through. */
const maxKeysLookedAt = 1000;

type Row = { readonly [name: string]: unknown };

/**
 * The first rows of what is a table: an array, `Set` or `Map` of plain objects, a `Map`, a `Set` of plain values, arrays of numbers.
 * Only the rows that are shown are looked at.
 *
 * @returns undefined where the value is no table
 */
export function collectionTable(value: unknown, size: TableSize): TablePart | undefined {
  if (value instanceof Map) return value.size === 0 ? undefined : mapTable(value, size);
  if (value instanceof Set) {
    if (value.size === 0) return undefined;
    const values = firstOf(value, size.maxRows);
    return (
      recordTable(values, value.size, size) ?? {
        columns: ["value"],
        rows: values.map((one) => [one]),
        rowCount: value.size,
        columnCount: 1,
      }
    );
  }
  if (!Array.isArray(value) || value.length === 0) return undefined;
  // Spread, because every() skips the holes of an array.
  const rows: unknown[] = [...value.slice(0, Math.max(1, size.maxRows))];
  return recordTable(rows, value.length, size) ?? matrixTable(rows, value.length, size);
}

function recordTable(rows: readonly unknown[], rowCount: number, size: TableSize): TablePart | undefined {
  if (!rows.every(isPlainObject)) return undefined;
  const names = columnNames(rows);
  if (names.length === 0) return undefined;
  const columns = names.slice(0, size.maxColumns);
  const cells = rows.slice(0, size.maxRows).map((row) => columns.map((name) => (Object.hasOwn(row, name) ? cellOf(row, name) : absent)));
  return { columns, rows: cells, rowCount, columnCount: names.length };
}

function mapTable(map: ReadonlyMap<unknown, unknown>, size: TableSize): TablePart {
  const entries = firstOf(map, size.maxRows);
  const records = recordTable(
    entries.map(([, value]) => value),
    map.size,
    { ...size, maxColumns: size.maxColumns - 1 },
  );
  const columns = ["key", ...(records?.columns ?? ["value"])];
  const rows = entries.map(([key, value], row) => [key, ...(records?.rows[row] ?? [value])]);
  return { columns, rows, rowCount: map.size, columnCount: 1 + (records?.columnCount ?? 1), hasRowHeader: true };
}

function matrixTable(rows: readonly unknown[], rowCount: number, { maxRows, maxColumns }: TableSize): TablePart | undefined {
  if (!rows.every((row) => Array.isArray(row) || isTypedArray(row))) return undefined;
  const columnCount = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  if (columnCount === 0) return undefined;
  const width = Math.min(columnCount, Math.max(1, maxColumns));
  const cells = rows.map((row) => Array.from({ length: width }, (_, column) => (column < row.length ? row[column] : absent)));
  if (!cells.every((row) => row.every((cell) => cell === absent || cell === null || isNumber(cell)))) return undefined;
  return { columns: Array.from({ length: width }, (_, column) => String(column)), rows: cells.slice(0, maxRows), rowCount, columnCount };
}

/** The union of the rows' keys, in the order of their first appearance. */
function columnNames(rows: readonly Row[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    for (const name of Object.keys(row)) names.add(name);
    if (names.size > maxKeysLookedAt) break;
  }
  return [...names];
}

/** A getter that throws costs its cell, not the table. */
function cellOf(row: Row, name: string): unknown {
  try {
    return row[name];
  } catch (error) {
    return error;
  }
}

/** Numbers are read from the right; a column of them may have gaps. */
export function isNumeric(part: TablePart, column: number): boolean {
  let numbers = 0;
  for (const row of part.rows) {
    const value = row[column];
    if (isNumber(value)) numbers++;
    else if (value !== null && value !== undefined && value !== absent) return false;
  }
  return numbers > 0;
}

export function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

export function isPlainObject(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function firstOf<T>(values: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  if (count <= 0) return taken;
  for (const value of values) if (taken.push(value) >= count) break;
  return taken;
}
