import type { Columns } from "../../event/index.ts";
import type { CellLake } from "./lake-in-cell.ts";
import type { Relation } from "./sql-scope.ts";

/** The columns of what a query reads from; none where that is not known. */
export async function columnsOf(lake: CellLake, from: Relation["from"]): Promise<Columns> {
  try {
    if ("query" in from) return await lake.sql(from.query).schema();
    const name = lake.tables().find((table) => table.toLowerCase() === from.table.toLowerCase()) ?? from.table;
    return lake.schema(name);
  } catch {
    // A query that is being written is wrong most of the time.
    return {};
  }
}
