import type { WorkOptions } from "../core/index.ts";
import type { Enricher } from "../enrich/index.ts";
import type { ReadingContext, RuleSet } from "../event/index.ts";
import { type Feed, feedOf, type KeptRecord, rereadRecords } from "../ingest/index.ts";
import { constant } from "../sql/index.ts";
import { rowsOf } from "../table/index.ts";
import { type DeadLetterFilter, letterCondition, letterIdSql } from "./dead-letters.ts";
import type { LakeFile } from "./lake-file.ts";
import { absolutePath, deadLetterTable } from "./layout.ts";
import { deadLetterColumns } from "./schema.ts";
import type { LakeWriter } from "./writer.ts";

export interface ReplayOptions extends WorkOptions {
  readonly filter?: DeadLetterFilter | undefined;
  /** Reads the letters instead of the feed that they came from: the one that was mended. */
  readonly feed?: Feed | undefined;
  readonly enricher?: Enricher | undefined;
  readonly rules?: RuleSet | undefined;
  /** Header lines for records that had none, or a wrong one. */
  readonly header?: readonly Uint8Array[] | undefined;
  /** For records that were too long. */
  readonly maxRecordBytes?: number | undefined;
}

/** letters = events + duplicates + still dead + set aside. */
export interface ReplayCounts {
  readonly letters: number;
  readonly events: number;
  /** Letters whose event the lake had already; they are gone. */
  readonly duplicates: number;
  readonly stillDead: number;
  /** Letters that are no whole record: the rest of a damaged archive, a header line; or of a lake older than replay. */
  readonly setAside: number;
  /** Columns that did not fit into their table, and where they are. */
  readonly warnings?: readonly string[];
}

interface Letter extends KeptRecord {
  readonly feed: string;
  readonly source: string;
  readonly sourceId: string;
}

const noRecord = ["TRUNCATED_GZIP", "CORRUPT_GZIP", "BAD_HEADER"];

/**
 * Reads dead letters again, as they stood in their sources: what is an event now comes into the lake under the id it would have had, and in
 * the same commit its letter goes. A file of letters is one commit, so that a kill loses and doubles nothing.
 *
 * @throws SOCLAB_UNKNOWN_FEED, SOCLAB_INVALID_VALUE
 */
export async function replayDeadLetters(writer: LakeWriter, options: ReplayOptions = {}): Promise<ReplayCounts> {
  const { filter = {}, signal, onProgress } = options;
  const totals = { letters: 0, events: 0, duplicates: 0, stillDead: 0, setAside: 0 };
  const warnings = new Set<string>();
  const files = writer.files(deadLetterTable);
  for (const [done, file] of files.entries()) {
    signal?.throwIfAborted();
    const counts = await replayFile(writer, file, letterCondition(filter), options);
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += counts[key];
    for (const warning of counts.warnings ?? []) warnings.add(warning);
    onProgress?.({ step: "replay", done: done + 1, total: files.length, unit: "files" });
  }
  return warnings.size > 0 ? { ...totals, warnings: [...warnings] } : totals;
}

async function replayFile(writer: LakeWriter, file: LakeFile, condition: string, options: ReplayOptions): Promise<ReplayCounts> {
  const scan = `read_parquet(${constant(absolutePath(writer.directory, file.path))}, hive_partitioning = false)`;
  if (!Object.hasOwn(file.columns, "context")) return { ...nothing, letters: file.rows, setAside: file.rows };
  const isWhole = `code NOT IN (${noRecord.map(constant).join(", ")})${options.maxRecordBytes === undefined ? " AND code <> 'RECORD_TOO_LONG'" : ""}`;
  const [count] = rowsOf(await writer.engine.query(`SELECT count(*) AS n FROM ${scan} WHERE ${condition}`));
  const letters = Number(count!.n);
  const chosen = `${condition} AND ${isWhole}`;
  const found = await lettersOf(writer, `SELECT * FROM ${scan} WHERE ${chosen} ORDER BY source_id, "offset"`, options.header);
  if (found.length === 0) return { ...nothing, letters, setAside: letters };
  const pieces = Number(rowsOf(await writer.engine.query(`SELECT count(*) AS n FROM ${scan} WHERE ${chosen}`)).next().value!.n);

  writer.remove([file], "rewrite");
  let records = 0;
  let dead = 0;
  for (const group of groupsOf(found)) {
    const { source, sourceId, feed } = group[0]!;
    const { rules, maxRecordBytes } = options;
    const read = rereadRecords(options.feed ?? feedOf(feed), group, { source, sourceId, rules, maxRecordBytes });
    for (const batch of read.batches) {
      await writer.append(options.enricher ? options.enricher.enrich(batch) : batch);
      records += batch.length;
    }
    await writer.appendDeadLetters(read.deadLetters);
    dead += read.deadLetters.length;
  }
  const { sources, columns, arrived } = file;
  const rest = `SELECT ${Object.keys(columns)
    .map((name) => `"${name}"`)
    .join(", ")} FROM ${scan} WHERE NOT (${chosen}) ORDER BY source_id, "offset"`;
  await writer.addFile({ table: deadLetterTable, day: undefined, sql: rest, columns, sources, arrived });
  const { events, notes } = await writer.commit();
  const joined = pieces - found.length;
  return {
    letters: letters - joined,
    events,
    duplicates: records - events,
    stillDead: dead,
    setAside: letters - pieces,
    ...(notes ? { warnings: notes } : {}),
  };
}

