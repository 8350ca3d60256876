import type { Columns } from "../../event/index.ts";
import { type ColumnarResult, type Engine, resultValue, rowsOf, type UntypedRow } from "../../table/index.ts";
import { compareHits, type HitPlace } from "./hit-order.ts";
import type { FileGroup, PlannedFile } from "./plan.ts";
import { pathColumn, rangesSql, type Scan, scanSql, scansOf, slicesOf } from "./slices.ts";

/** A hit that was found: its place in the order, and the file it is in. */
export interface FoundHit extends HitPlace {
  readonly group: FileGroup;
  readonly path: string;
}

interface Work {
  readonly signal?: AbortSignal | undefined;
}

const maxSlicesPerStep = 256;

/**
 * The first hits behind a place, newest first. Files are looked into from the newest time on, in steps that grow, until nothing older can
 * come before what was found.
 */
export async function firstHits(
  engine: Engine,
  planned: readonly PlannedFile[],
  after: HitPlace | undefined,
  limit: number,
  work: Work,
): Promise<FoundHit[]> {
  const newestTime = after?.time ?? Number.POSITIVE_INFINITY;
  const slices = slicesOf(planned).filter(({ from, to }) => (after?.time === null ? !Number.isFinite(to) : from <= newestTime));
  let found: FoundHit[] = [];
  for (let at = 0, step = 1; at < slices.length; step = Math.min(2 * step, maxSlicesPerStep)) {
    const last = found[limit - 1];
    if (last && last.time !== null && last.time > slices[at]!.to) break;
    const taken = slices.slice(at, at + step);
    at += step;
    const pieces = await Promise.all(scansOf(taken).map((scan) => keysOf(engine, scan, after, limit, work)));
    found = [...found, ...pieces.flat()].sort(compareHits).slice(0, limit);
  }
  return found;
}

async function keysOf(
  engine: Engine,
  { group, paths, ranges }: Scan,
  after: HitPlace | undefined,
  limit: number,
  { signal }: Work,
): Promise<FoundHit[]> {
  const values = [...group.values];
  const bind = (value: string | bigint) => `$${values.push(value)}`;
  const bindTime = (micros: number) => `make_timestamp(${bind(BigInt(micros))}::BIGINT)`;
  const { time, id, order } = keySql(group.columns);
  const conditions = ranges ? [rangesSql(ranges, bindTime), group.condition] : [group.condition];
  if (after) {
    if (after.time === null) conditions.push(`(${time} IS NULL AND ${id} < ${bind(after.id)})`);
    else if (time !== null) {
      const at = bindTime(after.time);
      conditions.push(`(${time} IS NULL OR (${time} <= ${at} AND (${time} < ${at} OR ${id} < ${bind(after.id)})))`);
    }
  }
  const sql = `SELECT "${pathColumn}" AS path, ${time === null ? "NULL::DOUBLE" : `epoch_us(${time})::DOUBLE`} AS "time", ${id} AS id
    FROM ${scanSql({ group, paths })} WHERE ${conditions.join(" AND ")} ORDER BY ${order} LIMIT ${limit}`;
  const { columns, length } = await engine.query(sql, { values, signal });
  const read = (name: string, row: number) => resultValue(columns.get(name)!, row);
  return Array.from({ length }, (_, row) => ({
    group,
    path: String(read("path", row)),
    time: read("time", row) as number | null,
    id: String(read("id", row)),
  }));
}

/** Dead letters have no id of their own, and no time. */
function keySql(columns: Columns): { time: string | null; id: string; order: string } {
  const hasTime = Object.hasOwn(columns, "timestamp");
  const time = hasTime ? '"timestamp"' : null;
  const id = Object.hasOwn(columns, "event_id")
    ? "event_id"
    : `concat_ws(':', source, lpad(CAST("offset" AS VARCHAR), 16, '0'), code, md5(raw))`;
  return { time, id, order: `${time === null ? "" : `${time} DESC NULLS LAST, `}${id === "event_id" ? id : "id"} DESC` };
}

/** The whole rows of hits, in their order. Looks only into the files that hold them, at their times. */
export async function rowsOfHits(engine: Engine, hits: readonly FoundHit[], work: Work): Promise<UntypedRow[]> {
  const groups = new Map<FileGroup, FoundHit[]>();
  for (const hit of hits) {
    const group = groups.get(hit.group);
    if (group) group.push(hit);
    else groups.set(hit.group, [hit]);
  }
  const rows = new Map<string, UntypedRow>();
  const read = async (group: FileGroup, hits: readonly FoundHit[]) => {
    for (const row of await rowsOfGroup(engine, group, hits, work)) rows.set(row.id, row.row);
  };
  await Promise.all([...groups].map(([group, hits]) => read(group, hits)));
  return hits.map(({ id }) => rows.get(id)!);
}

async function rowsOfGroup(
  engine: Engine,
  group: FileGroup,
  hits: readonly FoundHit[],
  { signal }: Work,
): Promise<{ id: string; row: UntypedRow }[]> {
  const { time, id } = keySql(group.columns);
  const values: (string | bigint)[] = hits.map((hit) => hit.id);
  const conditions = [`${id} IN (${hits.map((_, i) => `$${i + 1}`).join(", ")})`];
  const times = [...new Set(hits.map((hit) => hit.time))];
  // An IN on the column that the file is sorted by reads few row groups; the ids alone would read them all.
  if (time !== null && times.every((micros) => micros !== null))
    conditions.unshift(`${time} IN (${times.map((micros) => `make_timestamp($${values.push(BigInt(micros))}::BIGINT)`).join(", ")})`);
  const paths = [...new Set(hits.map(({ path }) => path))];
  const result: ColumnarResult = await engine.query(
    `SELECT ${id} AS "soclab id", * EXCLUDE ("${pathColumn}") FROM ${scanSql({ group, paths })} WHERE ${conditions.join(" AND ")}`,
    { values, signal },
  );
  return [...rowsOf(result)].map(({ "soclab id": key, ...row }) => ({ id: String(key), row }));
}

/** The number of hits of each scan. */
export async function countHits(engine: Engine, planned: readonly PlannedFile[], { signal }: Work): Promise<number[]> {
  return Promise.all(
    scansOf(slicesOf(planned)).map(async ({ group, paths, ranges }) => {
      const values = [...group.values];
      const bindTime = (micros: number) => `make_timestamp($${values.push(BigInt(micros))}::BIGINT)`;
      const condition = ranges ? `${rangesSql(ranges, bindTime)} AND ${group.condition}` : group.condition;
      const sql = `SELECT count(*)::DOUBLE AS n FROM ${scanSql({ group, paths })} WHERE ${condition}`;
      const { columns } = await engine.query(sql, { values, signal });
      return resultValue(columns.get("n")!, 0) as number;
    }),
  );
}
