import type { Dictionary } from "./dictionary.ts";
import type { ListType, ScalarType } from "./types.ts";

/**
 * Validity: bit i (least significant first) is 1 where row i has a value; `undefined` where every row has one.
 * The layout is Arrow's and DuckDB's.
 */
export type Validity = Uint8Array | undefined;

interface ColumnBase {
  readonly length: number;
  readonly validity: Validity;
}

export interface DoubleColumn extends ColumnBase {
  readonly type: "double";
  readonly values: Float64Array;
}

export interface IntegerColumn extends ColumnBase {
  readonly type: "integer";
  readonly values: Int32Array;
}

export interface BigintColumn extends ColumnBase {
  readonly type: "bigint";
  readonly values: BigInt64Array;
}

export interface BooleanColumn extends ColumnBase {
  readonly type: "boolean";
  /** 0 or 1 a row. */
  readonly values: Uint8Array;
}

/** Epoch microseconds, exact integers below 2^53 (the year 2255). */
export interface TimestampColumn extends ColumnBase {
  readonly type: "timestamp";
  readonly values: Float64Array;
}

/** Dictionary-coded strings; the code of a null row is 0 and means nothing. */
export interface DictionaryColumn extends ColumnBase {
  readonly type: "string";
  readonly encoding: "dictionary";
  readonly codes: Int32Array;
  readonly dictionary: Dictionary;
}

/**
 * Strings that stay in the raw bytes until someone asks: row i is `decode(bytes, starts[i], ends[i])`. `decode` leaves plain ASCII without a
 * backslash as it is, so that a writer can take such bytes without making a string.
 */
export interface SliceColumn extends ColumnBase {
  readonly type: "string";
  readonly encoding: "slice";
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly decode: (bytes: Uint8Array, start: number, end: number) => string;
}

export type StringColumn = DictionaryColumn | SliceColumn;

/** Row i holds the child's rows `offsets[i]` to `offsets[i + 1]`. */
export interface ListColumn extends ColumnBase {
  readonly type: ListType;
  readonly offsets: Int32Array;
  readonly child: ScalarColumn;
}

export type NumericColumn = DoubleColumn | IntegerColumn | BigintColumn | TimestampColumn | BooleanColumn;
export type ScalarColumn = NumericColumn | StringColumn;
export type Column = ScalarColumn | ListColumn;

export function isValid(validity: Validity, row: number): boolean {
  return validity === undefined || (validity[row >> 3]! & (1 << (row & 7))) !== 0;
}

export function isListColumn(column: Column): column is ListColumn {
  return "child" in column;
}

/** The value of one row as JavaScript has it; a timestamp is a Date, so it loses what is below a millisecond. */
export function valueAt(column: Column, row: number): ColumnValue | null {
  if (!isValid(column.validity, row)) return null;
  if (isListColumn(column)) {
    const list: ScalarValue[] = [];
    for (let i = column.offsets[row]!; i < column.offsets[row + 1]!; i++) {
      const value = valueAt(column.child, i);
      if (value !== null) list.push(value as ScalarValue);
    }
    return list;
  }
  switch (column.type) {
    case "string":
      return stringAt(column, row);
    case "boolean":
      return column.values[row] === 1;
    case "timestamp":
      return new Date(Math.floor(column.values[row]! / 1000));
    default:
      return column.values[row]!;
  }
}

export type ScalarValue = string | number | bigint | boolean | Date;
export type ColumnValue = ScalarValue | ScalarValue[];

/** The string of a row, or null. */
export function stringAt(column: StringColumn, row: number): string | null {
  if (!isValid(column.validity, row)) return null;
  if (column.encoding === "dictionary") return column.dictionary.values[column.codes[row]!]!;
  return column.decode(column.bytes, column.starts[row]!, column.ends[row]!);
}

