import type { Columns } from "../event/index.ts";
import { constant } from "../sql/index.ts";
import type { Engine } from "./engine.ts";
import { EventTable } from "./event-table.ts";

/** A Parquet file as a table, wherever it comes from. Its columns are learnt from the file. */
export async function openParquet(path: string, engine: Engine): Promise<EventTable<Columns>> {
  const sql = `read_parquet(${constant(path)}, hive_partitioning = false)`;
  const columns = await engine.describe(`SELECT * FROM ${sql}`);
  return EventTable.of(engine, { name: path, sql, columns: () => columns });
}
