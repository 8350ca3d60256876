import { mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SoclabError } from "../core/index.ts";
import type { Columns, DeadLetter, EventBatch } from "../event/index.ts";
import { constant } from "../sql/index.ts";
import { DuckDb, type DuckDbOptions, type Engine, rowsOf } from "../table/index.ts";
import { CommitLog } from "./commit-log.ts";
import { DeadLetterStage } from "./dead-letter-stage.ts";
import { moveAll, removeFolder } from "./durable.ts";
import type { LakeFile, RemovalReason, SourceSpan, StagedFile } from "./lake-file.ts";
import { checkedFeed, commitsPath, deadLetterTable, partition, partName } from "./layout.ts";
import { acquireLock } from "./lock.ts";
import { PendingChange } from "./pending-change.ts";
import { deleteRemoved, removeLeftovers } from "./removed-files.ts";
import { mergedSchema, placeColumns } from "./schema.ts";
import { FeedStage, type StageTarget } from "./stage.ts";
import { type SearchBuilder, Staging } from "./staging.ts";

export interface LakeWriterOptions extends Pick<DuckDbOptions, "threads" | "memoryBytes"> {
  /** Events of a feed held in memory before they are written to a staged file; default 500,000. */
  readonly rowsPerFile?: number | undefined;
  /** Makes the search index that each new file gets. */
  readonly buildSearch?: SearchBuilder | undefined;
  /** How long files that left the lake stay on the disk, for queries that began before; default 10 minutes. */
  readonly keepRemovedMs?: number | undefined;
}

/** A data file made by a query over files of the lake. */
export interface RewrittenFile {
  readonly table: string;
  /** UTC, `2022-06-12`, or `none`; undefined for a table that has no days. */
  readonly day: string | undefined;
  /** Gives exactly `columns`, in the order in which the file keeps them. */
  readonly sql: string;
  readonly columns: Columns;
  /** Of the records in it. */
  readonly sources: readonly SourceSpan[];
  /** When the last of them came into the lake; default: with the next commit. */
  readonly arrived?: string | undefined;
  /** How many rows it must have. */
  readonly rows?: number | undefined;
}

export interface CommitResult {
  /** Events that the lake has gained. */
  readonly events: number;
  /** Events and dead letters that it had already. */
  readonly duplicates: number;
  /** Dead letters that the lake has gained. */
  readonly deadLetters: number;
  readonly files: number;
  /** What somebody should know: columns that did not fit into their table, and where they are. */
  readonly notes?: readonly string[];
}

const defaultRowsPerFile = 500_000;
const defaultKeepRemovedMs = 10 * 60_000;
const maxRawBytes = 128 * 1024 * 1024;

/**
 * Opens a lake for writing, making it where it is not there yet. What an earlier writer left behind without a commit is removed.
 * @throws SOCLAB_LOCKED where another writer is at work
 */
