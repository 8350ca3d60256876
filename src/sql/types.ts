import { type ColumnType, elementType, isListType, type ScalarType } from "../event/index.ts";

const scalarTypes = {
  string: "VARCHAR",
  double: "DOUBLE",
  bigint: "BIGINT",
  integer: "INTEGER",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
} as const satisfies Record<ScalarType, string>;

/** The SQL type of a column type: `"bigint[]"` is `BIGINT[]`, `"bytes"` is `BLOB`. */
export function sqlType(type: ColumnType): string {
  if (type === "bytes") return "BLOB";
  return isListType(type) ? `${scalarTypes[elementType(type)]}[]` : scalarTypes[type];
}
