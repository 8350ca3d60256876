import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AlertIndex } from "../alerts/index.ts";
import type { WorkOptions } from "../core/index.ts";
import { type EventBatch, type RuleSet, sliceBatch } from "../event/index.ts";
import { warmUp } from "../features/index.ts";
import { FollowedFile, type FoundSource, matchSources, type ParseOutput, type ParserState } from "../ingest/index.ts";
import type { Lake } from "../lake/index.ts";
import { type PendingRecord, readCheckpoint, type SourceCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { DeadLetterFile } from "./dead-letter-file.ts";
import { EventClock } from "./event-clock.ts";
import { Ledger, type LedgerTotals } from "./ledger.ts";
import { Pipeline, type PipelineOptions, type PipelineOutput, type PipelineSource } from "./pipeline.ts";
import type { ScoredInput } from "./scored-input.ts";

export interface FollowOptions extends PipelineOptions, WorkOptions {
  readonly sources: readonly FoundSource[];
  readonly index: AlertIndex;
  /** Where the checkpoint and the dead letters are kept. */
  readonly stateDir: string;
  /** What an event must keep to be one; what a rule rejects is a dead letter. */
  readonly rules?: RuleSet | undefined;
  /** History for the windows: its events before `from` are counted in first. */
  readonly lake?: Lake | undefined;
  /** End once no source has had anything new for so long; null: go on until the signal aborts. */
  readonly idleExitMs: number | null;
  /** Longest time between two checkpoints. */
  readonly checkpointMs?: number | undefined;
}

const pollMs = 100;
/** A source with nothing new for so long does not hold the others back. */
const idleMs = 1_000;
/** With nothing new anywhere for so long, what waits for the watermark is scored. */
const flushIdleMs = 5_000;

interface Stream extends PipelineSource {
  readonly path: string;
  readonly source: FollowedFile<string>;
  readonly ledgerName: string;
  /** Records below this offset were read before a restart: of them, only `waiting` are taken. */
  replayUntil: number;
  waiting: ReadonlyMap<number, PendingRecord>;
  /** Where reading stood before each chunk whose records may still wait. */
  resumePoints: ParserState[];
  state: "ready" | "idle" | "done";
  idleSince: number;
}

/**
 * Scores raw files as a stream into an alert index, with a checkpoint beside it. Killed at any moment and started again it ends with the
 * same index: everything after the last checkpoint is read again and written under the same ids.
 */
export async function follow(options: FollowOptions): Promise<LedgerTotals> {
  const run = await FollowRun.open(options);
  try {
    await run.loop();
    return run.totals();
  } finally {
    await run.close();
  }
}

class FollowRun {
  readonly #options: FollowOptions;
  readonly #streams: Stream[];
  readonly #pipeline: Pipeline;
  readonly #ledger: Ledger;
  readonly #deadLetters: DeadLetterFile;
  #checkpointAt = 0;

  private constructor(options: FollowOptions, streams: Stream[], pipeline: Pipeline, ledger: Ledger, deadLetters: DeadLetterFile) {
    this.#options = options;
    this.#streams = streams;
    this.#pipeline = pipeline;
    this.#ledger = ledger;
    this.#deadLetters = deadLetters;
  }

  static async open(options: FollowOptions): Promise<FollowRun> {
    const { model, stateDir, lake, from, signal } = options;
    const saved = await readCheckpoint(checkpointPath(stateDir, model.name));
    const checkpoint = saved?.model === model.reference && saved.modelHash === model.hash ? saved : undefined;
    const ledger = new Ledger(checkpoint?.ledger);
    const streams: Stream[] = [];
    const pipeline = new Pipeline(options, streams);
    const lateness = pipeline.runner.plan.latenessMicros;
    for (const { found, saved } of await matchSources(options.sources, checkpoint?.sources ?? [], isOver)) {
      streams.push(await openStream(found, saved, ledger, lateness, options.rules));
    }
    if (checkpoint) pipeline.runner.restore(checkpoint.features);
    else if (lake && from !== undefined && lake.tables().includes(pipeline.runner.plan.definition.table))
      await warmUp(pipeline.runner, lake, from, { signal });
    if (checkpoint) await linkToolAlerts(pipeline, options.index);
    const deadLetters = new DeadLetterFile(join(stateDir, `${model.name}.dead-letters.ndjson`), checkpoint?.deadLetterBytes ?? 0);
    return new FollowRun(options, streams, pipeline, ledger, deadLetters);
  }

  totals(): LedgerTotals {
    return this.#ledger.totals(this.#pipeline.runner.pendingCount);
  }

  async loop(): Promise<void> {
    const { signal } = this.#options;
    for (const stream of this.#streams) await this.#replay(stream);
    while (!signal?.aborted) {
      const stream = this.#next();
      if (stream) await this.#read(stream);
      else if (!(await this.#wait())) break;
    }
    if (!signal?.aborted) await this.#finish();
    await this.#checkpoint();
  }

  async close(): Promise<void> {
    await this.#deadLetters.close();
    for (const { source } of this.#streams) await source.close();
  }

  /** The source that is furthest behind in event time, so that all of them move on together. */
  #next(): Stream | undefined {
    let best: Stream | undefined;
    for (const stream of this.#streams) {
      if (stream.state === "ready" && (!best || stream.clock.newest < best.clock.newest)) best = stream;
    }
    return best;
  }

  /**
   * Reads again, after a restart, what stands before the checkpoint. Until all sources have done so nothing is scored and no checkpoint is
   * written: what still has to wait again would be missed.
   */
  async #replay(stream: Stream): Promise<void> {
    while (isReplaying(stream)) await this.#readChunk(stream);
    // Offsets begin anew when the file is rotated.
    stream.replayUntil = 0;
    stream.waiting = new Map();
  }

  async #read(stream: Stream): Promise<void> {
    await this.#readChunk(stream);
    await this.#advance();
    if (Date.now() >= this.#checkpointAt) await this.#checkpoint();
  }

  async #readChunk(stream: Stream): Promise<void> {
    stream.resumePoints.push(stream.source.state);
    const read = await stream.source.read();
    if (read.state === "data") {
      stream.idleSince = Number.POSITIVE_INFINITY;
      await this.#take(stream, read.output);
    } else if (read.state === "rotated") {
      await this.#take(stream, read.output);
      stream.state = "done";
      stream.idleSince = Date.now();
      await stream.source.close();
      const next = { path: stream.path, feed: stream.source.feed };
      const { latenessMicros } = this.#pipeline.runner.plan;
      this.#streams.push(await openStream(next, undefined, this.#ledger, latenessMicros, this.#options.rules));
    } else {
      stream.state = read.state;
      if (stream.idleSince === Number.POSITIVE_INFINITY) stream.idleSince = Date.now();
    }
  }

  /** Nothing to read just now. @returns false when it is time to end */
  async #wait(): Promise<boolean> {
    const { idleExitMs, signal } = this.#options;
    const quietMs = Date.now() - Math.max(...this.#streams.map(({ idleSince }) => idleSince));
    if (idleExitMs !== null && (quietMs >= idleExitMs || this.#streams.every(({ state }) => state === "done"))) return false;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    if (idleExitMs === null && quietMs >= flushIdleMs && this.#pipeline.runner.pendingCount > 0) {
      // Not further: a record with a time far ahead would make all that comes after it late.
      await this.#write(this.#pipeline.advance(Math.max(...this.#streams.map(({ clock }) => clock.newest))));
    }
    for (const stream of this.#streams) if (stream.state === "idle") stream.state = "ready";
    return true;
  }

  /** Every source is over: last records without a line end, then all that waits. */
  async #finish(): Promise<void> {
    for (const stream of this.#streams) await this.#take(stream, stream.source.finish());
    await this.#write(this.#pipeline.advance(Number.POSITIVE_INFINITY));
  }

  async #take(stream: Stream, output: ParseOutput): Promise<void> {
    const index = this.#streams.indexOf(stream);
    const made: PipelineOutput = { alerts: [], patches: [] };
    for (const batch of output.batches) {
      const { old, fresh } = splitAt(batch, stream.replayUntil);
      if (old) this.#takeAgain(stream, index, old);
      if (!fresh) continue;
      stream.ledger.in += fresh.length;
      made.alerts.push(...this.#pipeline.take(fresh, index).alerts);
    }
    const letters = output.deadLetters.filter(({ offset }) => offset >= stream.replayUntil);
    const rereadRecords = output.deadLetters.length - letters.length;
    const events = output.batches.reduce((sum, { length }) => sum + length, 0);
    const dead = output.records - events - rereadRecords;
    stream.ledger.in += dead;
    stream.ledger.deadLetters += dead;
    await this.#deadLetters.append(letters);
    await this.#write(made);
    this.#options.onProgress?.({ step: "score", done: this.#ledger.totals(0).in, unit: "events" });
  }

  /** Records from before a restart: those that waited for the watermark wait again, the others are done with. */
  #takeAgain(stream: Stream, index: number, batch: EventBatch): void {
    const times = new Float64Array(batch.length).fill(Number.NaN);
    const late = new Uint8Array(batch.length);
    const rows: number[] = [];
    for (let row = 0; row < batch.length; row++) {
      const pending = stream.waiting.get(batch.source.offsets[row]!);
      if (!pending) continue;
      times[row] = pending.eventTime;
      late[row] = pending.late ? 1 : 0;
      rows.push(row);
    }
    if (rows.length > 0) this.#pipeline.take(batch, index, { rows: Int32Array.from(rows), times, late });
  }

  async #advance(): Promise<void> {
    const now = Date.now();
    let watermark = Number.POSITIVE_INFINITY;
    for (const { state, idleSince, clock } of this.#streams) {
      if (state !== "done" && now - idleSince < idleMs) watermark = Math.min(watermark, clock.watermark);
    }
    if (watermark !== Number.POSITIVE_INFINITY && watermark > this.#pipeline.runner.watermark)
      await this.#write(this.#pipeline.advance(watermark));
  }

  async #write({ alerts, patches }: PipelineOutput): Promise<void> {
    if (alerts.length > 0) await this.#options.index.upsert(alerts);
    if (patches.length > 0) await this.#options.index.patchRelevance(patches);
  }

  /** The next one comes after ten times what this one took, so that a large state does not slow the stream. */
  async #checkpoint(): Promise<void> {
    const startedAt = Date.now();
    await this.#deadLetters.sync();
    const { model, stateDir } = this.#options;
    const pending = this.#pendingBySource();
    const sources = this.#streams.map(
      (stream, index): SourceCheckpoint => ({
        path: stream.path,
        feed: stream.source.feed,
        id: stream.source.state.sourceId,
        ledger: stream.ledgerName,
        offset: stream.source.state.offset,
        resumeFrom: resumePoint(stream, pending[index]!),
        clock: stream.clock.state,
        done: stream.state === "done",
        pending: pending[index]!,
      }),
    );
    await writeCheckpoint(checkpointPath(stateDir, model.name), {
      model: model.reference,
      modelHash: model.hash,
      sources,
      ledger: this.#ledger.entries(),
      deadLetterBytes: this.#deadLetters.bytes,
      features: this.#pipeline.runner.snapshot(),
    });
    const endedAt = Date.now();
    this.#checkpointAt = endedAt + Math.max(this.#options.checkpointMs ?? 1_000, 10 * (endedAt - startedAt));
  }

  #pendingBySource(): PendingRecord[][] {
    const bySource: PendingRecord[][] = this.#streams.map(() => []);
    const { rowCount, inputs, inputIndex, rows } = this.#pipeline.runner.pending();
    for (let i = 0; i < rowCount; i++) {
      const input: ScoredInput = inputs[inputIndex[i]!]!;
      const row = rows[i]!;
      bySource[input.source]!.push({
        offset: input.batch.source.offsets[row]!,
        eventTime: input.eventTimes![row]!,
        late: input.late[row] === 1,
      });
    }
    return bySource;
  }
}

