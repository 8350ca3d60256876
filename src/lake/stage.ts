import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Columns, type ColumnType, type EventBatch, toFloat64 } from "../event/index.ts";
import { constant, identifier, sqlType } from "../sql/index.ts";
import type { AppendTable, ColumnarResult, DuckDb, VectorSource } from "../table/index.ts";
import type { SourceSpan, StagedFile } from "./lake-file.ts";
import { noDay, partition } from "./layout.ts";
import { fileColumns } from "./schema.ts";

/** Where a stage writes its files, and what it is told about the files that are there already. */
export interface StageTarget {
  readonly directory: string;
  /** A new file name, unique in the lake. */
  nextPart(): string;
  /** Files, committed or staged, that hold records of the source in the range; as absolute paths. */
  overlapping(table: string, span: SourceSpan): string[];
}

export interface StagedFiles {
  readonly files: readonly StagedFile[];
  readonly duplicates: number;
}

/** One table in memory for each layout of columns that the batches had. */
interface Layout {
  readonly table: AppendTable;
  readonly columns: Columns;
  /** Column name → column of the table in memory; two names that were one column share it. */
  readonly physical: ReadonlyMap<string, string>;
}

interface SourceState {
  readonly name: string;
  from: number;
  to: number;
  /** A record may be in this stage twice. */
  overlaps: boolean;
}

let tableNumber = 0;

/** Events of one feed on their way to Parquet: appended in memory, then sorted and written by day, without what the lake already has. */
export class FeedStage {
  readonly feed: string;
  readonly #engine: DuckDb;
  readonly #layouts = new Map<string, Layout>();
  readonly #sources = new Map<string, SourceState>();
  rows = 0;
  rawBytes = 0;

  constructor(engine: DuckDb, feed: string) {
    this.#engine = engine;
    this.feed = feed;
  }

  async append(batch: EventBatch): Promise<void> {
    if (batch.length === 0) return;
    const sources: VectorSource[] = [];
    const types: { name: string; type: ColumnType }[] = [];
    const physical = new Map<string, string>();
    const seen = new Map<unknown, string>();
    for (const [name, column] of batch.columns) {
      let place = seen.get(column);
      if (place === undefined) {
        place = `c${types.length}`;
        seen.set(column, place);
        types.push({ name: place, type: column.type });
        sources.push({ kind: "column", column });
      }
      physical.set(name, place);
    }
    const key = JSON.stringify([types, ...physical]);
    let layout = this.#layouts.get(key);
    if (!layout) {
      const name = `stage_${tableNumber++}`;
      const all = [...types, { name: "raw", type: "bytes" }, { name: "source", type: "string" }, { name: "low", type: "words" }] as const;
      const columns = Object.fromEntries([...batch.columns].map(([column, { type }]) => [column, type]));
      layout = { table: await this.#engine.createTable(name, all), columns, physical };
      this.#layouts.set(key, layout);
    }
    sources.push({ kind: "raw", raw: batch.raw }, { kind: "text", value: batch.source.id }, { kind: "words", values: batch.idLow });
    await layout.table.append(sources, batch.length);
    this.#remember(batch);
  }

  #remember({ source, length, raw }: EventBatch): void {
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    let isRising = true;
    for (let row = 0; row < length; row++) {
      const offset = source.offsets[row]!;
      if (offset < to) isRising = false;
      if (offset < from) from = offset;
      if (offset >= to) to = offset + 1;
      this.rawBytes += raw.ends[row]! - raw.starts[row]!;
    }
    this.rows += length;
    const known = this.#sources.get(source.id);
    if (!known) {
      this.#sources.set(source.id, { name: source.name, from, to, overlaps: !isRising });
      return;
    }
    if (!isRising || (from < known.to && to > known.from)) known.overlaps = true;
    known.from = Math.min(known.from, from);
    known.to = Math.max(known.to, to);
  }