export async function openLakeWriter(directory: string, options: LakeWriterOptions = {}): Promise<LakeWriter> {
  const path = resolve(directory);
  await mkdir(commitsPath(path), { recursive: true });
  const release = await acquireLock(path);
  try {
    const log = new CommitLog(path);
    log.refresh();
    await removeLeftovers(path, log);
    return new LakeWriter(path, log, release, options);
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Takes event batches and adds them to the lake a commit at a time. A commit is whole or not there; until it is made, nobody sees its
 * events. Events and dead letters that the lake has already are left out, so that an ingest can be run again at any time.
 */
export class LakeWriter {
  readonly directory: string;
  readonly #log: CommitLog;
  readonly #release: () => Promise<void>;
  readonly #rowsPerFile: number;
  readonly #engine: DuckDb;
  readonly #schemas = new Map<string, Columns>();
  readonly #stages = new Map<string, FeedStage>();
  readonly #staging: Staging;
  readonly #keepRemovedMs: number;
  #deadLetters: DeadLetterStage;
  #change = new PendingChange();
  #parts = 0;
  /** Full stages are written and commits made one after the other, while batches go on arriving. */
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;
  #closed = false;

  /** @internal use {@link openLakeWriter} */
  constructor(directory: string, log: CommitLog, release: () => Promise<void>, options: LakeWriterOptions) {
    this.directory = directory;
    this.#log = log;
    this.#release = release;
    this.#rowsPerFile = options.rowsPerFile ?? defaultRowsPerFile;
    this.#keepRemovedMs = options.keepRemovedMs ?? defaultKeepRemovedMs;
    this.#staging = new Staging(directory, options.buildSearch);
    this.#engine = new DuckDb({
      threads: options.threads,
      memoryBytes: options.memoryBytes,
      temporaryDirectory: join(this.#staging.directory, "spill"),
    });
    this.#deadLetters = new DeadLetterStage(this.#engine);
    for (const [table, { schema }] of log.state.tables) this.#schemas.set(table, schema);
  }

  /** The files of a table as the last commit has them; of all tables without a name. */
  files(table?: string): LakeFile[] {
    return [...(table === undefined ? this.#log.files() : (this.#log.state.tables.get(table)?.files.values() ?? []))];
  }

  /** A table's columns, those of data appended and not yet committed among them; undefined where there is no such table. */
  schema(table: string): Columns | undefined {
    return this.#schemas.get(table);
  }

  /** DuckDB of this writer, within its bounds of memory and threads: for making files anew out of those that are there. */
  get engine(): DuckDb {
    return this.#engine;
  }

  /**
   * Takes a batch; the lake shows it after the next {@link commit}. A column that does not fit into the table goes beside it under another name, and
   * the commit's notes say so.
   *
   * @throws SOCLAB_INVALID_VALUE for a feed that cannot name a table; SOCLAB_SCHEMA_CONFLICT for one that differs from another one only by
   * upper and lower case
   */
  async append(batch: EventBatch): Promise<void> {
    this.#check();
    const feed = this.#checkedName(batch.feed);
    const columns = Object.fromEntries([...batch.columns].map(([name, { type }]) => [name, type]));
    const { schema, renamed } = placeColumns(feed, this.#schemas.get(feed) ?? {}, columns, madeByTheLake);
    this.#schemas.set(feed, schema);
    for (const [name, place] of renamed) this.#change.note(conflictNote(feed, schema, name, place), batch.source.name);
    let stage = this.#stages.get(feed);
    if (!stage) {
      stage = new FeedStage(this.#engine, feed);
      this.#stages.set(feed, stage);
    }
    await stage.append(renamed.size === 0 ? batch : renamedColumns(batch, renamed));
    if (stage.rows < this.#rowsPerFile && stage.rawBytes < maxRawBytes) return;
    await this.#writing;
    this.#check();
    this.#startWriting(stage);
  }

  async appendDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    this.#check();
    await this.#deadLetters.append(letters);
    if (this.#deadLetters.rawBytes < maxRawBytes) return;
    await this.#writing;
    this.#check();
    this.#startWritingDeadLetters();
  }

  /**
   * Takes files out of the lake with the next {@link commit}, in which what stands for them comes in. Batches appended from now on are not
   * compared with them, so that the same events can come again in another shape.
   *
   * @throws SOCLAB_INVALID_VALUE for a file that is not in the lake
   */
  remove(files: readonly LakeFile[], reason: RemovalReason): void {
    this.#check();
    for (const { path } of files) {
      const file = this.#log.state.file(path);
      if (!file) throw new SoclabError("SOCLAB_INVALID_VALUE", `${path} is not, or no longer, in the lake ${this.directory}`);
      const { sha256, rows, search } = file;
      this.#change.removes.set(path, { path, reason, sha256, rows, ...(search ? { search } : {}) });
    }
  }

  /**
   * Writes a file by a query; it is in the lake after the next {@link commit}.
   * @returns the file, undefined where it has no rows
   * @throws SOCLAB_INVALID_FILE where it has not as many rows as it must have
   */
  async addFile({ table, day, sql, columns, sources, arrived, rows: expected }: RewrittenFile): Promise<StagedFile | undefined> {
    this.#check();
    const schema = mergedSchema(table, this.#schemas.get(table) ?? {}, columns);
    const path = `${partition(table, day)}/${this.#nextPart()}`;
    const absolute = await this.#staging.place(path);
    const { rows } = await this.#engine.writeParquet(sql, absolute);
    if (expected !== undefined && rows !== expected) {
      await rm(absolute);
      const message = `the files that ${path} was made of hold ${rows} rows, and the lake's log says ${expected}`;
      throw new SoclabError("SOCLAB_INVALID_FILE", message, { hint: "soclab lake verify names the file that was changed." });
    }
    if (rows === 0) {
      await rm(absolute);
      return undefined;
    }
    this.#schemas.set(table, schema);
    const [minTimestamp, maxTimestamp] = Object.hasOwn(columns, "timestamp") ? await timeRange(this.#engine, absolute) : [null, null];
    const { size } = await stat(absolute);
    const file = await this.#staging.seal({ table, path, rows, bytes: size, minTimestamp, maxTimestamp, sources, columns, arrived });
    this.#change.rewritten.push(file);
    return file;
  }

  /** Gives a file of the lake the search index that it has not got, with the next {@link commit}. @returns whether it got one */
  async addSearch(file: LakeFile): Promise<boolean> {
    this.#check();
    const search = file.search || this.#change.removes.has(file.path) ? undefined : await this.#staging.searchOf(file);
    if (search) this.#change.sidecars.push({ file: file.path, search });
    return search !== undefined;
  }

  /** Takes files out, puts others in, and with them what was appended: one commit. */
  async replace(change: {
    readonly remove: readonly LakeFile[];
    readonly reason: RemovalReason;
    readonly add?: readonly RewrittenFile[] | undefined;
  }): Promise<CommitResult> {
    this.remove(change.remove, change.reason);
    for (const file of change.add ?? []) await this.addFile(file);
    return this.commit();
  }

  /**
   * Makes everything appended, written and removed since the last commit so in the lake, on the disk and all at once. Batches appended while it
   * is at work wait for the next one.
   */
  async commit(): Promise<CommitResult> {
    this.#check();
    for (const stage of [...this.#stages.values()]) this.#startWriting(stage);
    this.#startWritingDeadLetters();
    const change = this.#change;
    this.#change = new PendingChange();
    let result: CommitResult | undefined;
    this.#enqueue(async () => {
      result = await this.#publish(change);
    });
    await this.#writing;
    this.#check();
    return result!;
  }

  /** Gives the lake free. What was not committed is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    for (const stage of [...this.#stages.values(), this.#deadLetters]) await stage.discard();
    await this.#engine.close();
    await removeFolder(this.#staging.directory);
    await this.#sweep();
    await this.#release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #publish(change: PendingChange): Promise<CommitResult> {
    const { staged, files, sidecars, notes } = change;
    if (!change.isEmpty) {
      const at = new Date().toISOString();
      const indexes = sidecars.map(({ search }) => search);
      await moveAll(this.#staging.moves(files, indexes));
      const arrived = files.map((file) => ({ ...file, arrived: file.arrived ?? at }));
      await this.#log.append({ files: arrived, removes: [...change.removes.values()], sidecars, notes }, at);
    }
    await this.#sweep();
    const rows = (isDead: boolean) =>
      staged.filter(({ table }) => (table === deadLetterTable) === isDead).reduce((sum, file) => sum + file.rows, 0);
    const counts = { events: rows(false), duplicates: change.duplicates, deadLetters: rows(true), files: staged.length };
    return notes.length > 0 ? { ...counts, notes } : counts;
  }

  /** That files stay too long harms nobody, so a failure waits for the next time. */
  async #sweep(): Promise<void> {
    await deleteRemoved(this.directory, this.#log, new Date(Date.now() - this.#keepRemovedMs)).catch(() => undefined);
  }

  #nextPart(): string {
    return partName(this.#log.last + 1, this.#parts++);
  }

  #startWriting(stage: FeedStage): void {
    this.#stages.delete(stage.feed);
    const schema = this.#schemas.get(stage.feed)!;
    this.#enqueueStage((target) => stage.write(schema, target));
  }

  #startWritingDeadLetters(): void {
    const stage = this.#deadLetters;
    this.#deadLetters = new DeadLetterStage(this.#engine);
    this.#enqueueStage((target) => stage.write(target));
  }

  #enqueueStage(write: (target: StageTarget) => Promise<{ files: readonly StagedFile[]; duplicates: number }>): void {
    const change = this.#change;
    const { directory } = this.#staging;
    const target: StageTarget = {
      directory,
      nextPart: () => this.#nextPart(),
      overlapping: (table, span) => change.overlapping(this.files(table), span, this.directory, directory, table),
    };
    this.#enqueue(async () => {
      const { files, duplicates } = await write(target);
      for (const file of files) change.staged.push(await this.#staging.seal(file));
      change.duplicates += duplicates;
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      if (this.#failure !== undefined) return;
      try {
        await work();
      } catch (error) {
        this.#failure = error;
      }
    });
  }

  #checkedName(feed: string): string {
    checkedFeed(feed);
    for (const known of this.#schemas.keys()) {
      if (known !== feed && known.toLowerCase() === feed.toLowerCase()) {
        throw new SoclabError("SOCLAB_SCHEMA_CONFLICT", `the lake has a table "${known}", so "${feed}" cannot be another one`);
      }
    }
    return feed;
  }

  #check(): void {
    if (this.#closed) throw new SoclabError("SOCLAB_USAGE", "the lake writer is closed");
    if (this.#failure === undefined) return;
    if (this.#failure instanceof SoclabError) throw this.#failure;
    throw new SoclabError("SOCLAB_IO", `the lake ${this.directory} could not be written`, {
      hint: "Nothing of this commit is visible; run the ingest again when the cause is gone.",
      cause: this.#failure,
    });
  }
}

const madeByTheLake = ["event_id", "feed", "original_string"];

function conflictNote(feed: string, schema: Columns, name: string, place: string): string {
  const known = Object.keys(schema).find((column) => column.toLowerCase() === name.toLowerCase())!;
  return `column "${name}" does not fit into "${known}" (${schema[known]}) of table "${feed}" and is in "${place}"`;
}

function renamedColumns(batch: EventBatch, renamed: ReadonlyMap<string, string>): EventBatch {
  return { ...batch, columns: new Map([...batch.columns].map(([name, column]) => [renamed.get(name) ?? name, column])) };
}

async function timeRange(engine: Engine, path: string): Promise<[number | null, number | null]> {
  const scan = `read_parquet(${constant(path)}, hive_partitioning = false)`;
  const result = await engine.query(`SELECT epoch_us(min("timestamp")) AS first, epoch_us(max("timestamp")) AS last FROM ${scan}`);
  const [row] = rowsOf(result);
  const number = (value: unknown) => (typeof value === "bigint" ? Number(value) : null);
  return [number(row?.first), number(row?.last)];
}