const nothing: ReplayCounts = { letters: 0, events: 0, duplicates: 0, stillDead: 0, setAside: 0 };

async function lettersOf(writer: LakeWriter, sql: string, header: readonly Uint8Array[] | undefined): Promise<Letter[]> {
  const letters: Letter[] = [];
  const given = header?.map((line) => Buffer.from(line).toString("base64"));
  for await (const piece of writer.engine.stream(sql)) {
    for (const row of rowsOf(piece)) {
      const { feed, source, source_id, offset, code, raw, context } = row;
      if (!(raw instanceof Uint8Array)) continue;
      const before = letters.at(-1);
      // The pieces of one over-long record follow each other without a gap.
      if (
        code === "RECORD_TOO_LONG" &&
        before !== undefined &&
        before.sourceId === source_id &&
        before.offset + before.raw.length === Number(offset)
      ) {
        letters[letters.length - 1] = { ...before, raw: Buffer.concat([before.raw, raw]) };
        continue;
      }
      const read: ReadingContext = JSON.parse(String(context));
      letters.push({
        feed: String(feed),
        source: String(source),
        sourceId: String(source_id),
        offset: Number(offset),
        raw,
        context: given ? { ...read, header: given } : read,
      });
    }
  }
  return letters;
}

function* groupsOf(letters: readonly Letter[]): Generator<readonly Letter[]> {
  for (let from = 0; from < letters.length; ) {
    const { sourceId, feed } = letters[from]!;
    let until = from + 1;
    while (until < letters.length && letters[until]!.sourceId === sourceId && letters[until]!.feed === feed) until++;
    yield letters.slice(from, until);
    from = until;
  }
}

/**
 * Takes out the letters whose record is an event by now: its source was ingested again with a parser that was mended.
 * @param sourceIds - the sources that were ingested
 */
export async function dropResolved(writer: LakeWriter, sourceIds: ReadonlySet<string>): Promise<number> {
  const holds = (file: LakeFile) => file.sources.some(({ id }) => sourceIds.has(id));
  const letterFiles = writer.files(deadLetterTable).filter((file) => holds(file) && Object.hasOwn(file.columns, "source_id"));
  if (letterFiles.length === 0) return 0;
  const paths = (files: readonly LakeFile[]) => constant(files.map(({ path }) => absolutePath(writer.directory, path)));
  let dropped = 0;
  for (const file of letterFiles) {
    const spans = file.sources.filter(({ id }) => sourceIds.has(id));
    const eventFiles = writer
      .files()
      .filter(
        ({ table, sources }) =>
          table !== deadLetterTable && sources.some((a) => spans.some((b) => a.id === b.id && a.from < b.to && b.from < a.to)),
      );
    if (eventFiles.length === 0) continue;
    const ids = `SELECT substr(event_id, 1, 27) FROM read_parquet(${paths(eventFiles)}, hive_partitioning = false, union_by_name = true)`;
    const scan = `read_parquet(${paths([file])}, hive_partitioning = false)`;
    const isResolved = `${letterIdSql} IN (${ids})`;
    const [count] = rowsOf(await writer.engine.query(`SELECT count(*) AS n FROM ${scan} WHERE ${isResolved}`));
    const resolved = Number(count!.n);
    if (resolved === 0) continue;
    const { sources, columns, arrived } = file;
    const names = Object.keys(deadLetterColumns).map((name) => `"${name}"`);
    const sql = `SELECT ${names.join(", ")} FROM ${scan} WHERE NOT (${isResolved}) ORDER BY source_id, "offset"`;
    await writer.replace({
      remove: [file],
      reason: "rewrite",
      add: [{ table: deadLetterTable, day: undefined, sql, columns, sources, arrived }],
    });
    dropped += resolved;
  }
  return dropped;
}
