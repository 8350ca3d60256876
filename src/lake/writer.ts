import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SoclabError } from "../core/index.ts";
import type { Columns, DeadLetter, EventBatch } from "../event/index.ts";
import { DuckDb, type DuckDbOptions } from "../table/index.ts";
import { CommitLog, type LakeFile, type SourceSpan } from "./commit-log.ts";
import { DeadLetterStage } from "./dead-letter-stage.ts";
import { moveAll, removeFolder } from "./durable.ts";
import { checkedFeed, commitOfPart, commitsPath, deadLetterTable, partName, stagingDirectory } from "./layout.ts";
import { acquireLock } from "./lock.ts";
import { mergedSchema } from "./schema.ts";
import { FeedStage, type StageTarget } from "./stage.ts";

export interface LakeWriterOptions extends Pick<DuckDbOptions, "threads" | "memoryBytes"> {
  /** Events of a feed held in memory before they are written to a staged file; default 500,000. */
  readonly rowsPerFile?: number | undefined;
}

export interface CommitResult {
  /** Events that the lake has gained. */
  readonly events: number;
  /** Events and dead letters that it had already. */
  readonly duplicates: number;
  /** Dead letters that the lake has gained. */
  readonly deadLetters: number;
  readonly files: number;
}

const defaultRowsPerFile = 500_000;
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
    await removeOrphans(path, log);
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
  #deadLetters: DeadLetterStage;
  #staged: LakeFile[] = [];
  #duplicates = 0;
  #parts = 0;
  /** Writing of full stages, one after the other, while batches go on arriving. */
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;
  #closed = false;

  /** @internal use {@link openLakeWriter} */
  constructor(directory: string, log: CommitLog, release: () => Promise<void>, options: LakeWriterOptions) {
    this.directory = directory;
    this.#log = log;
    this.#release = release;
    this.#rowsPerFile = options.rowsPerFile ?? defaultRowsPerFile;
    this.#engine = new DuckDb({
      threads: options.threads,
      memoryBytes: options.memoryBytes,
      temporaryDirectory: join(directory, stagingDirectory, "spill"),
    });
    this.#deadLetters = new DeadLetterStage(this.#engine);
    for (const { table, columns } of log.files) this.#schemas.set(table, mergedSchema(table, this.#schemas.get(table) ?? {}, columns));
  }

  /**
   * Takes a batch; the lake shows it after the next {@link commit}.
   * @throws SOCLAB_SCHEMA_CONFLICT before any of it is taken; SOCLAB_INVALID_VALUE for a feed that cannot name a table
   */
  async append(batch: EventBatch): Promise<void> {
    this.#check();
    const feed = this.#checkedName(batch.feed);
    const schema = mergedSchema(feed, this.#schemas.get(feed) ?? {}, batchColumns(batch));
    this.#schemas.set(feed, schema);
    let stage = this.#stages.get(feed);
    if (!stage) {
      stage = new FeedStage(this.#engine, feed);
      this.#stages.set(feed, stage);
    }
    await stage.append(batch);
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

  /** Makes everything appended since the last commit part of the lake, on the disk and all at once. */
  async commit(): Promise<CommitResult> {
    this.#check();
    for (const stage of [...this.#stages.values()]) this.#startWriting(stage);
    this.#startWritingDeadLetters();
    await this.#writing;
    this.#check();
    const files = this.#staged;
    const duplicates = this.#duplicates;
    if (files.length > 0) await this.#publish(files);
    this.#staged = [];
    this.#duplicates = 0;
    this.#parts = 0;
    const rows = (isDead: boolean) =>
      files.filter(({ table }) => (table === deadLetterTable) === isDead).reduce((sum, file) => sum + file.rows, 0);
    return { events: rows(false), duplicates, deadLetters: rows(true), files: files.length };
  }

  /** Gives the lake free. What was not committed is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    for (const stage of [...this.#stages.values(), this.#deadLetters]) await stage.discard();
    await this.#engine.close();
    await removeFolder(join(this.directory, stagingDirectory));
    await this.#release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #publish(files: readonly LakeFile[]): Promise<void> {
    const place = (root: string, { path }: LakeFile) => join(root, ...path.split("/"));
    try {
      await moveAll(files.map((file) => ({ from: place(this.#stagingPath, file), to: place(this.directory, file) })));
      await this.#log.append(files, new Date().toISOString());
    } catch (error) {
      this.#failure = error;
      this.#check();
    }
  }

  get #stagingPath(): string {
    return join(this.directory, stagingDirectory);
  }

  get #target(): StageTarget {
    return {
      directory: this.#stagingPath,
      nextPart: () => partName(this.#log.last + 1, this.#parts++),
      overlapping: (table, span) => this.#overlapping(table, span),
    };
  }

  #overlapping(table: string, span: SourceSpan): string[] {
    const holds = (file: LakeFile) =>
      file.table === table && file.sources.some(({ id, from, to }) => id === span.id && from < span.to && to > span.from);
    const absolute = (root: string) => (file: LakeFile) => join(root, ...file.path.split("/"));
    return [...this.#log.files.filter(holds).map(absolute(this.directory)), ...this.#staged.filter(holds).map(absolute(this.#stagingPath))];
  }

  #startWriting(stage: FeedStage): void {
    this.#stages.delete(stage.feed);
    const schema = this.#schemas.get(stage.feed)!;
    this.#enqueue(() => stage.write(schema, this.#target));
  }

  #startWritingDeadLetters(): void {
    const stage = this.#deadLetters;
    this.#deadLetters = new DeadLetterStage(this.#engine);
    this.#enqueue(() => stage.write(this.#target));
  }

  #enqueue(write: () => Promise<{ files: readonly LakeFile[]; duplicates: number }>): void {
    this.#writing = this.#writing.then(async () => {
      if (this.#failure !== undefined) return;
      try {
        const { files, duplicates } = await write();
        this.#staged.push(...files);
        this.#duplicates += duplicates;
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

function batchColumns({ feed, columns }: EventBatch): Columns {
  const clash = madeByTheLake.find((name) => columns.has(name));
  if (clash !== undefined) {
    throw new SoclabError(
      "SOCLAB_SCHEMA_CONFLICT",
      `feed "${feed}" has a column of its own called "${clash}", which the lake makes itself`,
      {
        hint: "Rename it in the parser.",
      },
    );
  }
  return Object.fromEntries([...columns].map(([name, { type }]) => [name, type]));
}

/** Staged files, files that were moved into place for a commit that was never written, and commits that were never finished. */
async function removeOrphans(directory: string, log: CommitLog): Promise<void> {
  await removeFolder(join(directory, stagingDirectory));
  for (const entry of await readdir(commitsPath(directory))) if (entry.endsWith(".tmp")) await rm(join(commitsPath(directory), entry));
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const commit = entry.isFile() ? commitOfPart(entry.name) : undefined;
    if (commit !== undefined && commit > log.last) await rm(join(entry.parentPath, entry.name));
  }
}
