import { SoclabError } from "../core/index.ts";
import { type Columns, type ColumnType, columnsOf, elementType, isListType, type ScalarType, standardColumns } from "../event/index.ts";
import { deadLetterTable } from "./layout.ts";

/** Every number of the type on the left is exact, or nearest, in those on the right. */
const widerTypes: Partial<Record<ScalarType, readonly ScalarType[]>> = { integer: ["bigint", "double"], bigint: ["double"] };

export const deadLetterColumns = {
  source: "string",
  offset: "bigint",
  code: "string",
  reason: "string",
  raw: "bytes",
  feed: "string",
  source_id: "string",
  /** JSON: what the record was read with besides its bytes. */
  context: "string",
} as const satisfies Columns;

/** The columns that a table has before it has data. */
export function declaredColumns(table: string): Columns {
  return table === deadLetterTable ? deadLetterColumns : columnsOf(table);
}

function fits(from: ColumnType, into: ColumnType): boolean {
  if (from === into) return true;
  if (from === "bytes" || into === "bytes") return false;
  if (isListType(from) !== isListType(into)) return false;
  const [a, b] = isListType(from) && isListType(into) ? [elementType(from), elementType(into)] : [from, into];
  return widerTypes[a as ScalarType]?.includes(b as ScalarType) ?? false;
}

/**
 * A table's columns with those of new data: columns are only ever gained, integers widen to bigint and both to double. A declared column
 * keeps its type, for programs are compiled against it.
 *
 * @throws SOCLAB_SCHEMA_CONFLICT
 */
export function mergedSchema(table: string, known: Columns, added: Columns): Columns {
  const declared = declaredColumns(table);
  const merged: Record<string, ColumnType> = { ...declared, ...known };
  const spelling = new Map(Object.keys(merged).map((name) => [name.toLowerCase(), name]));
  for (const [name, type] of Object.entries(added)) {
    const taken = spelling.get(name.toLowerCase());
    if (taken !== undefined && taken !== name) {
      throw new SoclabError("SOCLAB_SCHEMA_CONFLICT", `table "${table}" has a column "${taken}", so "${name}" cannot be another one`, {
        hint: "SQL does not tell upper from lower case in column names; rename one in the parser.",
      });
    }
    spelling.set(name.toLowerCase(), name);
    const before = merged[name];
    if (before === undefined) merged[name] = type;
    else if (!fits(type, before)) {
      if (Object.hasOwn(declared, name) || !fits(before, type)) {
        throw new SoclabError("SOCLAB_SCHEMA_CONFLICT", `column "${name}" of table "${table}" is ${before}, and the new data has ${type}`, {
          hint: "Give the column another name in the parser, or put the data in a feed of its own.",
        });
      }
      merged[name] = type;
    }
  }
  return merged;
}

/** The columns of a file: the standard ones and what the data has. */
export function fileColumns(schema: Columns, present: ReadonlySet<string>): Columns {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => Object.hasOwn(standardColumns, name) || present.has(name)));
}
