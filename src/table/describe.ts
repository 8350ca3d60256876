import type { Columns, ColumnType } from "../event/index.ts";
import { constant, identifier } from "../sql/index.ts";

/** One row a column: what `describe` gives. `min` and `max` are text, because columns differ in type. */
export const describeColumns = {
  column: "string",
  type: "string",
  count: "bigint",
  nulls: "bigint",
  distinct: "bigint",
  min: "string",
  max: "string",
  mean: "double",
  std: "double",
  q25: "double",
  median: "double",
  q75: "double",
} as const satisfies Columns;

const numeric: readonly ColumnType[] = ["integer", "bigint", "double"];

/** All columns in one pass over the rows. Raw bytes are not compared, only counted. */
export function describeSql(sql: string, columns: Columns): string {
  const aggregates: string[] = ["count(*) AS n"];
  const rows = Object.entries(columns).map(([name, type], i) => {
    const column = identifier(name);
    aggregates.push(`count(${column}) AS c${i}`);
    const fields = [`"column": ${constant(name)}`, `"type": ${constant(type)}`, `count: c${i}`, `nulls: n - c${i}`];
    const isCompared = type !== "bytes";
    if (isCompared)
      aggregates.push(
        `count(DISTINCT ${column}) AS d${i}`,
        `CAST(min(${column}) AS VARCHAR) AS l${i}`,
        `CAST(max(${column}) AS VARCHAR) AS h${i}`,
      );
    fields.push(`"distinct": ${isCompared ? `d${i}` : "NULL::BIGINT"}`);
    fields.push(`min: ${isCompared ? `l${i}` : "NULL::VARCHAR"}`, `max: ${isCompared ? `h${i}` : "NULL::VARCHAR"}`);
    const isNumeric = numeric.includes(type);
    if (isNumeric) {
      const value = `CAST(${column} AS DOUBLE)`;
      const finite = `FILTER (isfinite(${value}))`;
      aggregates.push(`avg(${value}) ${finite} AS m${i}`, `stddev_samp(${value}) ${finite} AS s${i}`);
      aggregates.push(`quantile_cont(${value}, [0.25, 0.5, 0.75]) AS q${i}`);
    }
    fields.push(`mean: ${isNumeric ? `m${i}` : "NULL::DOUBLE"}`, `std: ${isNumeric ? `s${i}` : "NULL::DOUBLE"}`);
    ["q25", "median", "q75"].forEach((field, q) => {
      fields.push(`${field}: ${isNumeric ? `q${i}[${q + 1}]` : "NULL::DOUBLE"}`);
    });
    return `{${fields.join(", ")}}`;
  });
  return `SELECT unnest([${rows.join(",\n")}], recursive := true) FROM (SELECT ${aggregates.join(", ")} FROM (${sql}))`;
}
