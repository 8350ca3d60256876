import type { DeadLetter, EventBatch, RuleSet } from "../event/index.ts";

/** What one push gives: `records` = events of the batches + dead-lettered records. */
export interface ParseOutput {
  readonly batches: EventBatch[];
  readonly deadLetters: DeadLetter[];
  readonly records: number;
}

/** Why a source stopped before its end. */
export interface SourceFault {
  readonly code: "TRUNCATED_GZIP" | "CORRUPT_GZIP";
  readonly reason: string;
}

/** Where a parser stands, as JSON: a new parser given this state goes on at `offset` as if it had never stopped. */
export interface ParserState {
  readonly sourceId: string | null;
  readonly offset: number;
  /** Header lines in force, base64. */
  readonly header: readonly string[];
}

/** Bytes in, events and dead letters out; no I/O. One parser a source, fed in order. */
export interface Parser {
  push(chunk: Uint8Array): ParseOutput;
  /** The source has ended, or broke off with a fault: the rest is a last record, or the dead letter of the fault. */
  end(fault?: SourceFault): ParseOutput;
  state(): ParserState;
}

export interface ParserOptions {
  /** As the user named it: a path, `-`, a topic. */
  readonly source: string;
  /** A record longer than this is a dead letter. */
  readonly maxRecordBytes?: number | undefined;
  /**
   * When the source was last written, epoch milliseconds: times without a year are of the latest year that is not after it. Default: now.
   * {@link parseSource} gives the file's own time.
   */
  readonly referenceTime?: number | undefined;
  /** Zone of times that name none: IANA (`Europe/Berlin`) or an offset (`+02:00`); default UTC. */
  readonly zone?: string | undefined;
  /** Checks of what was parsed; an event that a rule rejects is a dead letter. */
  readonly rules?: RuleSet | undefined;
  readonly state?: ParserState | undefined;
}

/** How records are read, whatever source they are from. */
export type ReadingOptions = Pick<ParserOptions, "rules" | "referenceTime" | "zone">;

export const defaultMaxRecordBytes = 1024 * 1024;
