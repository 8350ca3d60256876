import { type DuckDBDecimalType, type DuckDBListType, type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import type { ColumnReader, ScalarReader } from "./column-reader.ts";
import { ListReader } from "./list-reader.ts";
import { BigintReader, BooleanReader, DoubleReader, IntegerReader, TimestampReader } from "./number-readers.ts";
import { BytesReader, StringReader, TextReader } from "./string-readers.ts";

/** How a DuckDB type is read; what soclab's columns cannot hold (dates, structs, UUIDs …) becomes its text. */
export function columnReader(type: DuckDBType): ColumnReader {
  if (type.typeId === DuckDBTypeId.LIST) {
    const { valueType } = type as DuckDBListType;
    const child = scalarReader(valueType);
    return child ? new ListReader(child) : new TextReader();
  }
  if (type.typeId === DuckDBTypeId.BLOB) return new BytesReader();
  return scalarReader(type) ?? new TextReader();
}

const micros = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 } as const;

function scalarReader(type: DuckDBType): ScalarReader | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return new StringReader();
    case DuckDBTypeId.DOUBLE:
      return new DoubleReader((bytes, count) => new Float64Array(bytes.buffer, bytes.byteOffset, count), 8);
    case DuckDBTypeId.FLOAT:
      return new DoubleReader((bytes, count) => new Float32Array(bytes.buffer, bytes.byteOffset, count), 4);
    case DuckDBTypeId.DECIMAL:
      return decimalReader(type);
    case DuckDBTypeId.TINYINT:
      return new IntegerReader((bytes, count) => new Int8Array(bytes.buffer, bytes.byteOffset, count), 1);
    case DuckDBTypeId.SMALLINT:
      return new IntegerReader((bytes, count) => new Int16Array(bytes.buffer, bytes.byteOffset, count), 2);
    case DuckDBTypeId.INTEGER:
      return new IntegerReader((bytes, count) => new Int32Array(bytes.buffer, bytes.byteOffset, count), 4);
    case DuckDBTypeId.UTINYINT:
      return new IntegerReader((bytes, count) => new Uint8Array(bytes.buffer, bytes.byteOffset, count), 1);
    case DuckDBTypeId.USMALLINT:
      return new IntegerReader((bytes, count) => new Uint16Array(bytes.buffer, bytes.byteOffset, count), 2);
    case DuckDBTypeId.UINTEGER:
      return new BigintReader(4, (view, row) => BigInt(view.getUint32(row * 4, true)));
    case DuckDBTypeId.BIGINT:
      return new BigintReader(8);
    case DuckDBTypeId.UBIGINT:
      return new BigintReader(8, (view, row) => view.getBigUint64(row * 8, true));
    case DuckDBTypeId.HUGEINT:
      return new BigintReader(16, hugeint);
    case DuckDBTypeId.UHUGEINT:
      return new BigintReader(16, (view, row) => BigInt.asUintN(128, hugeint(view, row)));
    case DuckDBTypeId.BOOLEAN:
      return new BooleanReader();
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return new TimestampReader(micros.us);
    case DuckDBTypeId.TIMESTAMP_S:
      return new TimestampReader(micros.s);
    case DuckDBTypeId.TIMESTAMP_MS:
      return new TimestampReader(micros.ms);
    case DuckDBTypeId.TIMESTAMP_NS:
      return new TimestampReader(micros.ns);
    default:
      return undefined;
  }
}

function hugeint(view: DataView, row: number): bigint {
  return (view.getBigInt64(row * 16 + 8, true) << 64n) + view.getBigUint64(row * 16, true);
}

function decimalReader(type: DuckDBType): ScalarReader {
  const { width, scale } = type as DuckDBDecimalType;
  const divisor = 10 ** scale;
  const size = width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16;
  const read = (view: DataView, row: number): number => {
    if (size === 2) return view.getInt16(row * 2, true);
    if (size === 4) return view.getInt32(row * 4, true);
    return Number(size === 8 ? view.getBigInt64(row * 8, true) : hugeint(view, row));
  };
  return new DoubleReader((bytes, count) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, count * size);
    return Float64Array.from({ length: count }, (_, row) => read(view, row) / divisor);
  }, size);
}
