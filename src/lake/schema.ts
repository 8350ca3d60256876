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

/** Where the columns of new data go in a table. */
export interface Placement {
  /** The table's columns afterwards. */
  readonly schema: Columns;
  /** Column of the data → column of the table, where the two are called differently. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * A table's columns with those of new data. Columns are only ever gained; integers widen to bigint and both to double, but a declared column
 * keeps its type, for programs are compiled against it. A column of a type that does not fit, or whose name differs from another one only by
 * upper and lower case, goes beside it, under its name with the type behind it: `port__string`.
 *
 * @param reserved - names that the data cannot have
 */
export function placeColumns(table: string, known: Columns, added: Columns, reserved: readonly string[] = []): Placement {
  const declared = declaredColumns(table);
  const schema: Record<string, ColumnType> = { ...declared, ...known };
  const spelling = new Map(Object.keys(schema).map((name) => [name.toLowerCase(), name]));
  const renamed = new Map<string, string>();
  // A name that the data has itself is not given to another one of its columns.
  const taken = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const typeIn = (name: string, type: ColumnType): ColumnType | undefined => {
    const spelled = spelling.get(name.toLowerCase());
    if (spelled === undefined) return type;
    if (spelled !== name || reserved.includes(name)) return undefined;
    const before = schema[name]!;
    if (fits(type, before)) return before;
    return !Object.hasOwn(declared, name) && fits(before, type) ? type : undefined;
  };
  for (const [name, type] of Object.entries(added)) {
    let place = name;
    let placeType = typeIn(name, type);
    for (let n = 1; placeType === undefined; n++) {
      place = `${name}__${type.replace("[]", "_list")}${n === 1 ? "" : `_${n}`}`;
      placeType = taken.has(place.toLowerCase()) ? undefined : typeIn(place, type);
    }
    schema[place] = placeType;
    spelling.set(place.toLowerCase(), place);
    taken.add(place.toLowerCase());
    if (place !== name) renamed.set(name, place);
  }
  return { schema, renamed };
}

/**
 * {@link placeColumns} for data that cannot be given other names.
 * @throws SOCLAB_SCHEMA_CONFLICT
 */
export function mergedSchema(table: string, known: Columns, added: Columns): Columns {
  const { schema, renamed } = placeColumns(table, known, added);
  for (const [name, place] of renamed) {
    throw new SoclabError("SOCLAB_SCHEMA_CONFLICT", `column "${name}" (${added[name]}) does not fit into the table "${table}"`, {
      hint: `Call it "${place}".`,
    });
  }
  return schema;
}

/** The columns of a file: the standard ones and what the data has. */
export function fileColumns(schema: Columns, present: ReadonlySet<string>): Columns {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => Object.hasOwn(standardColumns, name) || present.has(name)));
}
