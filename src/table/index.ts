export { type Aggregate, type AggregateOver, count, distinct, max, mean, median, min, quantile, std, sum } from "./aggregate.ts";
export { checkDeclared } from "./declared.ts";
export type { describeColumns } from "./describe.ts";
export { escapeHtml, jupyterDisplay } from "./display.ts";
export type { BoundValue, BytesColumn, ColumnarResult, ColumnFor, Engine, QueryOptions, ResultColumn } from "./engine.ts";
export type { AppendColumn, AppendTable } from "./engines/append-table.ts";
export { DuckDb, type DuckDbOptions } from "./engines/duckdb.ts";
export { readSqliteTable, type SqliteRows } from "./engines/sqlite.ts";
export type { VectorSource } from "./engines/vector-writer.ts";
export {
  type Aggregated,
  type Derived,
  EventTable,
  type ExitOptions,
  type GroupedTable,
  type Joined,
  type JoinOptions,
} from "./event-table.ts";
export type { ColumnExpressions, Expression, TypedExpression } from "./expression-types.ts";
export { openParquet } from "./parquet.ts";
export type { TableSource } from "./plan.ts";
export { type RowValue, resultValue, rowsOf, type UntypedRow } from "./rows.ts";
export { type SqlOptions, SqlResult } from "./sql-result.ts";
export { writeColumns } from "./write-columns.ts";
