import { SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";
import { constant } from "../sql/index.ts";
import { EventTable } from "../table/index.ts";
import type { Lake } from "./lake.ts";
import { deadLetterTable } from "./layout.ts";

/** Which dead letters; every condition that is given must hold. */
export interface DeadLetterFilter {
  /** The first digits of the id, at least eight. */
  readonly id?: string | undefined;
  readonly code?: string | undefined;
  readonly feed?: string | undefined;
  /** The source's name, as it was ingested. */
  readonly source?: string | undefined;
}

const listedColumns = {
  id: "string",
  feed: "string",
  source: "string",
  offset: "bigint",
  code: "string",
  reason: "string",
  raw: "bytes",
} as const satisfies Columns;

const countedColumns = {
  feed: "string",
  code: "string",
  source: "string",
  letters: "bigint",
  example: "string",
} as const satisfies Columns;

/** The id of a letter as SQL; see `deadLetterId`. An event's id begins with that of the letter it would have been. */
export const letterIdSql = `source_id || format('{:011x}', "offset")`;

/** @throws SOCLAB_INVALID_VALUE for an id that is none */
export function letterCondition({ id, code, feed, source }: DeadLetterFilter): string {
  if (id !== undefined && !/^[0-9a-f]{8,27}$/.test(id))
    throw new SoclabError("SOCLAB_INVALID_VALUE", `${JSON.stringify(id)} is no dead letter's id, expected 8 to 27 hexadecimal digits`);
  const conditions = ["TRUE"];
  if (id !== undefined) conditions.push(`starts_with(${letterIdSql}, ${constant(id)})`);
  for (const [name, value] of Object.entries({ code, feed, source }))
    if (value !== undefined) conditions.push(`${name} = ${constant(value)}`);
  return conditions.join(" AND ");
}

/** The lake's dead letters, in order of source and place. */
export function deadLetters(lake: Lake, filter: DeadLetterFilter = {}): EventTable<typeof listedColumns> {
  return tableOf(
    lake,
    filter,
    `${letterIdSql} AS id, feed, source, "offset", code, reason, raw`,
    'ORDER BY source, "offset"',
    listedColumns,
  );
}

/** How many dead letters there are of each feed, code and source, most first, with one reason each. */
export function countDeadLetters(lake: Lake, filter: DeadLetterFilter = {}): EventTable<typeof countedColumns> {
  const columns = "feed, code, source, count(*) AS letters, min(reason) AS example";
  return tableOf(lake, filter, columns, "GROUP BY feed, code, source ORDER BY letters DESC, feed, code, source", countedColumns);
}

function tableOf<C extends Columns>(lake: Lake, filter: DeadLetterFilter, columns: string, rest: string, schema: C): EventTable<C> {
  const sql = `(SELECT ${columns} FROM ${deadLetterTable} WHERE ${letterCondition(filter)} ${rest})`;
  return EventTable.of(lake.engine, { name: deadLetterTable, sql, columns: () => schema });
}
