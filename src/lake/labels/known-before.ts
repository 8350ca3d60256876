import { SoclabError } from "../../core/index.ts";
import type { Columns, FeedColumns } from "../../event/index.ts";
import { EventTable, rowsOf } from "../../table/index.ts";
import type { Lake } from "../lake.ts";
import { assertionsOf, type LabelledOptions, type LabelledParts, labelledQuery, taggedRows } from "./labelled-query.ts";

export interface LabelOptionsOfLake {
  /** Suricata alerts below this confidence (0.8 for priority 1, 0.5 for 2, 0.3 else) say nothing of their flow; default 0.5. */
  readonly minAlertConfidence?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A table's columns, with `tags` beside its label. */
export type LabelledColumns<F extends string> = Omit<FeedColumns<F>, "tags"> & { readonly tags: "string[]" };

const defaultMinAlertConfidence = 0.5;

/**
 * A table with the labels that were known before a time: what a model trained at that time may learn from. Labels come from the record
 * itself, threat intelligence, Suricata alerts on the same flow, and assertions of the table `labels` (files, verdicts, tags); one whose
 * time is not known counts only where the record brought it along.
 *
 * @param time - exclusive; null for all labels that there are
 * @throws SOCLAB_UNKNOWN_TABLE, SOCLAB_INVALID_VALUE
 * @example
 * ```ts
 * const conn = await labelsKnownBefore(lake, "conn", new Date("2022-06-13T00:00:00Z"));
 * const rows = await conn.where((c) => c.label.eq("malicious")).select("event_id", "label_source", "tags").rows();
 * ```
 */
export async function labelsKnownBefore<F extends string>(
  lake: Lake,
  table: F,
  time: Date | null,
  options: LabelOptionsOfLake = {},
): Promise<EventTable<LabelledColumns<F>>> {
  const { parts, labelled } = await prepare(lake, table, time, options);
  const sql = `(${labelledQuery(parts, labelled)})`;
  return EventTable.of(lake.userEngine, { name: table, sql, columns: () => ({ ...parts.schema, tags: "string[]" }) });
}

/** One thing said of one event. */
const assertionColumns = {
  event_id: "string",
  label: "string",
  source: "string",
  confidence: "double",
  known_at: "timestamp",
  tag: "string",
} as const satisfies Columns;

/** Every assertion that concerns an event of the table, a row each, the contradicting ones too; the record's own label is not among them. */
export async function assertionsKnownBefore(
  lake: Lake,
  table: string,
  time: Date | null,
  options: LabelOptionsOfLake = {},
): Promise<EventTable<typeof assertionColumns>> {
  const { parts, labelled } = await prepare(lake, table, time, options);
  const before = labelled.knownBefore === null ? null : `make_timestamp(${labelled.knownBefore})`;
  return EventTable.of(lake.userEngine, {
    name: `labels of ${table}`,
    sql: `(${assertionsOf(parts, labelled, before)})`,
    columns: () => assertionColumns,
  });
}

async function prepare(lake: Lake, table: string, time: Date | null, { minAlertConfidence, signal }: LabelOptionsOfLake) {
  if (time !== null && Number.isNaN(time.getTime()))
    throw new SoclabError("SOCLAB_INVALID_VALUE", "the time that labels must be known before is no date");
  const least = minAlertConfidence ?? defaultMinAlertConfidence;
  if (!(least >= 0 && least <= 1)) throw new SoclabError("SOCLAB_INVALID_VALUE", `minAlertConfidence is ${least}, expected 0 to 1`);
  const schema = lake.schema(table);
  const tables = lake.tables();
  const hasAssertions = tables.includes("labels");
  const labelled: LabelledOptions = { knownBefore: time === null ? null : time.getTime() * 1000, minAlertConfidence: least };
  const parts: LabelledParts = {
    table,
    schema,
    hasAssertions,
    hasAlerts: tables.includes("suricata"),
    entityColumns: hasAssertions ? await entityColumns(lake, schema, signal) : [],
    queries: hasAssertions ? await taggedQueries(lake, table, signal) : [],
  };
  return { parts, labelled };
}

async function entityColumns(lake: Lake, schema: Columns, signal: AbortSignal | undefined): Promise<string[]> {
  const named = await lake.query(
    `SELECT DISTINCT about_column AS name FROM labels WHERE about = 'entity' AND about_column IS NOT NULL ORDER BY name`,
    { signal },
  );
  return Array.from(rowsOf(named), ({ name }) => String(name)).filter(
    (name) => name === "address" || (Object.hasOwn(schema, name) && schema[name] !== "bytes"),
  );
}

async function taggedQueries(lake: Lake, table: string, signal: AbortSignal | undefined) {
  const found = await lake.query(`SELECT event_id, about_where FROM labels WHERE about = 'query' AND about_table = $1 ORDER BY event_id`, {
    values: [table],
    signal,
  });
  const queries = Array.from(rowsOf(found), ({ event_id, about_where }) => ({ eventId: String(event_id), where: String(about_where) }));
  // As a user's SQL first: it is one statement that only reads, so it is one inside a larger one, too.
  for (const { where } of queries) await lake.sql(`SELECT * FROM (${taggedRows(table, where)}) LIMIT 0`, [], { signal }).rows();
  return queries;
}

/**
 * That a condition over a table can be asked, and how many rows it finds now.
 * @throws SOCLAB_QUERY, SOCLAB_UNKNOWN_COLUMN, SOCLAB_UNKNOWN_TABLE
 */
export async function countWhere(lake: Lake, table: string, where: string, signal?: AbortSignal): Promise<number> {
  lake.schema(table);
  const [row] = await lake.sql(`SELECT count(*) AS n FROM (${taggedRows(table, where)})`, [], { signal }).rows();
  return Number(row!.n);
}