/** The number of a row (booleans 0 and 1, timestamps in microseconds), NaN where it is null. A bigint past 2^53 is rounded. */
export function numberAt(column: NumericColumn, row: number): number {
  return isValid(column.validity, row) ? Number(column.values[row]!) : Number.NaN;
}

/** The string of a row of any column; null where it has none, or is no column of strings. */
export function textAt(column: Column | undefined, row: number): string | null {
  return column !== undefined && !isListColumn(column) && column.type === "string" ? stringAt(column, row) : null;
}

/** The number of a row of any column, as {@link numberAt}; null where it has none, or is no column of numbers. */
export function numberOrNullAt(column: Column | undefined, row: number): number | null {
  if (column === undefined || isListColumn(column) || column.type === "string") return null;
  const value = numberAt(column, row);
  return Number.isNaN(value) ? null : value;
}

/** All numbers of a column at once, NaN for null: what features and detectors read. */
export function toFloat64(column: NumericColumn): Float64Array {
  const { length, validity } = column;
  if (validity === undefined && (column.type === "double" || column.type === "timestamp")) return column.values.subarray(0, length);
  const out = new Float64Array(length);
  if (column.type === "bigint") {
    const halves = new Int32Array(column.values.buffer, column.values.byteOffset, length * 2);
    for (let i = 0; i < length; i++) out[i] = halves[2 * i + 1]! * 4294967296 + (halves[2 * i]! >>> 0);
  } else {
    for (let i = 0; i < length; i++) out[i] = column.values[i]!;
  }
  if (validity) for (let i = 0; i < length; i++) if ((validity[i >> 3]! & (1 << (i & 7))) === 0) out[i] = Number.NaN;
  return out;
}

/** The same strings as dictionary codes; a dictionary column is returned as it is. */
export function toDictionary(column: StringColumn): DictionaryColumn {
  if (column.encoding === "dictionary") return column;
  const codes = new Int32Array(column.length);
  const values: string[] = [];
  const seen = new Map<string, number>();
  for (let row = 0; row < column.length; row++) {
    const value = stringAt(column, row);
    if (value === null) continue;
    let code = seen.get(value);
    if (code === undefined) {
      code = values.length;
      values.push(value);
      seen.set(value, code);
    }
    codes[row] = code;
  }
  return { type: "string", encoding: "dictionary", length: column.length, validity: column.validity, codes, dictionary: { values } };
}

/** A column out of JavaScript values, for small things: constants, tests, enrichment of few rows. Bigints for "bigint", Dates for "timestamp". */
export function columnOf(type: ScalarType, values: readonly (ScalarValue | null)[]): ScalarColumn {
  const length = values.length;
  let validity: Uint8Array | undefined;
  if (values.includes(null)) {
    validity = new Uint8Array((length + 7) >> 3);
    for (let i = 0; i < length; i++) if (values[i] !== null) validity[i >> 3]! |= 1 << (i & 7);
  }
  switch (type) {
    case "string": {
      const distinct = [...new Set(values.filter((value): value is string => value !== null))];
      const index = new Map(distinct.map((value, code) => [value, code]));
      const codes = Int32Array.from(values, (value) => (value === null ? 0 : index.get(String(value))!));
      return { type, encoding: "dictionary", length, validity, codes, dictionary: { values: distinct } };
    }
    case "bigint":
      return { type, length, validity, values: BigInt64Array.from(values, (value) => (value === null ? 0n : BigInt(value as bigint))) };
    case "boolean":
      return { type, length, validity, values: Uint8Array.from(values, (value) => (value === true ? 1 : 0)) };
    case "integer":
      return { type, length, validity, values: Int32Array.from(values, (value) => Number(value ?? 0)) };
    case "timestamp":
      return { type, length, validity, values: Float64Array.from(values, (value) => (value === null ? 0 : Number(value) * 1000)) };
    case "double":
      return { type, length, validity, values: Float64Array.from(values, (value) => Number(value ?? 0)) };
  }
}
