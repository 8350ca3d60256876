import type { DeadLetter, EventBatch, ReadingContext, RuleSet } from "../event/index.ts";
import { createParser, type Feed } from "./feeds.ts";
import { idLowOf } from "./identity.ts";
import type { ParseOutput } from "./parser.ts";

/** A record as it was kept: its bytes, where it stood, what it was read with. */
export interface KeptRecord {
  /** Byte offset in the uncompressed source. */
  readonly offset: number;
  readonly raw: Uint8Array;
  readonly context: ReadingContext;
}

export interface RereadOptions {
  /** As the user named it. */
  readonly source: string;
  readonly sourceId: string;
  readonly rules?: RuleSet | undefined;
  readonly maxRecordBytes?: number | undefined;
}

const newline = Buffer.from("\n");

/**
 * Records of one source read again, each by itself: what comes out has the ids and offsets that it would have had in its source.
 * @param records - in order of their offsets
 */
export function rereadRecords(feed: Feed, records: readonly KeptRecord[], options: RereadOptions): ParseOutput {
  const outputs: ParseOutput[] = [];
  for (let from = 0; from < records.length; ) {
    const { context } = records[from]!;
    const key = JSON.stringify(context);
    let until = from + 1;
    while (until < records.length && JSON.stringify(records[until]!.context) === key) until++;
    outputs.push(rereadRun(feed, records.slice(from, until), context, options));
    from = until;
  }
  return {
    batches: outputs.flatMap(({ batches }) => batches),
    deadLetters: outputs.flatMap(({ deadLetters }) => deadLetters),
    records: outputs.reduce((sum, output) => sum + output.records, 0),
  };
}

/** Records with one context stand behind each other for the parser; afterwards each goes back to its place. */
function rereadRun(feed: Feed, records: readonly KeptRecord[], context: ReadingContext, options: RereadOptions): ParseOutput {
  const base = records[0]!.offset;
  const { header, ...times } = context;
  const parser = createParser(feed, { ...options, ...times, state: { sourceId: options.sourceId, offset: base, header } });
  const starts = new Float64Array(records.length);
  let at = base;
  for (const [i, { raw }] of records.entries()) {
    starts[i] = at;
    at += raw.length + 1;
  }
  const outputs = [parser.push(Buffer.concat(records.flatMap(({ raw }) => [raw, newline]))), parser.end()];
  const placeOf = (offset: number) => {
    const record = lastAtOrBefore(starts, offset);
    return records[record]!.offset + offset - starts[record]!;
  };
  return {
    batches: outputs.flatMap(({ batches }) => batches.map((batch) => moved(batch, placeOf))),
    deadLetters: outputs.flatMap(({ deadLetters }) =>
      deadLetters.map((letter): DeadLetter => ({ ...letter, offset: placeOf(letter.offset) })),
    ),
    records: outputs.reduce((sum, output) => sum + output.records, 0),
  };
}

function moved(batch: EventBatch, placeOf: (offset: number) => number): EventBatch {
  const { raw, source, length } = batch;
  const offsets = source.offsets.map(placeOf);
  const idLow = idLowOf(raw.bytes, raw.starts, raw.ends, offsets, length);
  return { ...batch, idLow, source: { ...source, offsets, end: offsets[length - 1]! + raw.ends[length - 1]! - raw.starts[length - 1]! } };
}

function lastAtOrBefore(starts: Float64Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
