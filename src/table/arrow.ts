import {
  Binary,
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  Table,
  TimestampMicrosecond,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { SoclabError } from "../core/index.ts";
import { type Column, isListColumn, type ScalarColumn, toDictionary, type Validity } from "../event/index.ts";
import type { BytesColumn, ColumnarResult } from "./engine.ts";

/** A result as an Arrow table: BIGINT is Int64, a timestamp microseconds in UTC, a string dictionary-coded, raw bytes Binary. */
export function toArrowTable({ columns }: ColumnarResult): Table {
  const vectors: Record<string, Vector> = {};
  for (const [name, column] of columns) {
    const data = column.type === "bytes" ? bytesData(column) : columnData(column);
    Object.defineProperty(vectors, name, { value: new Vector([data]), enumerable: true });
  }
  return new Table(vectors);
}

function columnData(column: Column): Data<DataType> {
  if (!isListColumn(column)) return scalarData(column);
  const child = scalarData(column.child);
  const type = new List(new Field("item", child.type, true));
  return makeData({ type, ...common(column), valueOffsets: column.offsets, child });
}

function scalarData(column: ScalarColumn): Data<DataType> {
  const shared = common(column);
  switch (column.type) {
    case "double":
      return makeData({ type: new Float64(), ...shared, data: column.values });
    case "integer":
      return makeData({ type: new Int32(), ...shared, data: column.values });
    case "bigint":
      return makeData({ type: new Int64(), ...shared, data: column.values });
    case "timestamp":
      return makeData({ type: new TimestampMicrosecond("UTC"), ...shared, data: BigInt64Array.from(column.values, BigInt) });
    case "boolean":
      return makeData({ type: new Bool(), ...shared, data: packedBits(column.values) });
    case "string": {
      const { codes, dictionary } = toDictionary(column);
      const type = new Dictionary(new Utf8(), new Int32());
      return makeData({ type, ...shared, data: codes, dictionary: vectorFromArray([...dictionary.values], new Utf8()) });
    }
  }
}

function bytesData(column: BytesColumn): Data<DataType> {
  if (column.bytes.length > 2 ** 31 - 1) {
    throw new SoclabError("SOCLAB_SHAPE", `a column holds ${column.bytes.length} bytes, and Arrow's Binary at most 2 GiB`, {
      hint: "Take fewer rows, or leave original_string out with select().",
    });
  }
  return makeData({ type: new Binary(), ...common(column), valueOffsets: Int32Array.from(column.offsets), data: column.bytes });
}

function common({ length, validity }: { readonly length: number; readonly validity: Validity }): {
  length: number;
  nullCount: number;
  nullBitmap?: Uint8Array;
} {
  return validity ? { length, nullCount: nullCount(validity, length), nullBitmap: validity } : { length, nullCount: 0 };
}

function nullCount(validity: Uint8Array, length: number): number {
  let nulls = 0;
  for (let i = 0; i < length; i++) if ((validity[i >> 3]! & (1 << (i & 7))) === 0) nulls++;
  return nulls;
}

function packedBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (values[i]) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}
