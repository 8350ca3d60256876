import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Columns, type ColumnType, type EventBatch, isValid, toFloat64 } from "../event/index.ts";
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
  /** Rows came in the order in which a file keeps them, so that nothing has to be sorted. */
  #isSorted = true;
  #lastTime = Number.NEGATIVE_INFINITY;
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

  #remember({ source, length, raw, columns }: EventBatch): void {
    const time = columns.get("timestamp");
    const times = time?.type === "timestamp" ? time.values : undefined;
    if (!times || (this.#sources.size > 0 && !this.#sources.has(source.id))) this.#isSorted = false;
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    let isRising = true;
    for (let row = 0; row < length; row++) {
      const offset = source.offsets[row]!;
      if (offset < to) isRising = false;
      if (times && isValid(time!.validity, row)) {
        if (times[row]! < this.#lastTime) this.#isSorted = false;
        this.#lastTime = times[row]!;
      }
      if (offset < from) from = offset;
      if (offset >= to) to = offset + 1;
      this.rawBytes += raw.ends[row]! - raw.starts[row]!;
    }
    this.rows += length;
    const known = this.#sources.get(source.id);
    if (!isRising || this.#layouts.size > 1) this.#isSorted = false;
    if (!known) {
      this.#sources.set(source.id, { name: source.name, from, to, overlaps: !isRising });
      return;
    }
    if (from < known.to) this.#isSorted = false;
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
    const { staged, projection } = stagedRows(this.feed, layouts, columns);
    const files: StagedFile[] = [];
    for (const day of daysOf(await this.#engine.query(dayQuery(staged)), this.#sources)) {
      const folder = partition(this.feed, day.day ?? noDay);
      const path = `${folder}/${target.nextPart()}`;
      await mkdir(join(target.directory, ...folder.split("/")), { recursive: true });
      const absolute = join(target.directory, ...path.split("/"));
      const sorted = `SELECT * FROM (${staged}) ${whereDay(day.day)}${this.#isSorted ? "" : " ORDER BY time, source, low"}`;
      await this.#engine.writeParquet(`SELECT ${projection} FROM (${sorted})`, absolute);
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

/**
 * The staged rows with each value once, and the columns of a file made of them. Ids, constants and second names of one column are made after the
 * sort, which is half as wide for it (conn, one thread: 1.69 s against 1.81 s for 500,000 rows).
 */
function stagedRows(feed: string, layouts: readonly Layout[], columns: Columns): { staged: string; projection: string } {
  const known = new Map<string, string>();
  const selected = layouts.map(() => ["source", "low", "raw"]);
  const projection = Object.entries(columns).map(([name, type]) => {
    if (name === "event_id") return `${eventIdSql} AS event_id`;
    if (name === "feed") return `${constant(feed)} AS feed`;
    if (name === "original_string") return "raw AS original_string";
    const places = layouts.map(({ physical }) => physical.get(name));
    const isTime = name === "timestamp";
    if (!isTime && places.every((place) => place === undefined)) return `CAST(NULL AS ${sqlType(type)}) AS ${identifier(name)}`;
    const key = JSON.stringify([type, ...places.map((place) => place ?? null)]);
    let inner = known.get(key);
    if (inner === undefined) {
      inner = isTime ? "time" : `v${known.size}`;
      known.set(key, inner);
      for (const [i, { columns: held }] of layouts.entries()) {
        const value = places[i] ?? "NULL";
        selected[i]!.push(`${held[name] === type ? value : `CAST(${value} AS ${sqlType(type)})`} AS ${inner}`);
      }
    }
    return `${inner} AS ${identifier(name)}`;
  });
  const staged = layouts.map(({ table }, i) => `SELECT ${selected[i]!.join(", ")} FROM ${identifier(table.name)}`).join("\nUNION ALL ");
  return { staged, projection: projection.join(", ") };
}

/** The offset of a record is the upper 44 bits of its id's low half. */
function dayQuery(staged: string): string {
  return `SELECT CAST(CAST(time AS DATE) AS VARCHAR) AS day, source, count(*) AS rows,
    min(time) AS first, max(time) AS last, CAST(min(low) >> 20 AS DOUBLE) AS "from", CAST(max(low) >> 20 AS DOUBLE) AS "to"
    FROM (${staged}) GROUP BY ALL ORDER BY ALL`;
}

function whereDay(day: string | null): string {
  if (day === null) return "WHERE time IS NULL";
  return `WHERE time >= ${constant(day)}::DATE AND time < ${constant(day)}::DATE + INTERVAL 1 DAY`;
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
  const [rows, first, last, from, to] = [number("rows"), number("first"), number("last"), number("from"), number("to")];
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
    file.sources.push({ id, name: sources.get(id)?.name ?? "", from: from[row]!, to: to[row]! + 1 });
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