/** Read to its end, and nothing of it waits. */
function isOver({ done, pending }: SourceCheckpoint): boolean {
  return done && pending.length === 0;
}

function checkpointPath(stateDir: string, model: string): string {
  return join(stateDir, `${model}.checkpoint`);
}

async function openStream(
  { path, feed }: FoundSource,
  saved: SourceCheckpoint | undefined,
  ledger: Ledger,
  latenessMicros: number,
  rules: RuleSet | undefined,
): Promise<Stream> {
  const { source, resumed } = await FollowedFile.open(path, feed, { state: saved?.resumeFrom, rules });
  const from = resumed ? saved : undefined;
  const over = from !== undefined && isOver(from);
  const ledgerName = from?.ledger ?? path;
  return {
    path,
    source,
    clock: new EventClock(latenessMicros, from?.clock),
    ledgerName,
    ledger: ledger.of(ledgerName),
    replayUntil: from?.done ? Number.POSITIVE_INFINITY : (from?.offset ?? 0),
    waiting: new Map(from?.pending.map((pending) => [pending.offset, pending])),
    resumePoints: [],
    state: over ? "done" : "ready",
    idleSince: over ? 0 : Number.POSITIVE_INFINITY,
  };
}

/** The last known place before everything that waits; earlier ones are forgotten. */
function resumePoint(stream: Stream, pending: readonly PendingRecord[]): ParserState {
  let oldest = stream.source.state.offset;
  for (const { offset } of pending) if (offset < oldest) oldest = offset;
  const points = [...stream.resumePoints, stream.source.state];
  const at = points.findLastIndex(({ offset }) => offset <= oldest);
  stream.resumePoints = points.slice(Math.max(0, at), -1);
  return points[Math.max(0, at)]!;
}

