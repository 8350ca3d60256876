/** What a column can hold; a list is written with brackets: `"string[]"`. */
export type ScalarType = "string" | "double" | "bigint" | "integer" | "boolean" | "timestamp";
export type ListType = `${ScalarType}[]`;
/** `"bytes"` occurs once, as `original_string` in the lake; a batch keeps those bytes as its raw records. */
export type ColumnType = ScalarType | ListType | "bytes";

interface ScalarValues {
  string: string;
  double: number;
  bigint: bigint;
  integer: number;
  boolean: boolean;
  timestamp: Date;
}

/** The JavaScript value of a column type: `ValueOf<"bigint[]">` is `bigint[]`. */
export type ValueOf<T extends ColumnType> = T extends "bytes"
  ? Uint8Array
  : T extends ScalarType
    ? ScalarValues[T]
    : T extends `${infer S extends ScalarType}[]`
      ? ScalarValues[S][]
      : never;

/** Column names and their types, in order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** A row of such columns; every value may be null. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: ValueOf<C[K]> | null };

export function isListType(type: ColumnType): type is ListType {
  return type.endsWith("[]");
}

export function elementType(type: ListType): ScalarType {
  return type.slice(0, -2) as ScalarType;
}
