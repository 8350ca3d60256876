import { type ColumnValue, valueAt } from "../event/index.ts";
import type { BytesColumn, ColumnarResult, ResultColumn } from "./engine.ts";

export type RowValue = ColumnValue | Uint8Array | null;
export type UntypedRow = Readonly<Record<string, RowValue>>;

/** The value of a row: a bigint for BIGINT, a Date for a timestamp, bytes for a BLOB. */
export function resultValue(column: ResultColumn, row: number): RowValue {
  return column.type === "bytes" ? bytesAt(column, row) : valueAt(column, row);
}

function bytesAt({ bytes, offsets, validity }: BytesColumn, row: number): Uint8Array | null {
  if (validity && (validity[row >> 3]! & (1 << (row & 7))) === 0) return null;
  return bytes.subarray(offsets[row]!, offsets[row + 1]!);
}

/** A result as objects, for people and for small results; hot paths read the columns. */
export function* rowsOf({ length, columns }: ColumnarResult): Generator<UntypedRow, void, undefined> {
  const entries = [...columns];
  for (let row = 0; row < length; row++) {
    const out: Record<string, RowValue> = {};
    for (const [name, column] of entries) {
      const value = resultValue(column, row);
      if (name === "__proto__") Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
      else out[name] = value;
    }
    yield out;
  }
}
