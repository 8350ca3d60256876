import type {
  BigintColumn,
  BooleanColumn,
  Column,
  Columns,
  ColumnType,
  DictionaryColumn,
  DoubleColumn,
  IntegerColumn,
  ListColumn,
  TimestampColumn,
  Validity,
} from "../event/index.ts";

/** Byte strings, one after the other: row i is `bytes.subarray(offsets[i], offsets[i + 1])`. */
export interface BytesColumn {
  readonly type: "bytes";
  readonly length: number;
  readonly validity: Validity;
  readonly bytes: Uint8Array;
  readonly offsets: Float64Array;
}

export type ResultColumn = Column | BytesColumn;

interface ColumnsByType {
  string: DictionaryColumn;
  double: DoubleColumn;
  bigint: BigintColumn;
  integer: IntegerColumn;
  boolean: BooleanColumn;
  timestamp: TimestampColumn;
  bytes: BytesColumn;
}

/** The column object that holds values of a type: `ColumnFor<"double">["values"]` is a Float64Array. */
export type ColumnFor<T extends ColumnType> = T extends keyof ColumnsByType ? ColumnsByType[T] : ListColumn;

/** What a query gives: typed arrays by name, never row objects. */
export interface ColumnarResult {
  readonly length: number;
  readonly schema: Columns;
  readonly columns: ReadonlyMap<string, ResultColumn>;
}

export type BoundValue = string | number | bigint | boolean | Date | Uint8Array | null;

export interface QueryOptions {
  /** Values of `$1`, `$2` … or of `?`, in order. */
  readonly values?: readonly BoundValue[] | undefined;
  /** Stops the query; it then fails with SOCLAB_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** What runs SQL. DuckDB embedded here; a cluster is another one. */
export interface Engine {
  /** @throws SOCLAB_QUERY, SOCLAB_UNKNOWN_TABLE, SOCLAB_UNKNOWN_COLUMN, SOCLAB_ABORTED */
  query(sql: string, options?: QueryOptions): Promise<ColumnarResult>;
  /** The same, some ten thousand rows at a time. */
  stream(sql: string, options?: QueryOptions): AsyncGenerator<ColumnarResult, void, undefined>;
  /**
   * Column names and types of a SELECT, without running it.
   * @throws SOCLAB_USAGE where the types depend on `values` that were not given
   */
  describe(sql: string, options?: QueryOptions): Promise<Columns>;
  /** Writes the rows of a SELECT to one Parquet file (zstd). */
  writeParquet(sql: string, path: string, options?: QueryOptions): Promise<{ rows: number }>;
}
