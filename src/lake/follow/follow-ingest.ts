import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { SoclabError, type WorkOptions } from "../../core/index.ts";
import type { EventBatch } from "../../event/index.ts";
import { type Feed, feedOf, type ParseOutput, type ReadingOptions } from "../../ingest/index.ts";
import type { IngestCounts } from "../ingest-files.ts";
import { dropResolved } from "../replay.ts";
import { settleHot } from "../upkeep/settle-hot.ts";
import type { LakeWriter } from "../writer.ts";
import { readFollowState, writeFollowState } from "./follow-state.ts";
import { FollowedFiles } from "./followed-files.ts";
import { StdinSource } from "./stdin-source.ts";

export interface FollowIngestOptions extends WorkOptions, ReadingOptions {
  readonly feed: Feed;
  /** Files and folders; `-` is stdin. */
  readonly paths: readonly string[];
  readonly enricher?: { enrich(batch: EventBatch): EventBatch } | undefined;
  /** End once nothing new came for so long, as if every source were over; null: go on until the signal aborts. */
  readonly idleExitMs: number | null;
  /** From the arrival of an event to the commit that makes it searchable; default 250 ms. */
  readonly commitMs?: number | undefined;
  /** Told of what a person should know, such as a file that cannot be opened. */
  readonly onRemark?: ((text: string) => void) | undefined;
}

const pollMs = 100;
const scanMs = 250;
const defaultCommitMs = 250;
/** While there is a backlog, commits are larger. */
const backlogCommitMs = 3_000;
const backlogRecords = 5_000;
const maxPendingRecords = 500_000;

/**
 * Ingests files as they grow: what arrives is in the lake, on the disk, and found by readers within a second. A commit holds events and the source
 * ranges that they are from, so that a kill at any moment loses nothing and doubles nothing. Small files are merged as they become many.
 *
 * @throws SOCLAB_NOT_FOUND before anything is read
 */
export async function followIngest(writer: LakeWriter, options: FollowIngestOptions): Promise<IngestCounts> {
  const run = new FollowRun(writer, options);
  const named = options.paths.filter((path) => path !== "-");
  for (const path of named) await checkPath(path);
  const format = feedOf(options.feed);
  const saved = named.length > 0 ? await readFollowState(writer.directory) : [];
  const others = saved.filter(({ feed }) => feed !== format.name);
  const { rules, referenceTime, zone } = options;
  const reading = { rules, referenceTime, zone };
  const files = new FollowedFiles(named, format, reading, saved, options.onRemark ?? (() => undefined));
  const stdin = options.paths.includes("-") ? new StdinSource(format, reading) : undefined;
  const saveState = () => writeFollowState(writer.directory, [...others, ...files.state]);
  try {
    return await run.loop(files, stdin, saveState);
  } finally {
    stdin?.close();
    await files.close();
  }
}

async function checkPath(path: string): Promise<void> {
  await stat(path).catch((cause: unknown) => {
    throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file or folder ${path}`, { cause });
  });
}

class FollowRun {
  readonly #writer: LakeWriter;
  readonly #options: FollowIngestOptions;
  readonly #totals = { records: 0, events: 0, deadLetters: 0, duplicates: 0 };
  readonly #sourceIds = new Set<string>();
  readonly #remarked = new Set<string>();
  #pendingRecords = 0;
  #pendingSince = Number.POSITIVE_INFINITY;

  constructor(writer: LakeWriter, options: FollowIngestOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  async loop(files: FollowedFiles, stdin: StdinSource | undefined, saveState: () => Promise<void>): Promise<IngestCounts> {
    const startedAt = performance.now();
    const { signal, idleExitMs, paths } = this.#options;
    const hasFiles = paths.some((path) => path !== "-");
    let scanAt = 0;
    let quietSince = Date.now();
    while (!signal?.aborted) {
      const now = Date.now();
      if (now >= scanAt) {
        await files.scan();
        scanAt = now + scanMs;
      }
      const records = await this.#pass(files, stdin);
      if (records > 0) quietSince = Date.now();
      if (this.#isDue(records)) {
        await this.#commit(saveState);
        continue;
      }
      if (records > 0) continue;
      const isOver = idleExitMs !== null && Date.now() - quietSince >= idleExitMs;
      if (isOver || (stdin?.isOver && !hasFiles)) break;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
    if (!signal?.aborted) {
      for await (const output of files.finish()) await this.#take(output);
      if (stdin) await this.#take(stdin.end());
    }
    await this.#commit(saveState);
    await dropResolved(this.#writer, this.#sourceIds);
    return { ...this.#totals, seconds: (performance.now() - startedAt) / 1000 };
  }

  /** @returns the number of records that came */
  async #pass(files: FollowedFiles, stdin: StdinSource | undefined): Promise<number> {
    const before = this.#totals.records;
    for await (const output of files.read()) await this.#take(output);
    for (let output = stdin?.read(); output; output = stdin?.read()) {
      await this.#take(output);
      if (this.#pendingRecords >= maxPendingRecords) break;
    }
    return this.#totals.records - before;
  }

  async #take({ batches, deadLetters, records }: ParseOutput): Promise<void> {
    const { enricher, onProgress } = this.#options;
    for (const batch of batches) {
      this.#sourceIds.add(batch.source.id);
      await this.#writer.append(enricher ? enricher.enrich(batch) : batch);
    }
    await this.#writer.appendDeadLetters(deadLetters);
    if (records === 0) return;
    if (this.#pendingRecords === 0) this.#pendingSince = Date.now();
    this.#pendingRecords += records;
    this.#totals.records += records;
    onProgress?.({ step: "follow", done: this.#totals.records, unit: "records" });
  }

  #isDue(recordsNow: number): boolean {
    if (this.#pendingRecords >= maxPendingRecords) return true;
    const waitedMs = Date.now() - this.#pendingSince;
    const { commitMs = defaultCommitMs } = this.#options;
    return this.#pendingRecords > 0 && waitedMs >= (recordsNow > backlogRecords ? backlogCommitMs : commitMs);
  }

  async #commit(saveState: () => Promise<void>): Promise<void> {
    const { events, deadLetters, duplicates, notes = [] } = await this.#writer.commit();
    for (const note of notes) this.#remarkOnce(note);
    this.#totals.events += events;
    this.#totals.deadLetters += deadLetters;
    this.#totals.duplicates += duplicates;
    this.#pendingRecords = 0;
    this.#pendingSince = Number.POSITIVE_INFINITY;
    await saveState();
    await settleHot(this.#writer, this.#options.signal);
  }

  #remarkOnce(text: string): void {
    if (this.#remarked.has(text)) return;
    this.#remarked.add(text);
    this.#options.onRemark?.(text);
  }
}
