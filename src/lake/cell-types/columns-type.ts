import type { ColumnType } from "../../event/index.ts";

/** A column of a query whose type depends on a value that is not known yet. */
export const anyColumn: readonly ColumnType[] = ["string", "double", "bigint", "integer", "boolean", "timestamp", "bytes"];

/** Columns as a TypeScript type. Names come from data that an attacker may have written, so they are quoted as JSON. */
export function columnsType(columns: Readonly<Record<string, ColumnType | readonly ColumnType[]>>): string {
  const members = Object.entries(columns).map(([name, type]) => {
    const types = typeof type === "string" ? [type] : type;
    return `readonly ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${types.map((each) => JSON.stringify(each)).join(" | ")}`;
  });
  return `{ ${members.join("; ")} }`;
}