  /** Writes the files below the target's directory and forgets the rows. */
  async write(schema: Columns, target: StageTarget): Promise<StagedFiles> {
    const layouts = [...this.#layouts.values()];
    for (const { table } of layouts) table.flush();
    const duplicates = (await this.#dropRepeated(layouts)) + (await this.#dropKnown(layouts, target));
    const columns = fileColumns(schema, new Set(layouts.flatMap((layout) => Object.keys(layout.columns))));
    const rows = layouts.map((layout) => layoutQuery(this.feed, layout, columns)).join("\nUNION ALL ");
    const files: StagedFile[] = [];
    for (const day of daysOf(await this.#engine.query(dayQuery(rows)), this.#sources)) {
      const folder = partition(this.feed, day.day ?? noDay);
      const path = `${folder}/${target.nextPart()}`;
      await mkdir(join(target.directory, ...folder.split("/")), { recursive: true });
      const absolute = join(target.directory, ...path.split("/"));
      await this.#engine.writeParquet(`SELECT * FROM (${rows}) ${whereDay(day.day)} ORDER BY "timestamp", event_id`, absolute);
      files.push({ ...day.file, table: this.feed, path, bytes: (await stat(absolute)).size, columns });
    }
    for (const { table } of layouts) await table.drop();
    return { files, duplicates };
  }

  async discard(): Promise<void> {
    for (const { table } of this.#layouts.values()) await table.drop();
    this.#layouts.clear();
  }

  /** Keeps the first of rows with one id. */
  async #dropRepeated(layouts: readonly Layout[]): Promise<number> {
    const ids = [...this.#sources].filter(([, state]) => state.overlaps).map(([id]) => constant(id));
    if (ids.length === 0) return 0;
    let dropped = 0;
    for (const [i, { table }] of layouts.entries()) {
      const name = identifier(table.name);
      dropped += await this.#engine.run(
        `DELETE FROM ${name} WHERE source IN (${ids.join(", ")}) AND rowid NOT IN
         (SELECT min(rowid) FROM ${name} WHERE source IN (${ids.join(", ")}) GROUP BY source, low)`,
      );
      for (const earlier of layouts.slice(0, i)) {
        dropped += await this.#engine.run(
          `DELETE FROM ${name} WHERE source IN (${ids.join(", ")}) AND (source, low) IN (SELECT (source, low) FROM ${identifier(earlier.table.name)})`,
        );
      }
    }
    return dropped;
  }

  /** Drops rows whose event is in a file already; looks only into files that hold the source at these offsets. */
  async #dropKnown(layouts: readonly Layout[], target: StageTarget): Promise<number> {
    let dropped = 0;
    for (const [id, { name, from, to }] of this.#sources) {
      const paths = target.overlapping(this.feed, { id, name, from, to });
      if (paths.length === 0) continue;
      const known = `SELECT event_id FROM read_parquet(${constant(paths)}, hive_partitioning = false) WHERE starts_with(event_id, ${constant(id)})`;
      for (const { table } of layouts) {
        dropped += await this.#engine.run(
          `DELETE FROM ${identifier(table.name)} WHERE source = ${constant(id)} AND ${eventIdSql} IN (${known})`,
        );
      }
    }
    return dropped;
  }
}

/** `eventId` of event/, in SQL. */
const eventIdSql = "(source || lpad(lower(hex(low)), 16, '0'))";

function layoutQuery(feed: string, { table, columns, physical }: Layout, all: Columns): string {
  const selected = Object.entries(all).map(([name, type]) => {
    if (name === "event_id") return `${eventIdSql} AS event_id`;
    if (name === "feed") return `${constant(feed)} AS feed`;
    if (name === "original_string") return "raw AS original_string";
    const place = physical.get(name);
    const value = place === undefined ? "NULL" : identifier(place);
    return columns[name] === type ? `${value} AS ${identifier(name)}` : `CAST(${value} AS ${sqlType(type)}) AS ${identifier(name)}`;
  });
  return `SELECT ${selected.join(", ")} FROM ${identifier(table.name)}`;
}

/** The offset of a record is the upper 44 bits of its id's low half. */
function dayQuery(rows: string): string {
  return `SELECT CAST(CAST("timestamp" AS DATE) AS VARCHAR) AS day, event_id[1:16] AS source, count(*) AS rows,
    min("timestamp") AS first, max("timestamp") AS last, min(event_id[17:27]) AS low, max(event_id[17:27]) AS high
    FROM (${rows}) GROUP BY ALL ORDER BY ALL`;
}

function whereDay(day: string | null): string {
  if (day === null) return `WHERE "timestamp" IS NULL`;
  return `WHERE "timestamp" >= ${constant(day)}::DATE AND "timestamp" < ${constant(day)}::DATE + INTERVAL 1 DAY`;
}

interface Day {
  readonly day: string | null;
  readonly file: Omit<StagedFile, "table" | "path" | "bytes" | "columns">;
}

function daysOf(result: ColumnarResult, sources: ReadonlyMap<string, SourceState>): Day[] {
  const days: {
    day: string | null;
    file: { rows: number; minTimestamp: number | null; maxTimestamp: number | null; sources: SourceSpan[] };
  }[] = [];
  const text = (name: string, row: number) => stringOf(result, name, row);
  const number = (name: string) => numbersOf(result, name);
  const [rows, first, last] = [number("rows"), number("first"), number("last")];
  for (let row = 0; row < result.length; row++) {
    const day = text("day", row);
    let entry = days.at(-1);
    if (entry?.day !== day) {
      entry = { day, file: { rows: 0, minTimestamp: null, maxTimestamp: null, sources: [] } };
      days.push(entry);
    }
    const { file } = entry;
    file.rows += rows[row]!;
    if (day !== null) {
      file.minTimestamp = Math.min(file.minTimestamp ?? Number.POSITIVE_INFINITY, first[row]!);
      file.maxTimestamp = Math.max(file.maxTimestamp ?? Number.NEGATIVE_INFINITY, last[row]!);
    }
    const id = text("source", row)!;
    const [from, to] = [Number.parseInt(text("low", row)!, 16), Number.parseInt(text("high", row)!, 16) + 1];
    file.sources.push({ id, name: sources.get(id)?.name ?? "", from, to });
  }
  return days;
}

function stringOf({ columns }: ColumnarResult, name: string, row: number): string | null {
  const column = columns.get(name);
  if (column?.type !== "string" || column.encoding !== "dictionary") throw new TypeError(`"${name}" holds no strings`);
  const isNull = column.validity !== undefined && (column.validity[row >> 3]! & (1 << (row & 7))) === 0;
  return isNull ? null : column.dictionary.values[column.codes[row]!]!;
}

function numbersOf({ columns }: ColumnarResult, name: string): Float64Array {
  const column = columns.get(name);
  if (!column || column.type === "string" || column.type === "bytes" || "child" in column)
    throw new TypeError(`"${name}" holds no numbers`);
  return toFloat64(column);
}
