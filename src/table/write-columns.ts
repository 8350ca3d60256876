import { SoclabError } from "../core/index.ts";
import type { Column, ColumnType } from "../event/index.ts";
import { identifier } from "../sql/index.ts";
import type { DuckDb } from "./engines/duckdb.ts";

let tableNumber = 0;

/** Columns that are in memory as one Parquet file (zstd): a feature matrix, scores. */
export async function writeColumns(path: string, columns: ReadonlyMap<string, Column>, engine: DuckDb): Promise<{ rows: number }> {
  const [first] = columns.values();
  if (!first) throw new SoclabError("SOCLAB_SHAPE", `no columns to write to ${path}`);
  for (const [name, { length }] of columns) {
    if (length !== first.length) throw new SoclabError("SOCLAB_SHAPE", `column "${name}" has ${length} rows, others have ${first.length}`);
  }
  const definition = [...columns].map(([name, { type }]): { name: string; type: ColumnType } => ({ name, type }));
  const table = await engine.createTable(`columns_${tableNumber++}`, definition);
  try {
    await table.append(
      [...columns.values()].map((column) => ({ kind: "column", column })),
      first.length,
    );
    table.flush();
    return await engine.writeParquet(`SELECT * FROM ${identifier(table.name)}`, path);
  } finally {
    await table.drop();
  }
}
