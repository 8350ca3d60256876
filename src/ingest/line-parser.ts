import type { DeadLetter, DeadLetterCode, EventBatch, RawRecords, ReadingContext } from "../event/index.ts";
import { idLowOf, SourceIdentity } from "./identity.ts";
import { type Block, LineAssembler, type Overflow } from "./lines.ts";
import { defaultMaxRecordBytes, type ParseOutput, type Parser, type ParserOptions, type ParserState, type SourceFault } from "./parser.ts";

/** What a format writes its results to while it works through a block. */
export interface BlockOutput {
  readonly identity: SourceIdentity;
  readonly maxRecordBytes: number;
  reject(code: DeadLetterCode, reason: string, bytes: Buffer, start: number, end: number): void;
  batch(feed: string, columns: EventBatch["columns"], raw: RawRecords, rowCount: number): void;
}

/** One format: turns whole lines into batches and dead letters. */
export interface LineFormat {
  /**
   * Works through whole lines.
   * @returns how many bytes are done with; the rest, a record that goes on over further lines, comes again in front of the next block. At
   * the end of the source (`last`) it is all of them
   */
  block(bytes: Buffer, out: BlockOutput, last: boolean): number;
  /** Header lines in force, base64. */
  readonly header: readonly string[];
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The part that all line formats share: line assembly, source identity, offsets, over-long lines, faults of the source. */
export class LineParser implements Parser {
  readonly #feed: string;
  readonly #options: ParserOptions;
  readonly #format: LineFormat;
  readonly #lines: LineAssembler;
  readonly #identity: SourceIdentity;
  #rest: Buffer = Buffer.alloc(0);

  constructor(feed: string, options: ParserOptions, format: LineFormat) {
    this.#feed = feed;
    this.#options = options;
    this.#format = format;
    this.#lines = new LineAssembler(options.state?.offset ?? 0);
    this.#identity = new SourceIdentity(feed, options.state?.sourceId ?? undefined);
  }

  push(chunk: Uint8Array): ParseOutput {
    const { block, overflow } = this.#lines.push(chunk);
    return this.#parse(block, overflow, false);
  }

  end(fault?: SourceFault): ParseOutput {
    const { block, overflow } = this.#lines.end();
    if (!fault) return this.#parse(block, overflow, true);
    const offset = this.#offset(block);
    const raw = Buffer.concat(block ? [this.#rest, block.bytes] : [this.#rest]);
    this.#rest = Buffer.alloc(0);
    const letter = this.#letter(offset, fault.code, fault.reason, raw);
    return { batches: [], deadLetters: [...this.#overflowLetters(overflow).letters, letter], records: 1 };
  }

  state(): ParserState {
    const sourceId = this.#identity.known ? this.#identity.settle(Buffer.alloc(0)) : null;
    return { sourceId, offset: this.#offset(undefined), header: this.#format.header };
  }

  /** Where the bytes that are not done with begin. */
  #offset(block: Block | undefined): number {
    return (block?.offset ?? this.#lines.offset) - this.#rest.length;
  }

  #parse(block: Block | undefined, overflow: readonly Overflow[], last: boolean): ParseOutput {
    const interrupted = overflow[0] ? this.#interrupted(overflow[0].offset) : [];
    const long = this.#overflowLetters(overflow);
    const letters = [...interrupted, ...long.letters];
    const records = interrupted.length + long.records;
    if (!block && !(last && this.#rest.length > 0)) return { batches: [], deadLetters: letters, records };
    const offset = this.#offset(block);
    const fresh = block ? Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength) : Buffer.alloc(0);
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, fresh]) : fresh;
    const start = offset === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    const out = new Output(this.#options, this.#identity, offset + start, (at, code, reason, raw) => this.#letter(at, code, reason, raw));
    const done = this.#format.block(bytes.subarray(start), out, last);
    this.#rest = bytes.subarray(start + done);
    return { batches: out.batches, deadLetters: [...letters, ...out.deadLetters], records: records + out.records };
  }

  /** A record over several lines that runs into an over-long one is over. */
  #interrupted(until: number): DeadLetter[] {
    const raw = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (raw.length === 0) return [];
    return [this.#letter(until - raw.length, "RECORD_TOO_LONG", "the record is cut off by an over-long line", raw)];
  }

  #letter(offset: number, code: DeadLetterCode, reason: string, raw: Uint8Array): DeadLetter {
    const { source, referenceTime, zone } = this.#options;
    const context: ReadingContext = { header: this.#format.header, referenceTime, zone };
    return { feed: this.#feed, source, sourceId: this.#identity.settle(raw), offset, code, reason, raw, context };
  }

  #overflowLetters(overflow: readonly Overflow[]): { letters: DeadLetter[]; records: number } {
    const limit = this.#options.maxRecordBytes ?? defaultMaxRecordBytes;
    if (overflow[0]) this.#identity.settle(overflow[0].bytes);
    const letters = overflow.map(({ bytes, offset, first }) =>
      this.#letter(
        offset,
        "RECORD_TOO_LONG",
        `${first ? "the first" : "a further"} ${bytes.length} bytes of a record, expected at most ${limit} in all`,
        Buffer.from(bytes),
      ),
    );
    return { letters, records: overflow.filter(({ first }) => first).length };
  }
}

class Output implements BlockOutput {
  readonly batches: EventBatch[] = [];
  readonly deadLetters: DeadLetter[] = [];
  records = 0;
  readonly identity: SourceIdentity;
  readonly maxRecordBytes: number;
  readonly #options: ParserOptions;
  readonly #offset: number;
  readonly #letter: (offset: number, code: DeadLetterCode, reason: string, raw: Uint8Array) => DeadLetter;

  constructor(
    options: ParserOptions,
    identity: SourceIdentity,
    offset: number,
    letter: (offset: number, code: DeadLetterCode, reason: string, raw: Uint8Array) => DeadLetter,
  ) {
    this.identity = identity;
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
    this.#options = options;
    this.#offset = offset;
    this.#letter = letter;
  }

  reject(code: DeadLetterCode, reason: string, bytes: Buffer, start: number, end: number): void {
    this.identity.settle(bytes.subarray(start, end));
    this.deadLetters.push(this.#letter(this.#offset + start, code, reason, Buffer.from(bytes.subarray(start, end))));
    this.records++;
  }

  batch(feed: string, columns: EventBatch["columns"], raw: RawRecords, rowCount: number): void {
    const id = this.identity.settle(raw.bytes.subarray(raw.starts[0]!, raw.ends[0]!));
    const offsets = new Float64Array(rowCount);
    for (let row = 0; row < rowCount; row++) offsets[row] = this.#offset + raw.starts[row]!;
    const idLow = idLowOf(raw.bytes, raw.starts, raw.ends, offsets, rowCount);
    const end = this.#offset + raw.ends[rowCount - 1]!;
    this.records += rowCount;
    const parsed: EventBatch = { feed, length: rowCount, columns, raw, source: { name: this.#options.source, id, offsets, end }, idLow };
    const { batch, rejected } = this.#options.rules?.check(parsed) ?? { batch: parsed, rejected: [] };
    for (const { offset, code, reason, raw: record } of rejected) this.deadLetters.push(this.#letter(offset, code, reason, record));
    if (batch.length > 0) this.batches.push(batch);
  }
}
