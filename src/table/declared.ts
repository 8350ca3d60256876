import { SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";
import { unknownColumn } from "./unknown-column.ts";

/** Holds what a caller declared against what a table has, so that its types are true. */
export function checkDeclared(table: string, columns: Columns, declared: Columns): void {
  for (const [name, type] of Object.entries(declared)) {
    if (!Object.hasOwn(columns, name)) throw unknownColumn(name, table, columns);
    if (columns[name] !== type) {
      throw new SoclabError("SOCLAB_SCHEMA_CONFLICT", `column "${name}" of table "${table}" is ${columns[name]}, declared was ${type}`);
    }
  }
}
