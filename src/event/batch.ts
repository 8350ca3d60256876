import { type Column, type ColumnValue, valueAt } from "./column.ts";

/** The raw records of a batch: record i is `bytes[starts[i]..ends[i]]`, without its line ending. */
export interface RawRecords {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Where the records of a batch stand. Offsets count bytes of the uncompressed source. */
export interface SourceRange {
  /** As the user named it: a path, `-`, a topic. */
  readonly name: string;
  /** 16 hexadecimal digits, the same for the same content under any name (see `SourceIdentity`). */
  readonly id: string;
  /** The byte offset of each record. */
  readonly offsets: Float64Array;
  /** First byte after the last record this batch accounts for; a reader goes on here. */
  readonly end: number;
}

/**
 * Some thousands of events of one feed as columns: what flows through the whole loop. Immutable; a step that adds columns makes a new one
 * that shares the old columns. The seven standard fields are always among the columns but for `original_string`, which is `raw`.
 */
export interface EventBatch {
  readonly feed: string;
  readonly length: number;
  readonly columns: ReadonlyMap<string, Column>;
  readonly raw: RawRecords;
  readonly source: SourceRange;
  /** Low 64 bits of each event's id, see {@link eventId}. */
  readonly idLow: BigUint64Array;
}

/** The same batch with more columns; an existing name is replaced. */
export function withColumns(batch: EventBatch, added: Iterable<readonly [string, Column]>): EventBatch {
  const columns = new Map(batch.columns);
  for (const [name, column] of added) columns.set(name, column);
  return { ...batch, columns };
}

/**
 * The 128-bit id of an event as 32 hexadecimal digits: source id, then record offset (44 bits) and a check of the record's bytes (20 bits).
 * Deterministic: a replay gives the same ids, and two records of one source never share one.
 */
export function eventId(batch: EventBatch, row: number): string {
  return batch.source.id + batch.idLow[row]!.toString(16).padStart(16, "0");
}

/** The raw record, byte for byte; a view, not a copy. */
export function rawRecord(batch: EventBatch, row: number): Uint8Array {
  return batch.raw.bytes.subarray(batch.raw.starts[row]!, batch.raw.ends[row]!);
}

/** One event as an object, for a rule, a person or JSON. */
export function rowAt(batch: EventBatch, row: number): Record<string, ColumnValue | null> {
  const out: Record<string, ColumnValue | null> = { event_id: eventId(batch, row), feed: batch.feed };
  for (const [name, column] of batch.columns) out[name] = valueAt(column, row);
  return out;
}
