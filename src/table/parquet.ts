import type { Columns } from "../event/index.ts";
import { constant } from "../sql/index.ts";
import { checkDeclared } from "./declared.ts";
import type { Engine } from "./engine.ts";
import { EventTable } from "./event-table.ts";

/** A Parquet file as a table, wherever it comes from. Its columns are learnt from the file; those that are declared are typed. */
export function openParquet(path: string, engine: Engine): Promise<EventTable<Columns>>;
/** @throws SOCLAB_UNKNOWN_COLUMN, SOCLAB_SCHEMA_CONFLICT where the file is not as declared */
export function openParquet<C extends Columns>(path: string, engine: Engine, declared: C): Promise<EventTable<C>>;
export async function openParquet(path: string, engine: Engine, declared: Columns = {}): Promise<EventTable<Columns>> {
  const sql = `read_parquet(${constant(path)}, hive_partitioning = false)`;
  const columns = await engine.describe(`SELECT * FROM ${sql}`);
  checkDeclared(path, columns, declared);
  return EventTable.of(engine, { name: path, sql, columns: () => columns });
}
