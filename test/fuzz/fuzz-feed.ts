import { isIP } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type EventBatch, eventToJson, isValid, rawRecord, valueAt } from "../../src/event/index.ts";
import { createParser, type ParseOutput } from "../../src/ingest/index.ts";
import type { Corpus } from "./corpus.ts";
import { Dice, mutated } from "./mutate.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly records: number;
  readonly onProgress?: (done: number) => void;
}

export interface FuzzReport {
  readonly feed: string;
  readonly mutants: number;
  /** As the parser counts them: a mutant may have become several records, or none. */
  readonly records: number;
  readonly events: number;
  readonly deadLetters: number;
  readonly seconds: number;
  /** The longest that one record took, milliseconds. */
  readonly slowestMs: number;
  /** MiB in use after a full collection, when a fifth was done and at the end. */
  readonly heapMiB: readonly [early: number, end: number];
}

const perBlock = 500;
/** A source ends and another one begins, so that beginnings are tried as well. */
const blocksPerSource = 20;
const comparedEvery = 40;
const timedEvery = 200;
const slowMs = 50;
const maxHeapGrowthMiB = 64;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/**
 * Feeds mutated records to a parser in pieces of any size, and throws at the first thing that must not be: a crash, a record that is in neither events nor
 * dead letters, bytes that are not the record's, a standard field of another type, other events for other pieces, a record of over 50 ms, memory that grows.
 * What it throws names the mutant: `mutated(corpus.records, seed, place)` makes it again.
 */
