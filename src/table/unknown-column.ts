import { nearestName, SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";

export function unknownColumn(column: string, table: string, columns: Columns): SoclabError {
  const names = Object.keys(columns);
  const near = nearestName(column, names);
  return new SoclabError("SOCLAB_UNKNOWN_COLUMN", `table "${table}" has no column "${column}".${near ? ` Did you mean "${near}"?` : ""}`, {
    hint: `Its columns are ${names.slice(0, 100).join(", ")}.`,
  });
}