function isReplaying({ state, source, replayUntil }: Stream): boolean {
  return state === "ready" && source.state.offset < replayUntil;
}

/** A batch cut at a source offset. */
function splitAt(batch: EventBatch, offset: number): { old?: EventBatch; fresh?: EventBatch } {
  const { offsets } = batch.source;
  if (batch.length === 0 || offsets[0]! >= offset) return { fresh: batch };
  let cut = batch.length;
  while (cut > 0 && offsets[cut - 1]! >= offset) cut--;
  if (cut === batch.length) return { old: batch };
  return { old: sliceBatch(batch, 0, cut), fresh: sliceBatch(batch, cut, batch.length) };
}

/** After a restart: tool alerts that scored events may still speak about. */
async function linkToolAlerts(pipeline: Pipeline, index: AlertIndex): Promise<void> {
  const fromMs = (pipeline.runner.watermark - 3_600e6) / 1000;
  for (let offset = 0; ; offset += 1_000) {
    const { alerts, total } = await index.search({
      from: Number.isFinite(fromMs) ? Math.floor(fromMs) : undefined,
      sort: { by: "timestamp", order: "asc" },
      limit: 1_000,
      offset,
    });
    for (const alert of alerts) if (alert.source !== "model") pipeline.links.add(alert);
    if (offset + alerts.length >= total) return;
  }
}