export function fuzzFeed(corpus: Corpus, { seed, records, onProgress }: FuzzOptions): FuzzReport {
  const totals = { records: 0, events: 0, deadLetters: 0 };
  const startedAt = performance.now();
  let slowestMs = 0;
  let usual = 0;
  let early = 0;
  let parser = createParser(corpus.feed, { source: "fuzz" });
  let source: Buffer[] = [];
  let outputs: ParseOutput[] = [];
  const finish = (at: number) => {
    outputs.push(parser.end());
    check(corpus, Buffer.concat(source), outputs, at);
    for (const { batches, deadLetters, records: count } of outputs) {
      totals.records += count;
      totals.deadLetters += deadLetters.length;
      for (const batch of batches) totals.events += batch.length;
    }
    parser = createParser(corpus.feed, { source: "fuzz" });
    [source, outputs] = [[], []];
  };
  for (let from = 0, block = 0; from < records; from += perBlock, block++) {
    const count = Math.min(perBlock, records - from);
    const texts = Array.from({ length: count }, (_, i) => mutated(corpus.records, seed, from + i));
    const dice = new Dice(seed, -2 - block);
    const end = dice.roll(4) === 0 ? "\r\n" : "\n";
    const bytes = Buffer.from((source.length === 0 ? corpus.header : "") + texts.join(end) + end, "latin1");
    const before = performance.now();
    const fed = guarded(from, () => inPieces(parser, bytes, dice));
    const took = performance.now() - before;
    // A block that took longer than usual by as much as one slow record may hold one: each is timed alone.
    const isUnusual = took > slowMs / 2 + 1.5 * usual;
    usual = usual === 0 ? took : 0.9 * usual + 0.1 * took;
    if (isUnusual || block % timedEvery === 0) slowestMs = Math.max(slowestMs, slowestOf(corpus, texts, from));
    source.push(bytes);
    outputs.push(...fed);
    if (block % comparedEvery === 0) compare(corpus, bytes, from);
    if (block % blocksPerSource === blocksPerSource - 1) guarded(from, () => finish(from));
    if (early === 0 && from + count >= records / 5) early = heapMiB();
    onProgress?.(from + count);
  }
  guarded(records, () => finish(records));
  const late = heapMiB();
  if (late - early > maxHeapGrowthMiB)
    throw new Error(`${corpus.feed.name}: memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { feed: corpus.feed.name, mutants: records, ...totals, seconds, slowestMs, heapMiB: [early, late] };
}

function guarded<T>(place: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`at mutants ${place} and on: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function inPieces(parser: ReturnType<typeof createParser>, bytes: Buffer, dice: Dice): ParseOutput[] {
  const outputs: ParseOutput[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = dice.roll(3) === 0 ? 1 + dice.roll(200) : 1 + dice.roll(200_000);
    outputs.push(parser.push(Buffer.from(bytes.subarray(at, at + size))));
    at += size;
  }
  return outputs;
}

function parseWhole(corpus: Corpus, text: Buffer): ParseOutput[] {
  const parser = createParser(corpus.feed, { source: "fuzz" });
  return [parser.push(Buffer.from(text)), parser.end()];
}

/** The same bytes at once and byte runs of three give the same. */
function compare(corpus: Corpus, bytes: Buffer, place: number): void {
  const text = bytes.subarray(0, 20_000).toString("latin1").startsWith(corpus.header)
    ? bytes
    : Buffer.concat([Buffer.from(corpus.header, "latin1"), bytes]);
  const parser = createParser(corpus.feed, { source: "fuzz" });
  const pieces: ParseOutput[] = [];
  for (let at = 0; at < text.length; at += 997) pieces.push(parser.push(Buffer.from(text.subarray(at, at + 997))));
  pieces.push(parser.end());
  const [whole, cut] = [parseWhole(corpus, text), pieces].map(documents);
  for (let i = 0; i < Math.max(whole!.length, cut!.length); i++)
    if (whole![i] !== cut![i])
      throw new Error(`${corpus.feed.name} at mutants ${place} and on: read at once ${whole![i]}, in pieces ${cut![i]}`);
}

function documents(outputs: readonly ParseOutput[]): string[] {
  const found = outputs.flatMap(({ batches, deadLetters }) => [
    ...batches.flatMap((batch) =>
      Array.from({ length: batch.length }, (_, row) => [batch.source.offsets[row]!, JSON.stringify(eventToJson(batch, row))] as const),
    ),
    ...deadLetters.map((letter) => [letter.offset, `${letter.code} ${letter.reason}`] as const),
  ]);
  return found.sort(([a], [b]) => a - b).map(([offset, text]) => `${offset} ${text}`);
}

/** @throws where a record of the source is in neither events nor dead letters, or in both, or is not what it was */
function check(corpus: Corpus, source: Buffer, outputs: readonly ParseOutput[], place: number): void {
  const spans: { from: number; to: number }[] = [];
  let records = 0;
  for (const { batches, deadLetters, records: count } of outputs) {
    records += count;
    for (const batch of batches) {
      checkFields(batch);
      for (let row = 0; row < batch.length; row++) spans.push(spanOf(source, batch.source.offsets[row]!, rawRecord(batch, row), corpus));
    }
    for (const { offset, raw } of deadLetters) spans.push(spanOf(source, offset, raw, corpus));
  }
  if (spans.length !== records) throw new Error(`${corpus.feed.name}: ${records} records, ${spans.length} events and dead letters`);
  spans.sort((a, b) => a.from - b.from || a.to - b.to);
  let at = 0;
  for (const { from, to } of [...spans, { from: source.length, to: source.length }]) {
    if (from < at) throw new Error(`${corpus.feed.name}: bytes ${from} to ${at} are in two records`);
    const between = source.toString("latin1", at, from);
    for (const line of between.split(/\r\n|\n/)) {
      if (line.trim() === "" || corpus.header.includes(`${line}\n`) || corpus.isRemark(line)) continue;
      throw new Error(
        `${corpus.feed.name}, before mutant ${place}: ${JSON.stringify(line.slice(0, 300))} is neither event nor dead letter`,
      );
    }
    at = to;
  }
}

function spanOf(source: Buffer, offset: number, raw: Uint8Array, corpus: Corpus): { from: number; to: number } {
  const to = offset + raw.length;
  if (!source.subarray(offset, to).equals(raw))
    throw new Error(`${corpus.feed.name}: the record at ${offset} is not as it stood in the source`);
  return { from: offset, to };
}

function checkFields({ columns, length, feed }: EventBatch): void {
  for (const name of ["ip_src_addr", "ip_dst_addr"]) each(name, (value) => typeof value === "string" && isIP(value) !== 0);
  for (const name of ["ip_src_port", "ip_dst_port"])
    each(name, (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535);
  each("timestamp", (value) => value instanceof Date && !Number.isNaN(value.getTime()));
  each("protocol", (value) => typeof value === "string" && value !== "");

  function each(name: string, isRight: (value: unknown) => boolean): void {
    const column = columns.get(name);
    if (!column) throw new Error(`${feed}: there is no column ${name}`);
    for (let row = 0; row < length; row++) {
      if (!isValid(column.validity, row)) continue;
      const value = valueAt(column, row);
      if (!isRight(value)) throw new Error(`${feed}: ${name} is ${JSON.stringify(value)}`);
    }
  }
}

/** The slowest of records, each read alone, the best of five times, in CPU time where other work on the machine takes the clock. @throws past 50 ms */
function slowestOf(corpus: Corpus, texts: readonly string[], from: number): number {
  let slowest = 0;
  for (const [i, text] of texts.entries()) {
    const bytes = Buffer.from(`${corpus.header}${text}\n`, "latin1");
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 5 && best > slowMs / 10; attempt++) {
      const [before, cpu] = [performance.now(), process.cpuUsage()];
      parseWhole(corpus, bytes);
      const { user, system } = process.cpuUsage(cpu);
      best = Math.min(best, performance.now() - before, (user + system) / 1000);
    }
    slowest = Math.max(slowest, best);
    if (best > slowMs) throw new Error(`${corpus.feed.name}: mutant ${from + i} takes ${best.toFixed(0)} ms`);
  }
  return slowest;
}

function heapMiB(): number {
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + Math.max(external, arrayBuffers)) / 2 ** 20;
}
