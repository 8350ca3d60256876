import {
  type Column,
  type ColumnType,
  type DeadLetter,
  type EventBatch,
  eventId,
  type JsonValue,
  rawRecord,
  sevenFields,
  toJsonValue,
  valueAt,
} from "../event/index.ts";
import { createParser, type Feed, feedOf, feeds } from "./feeds.ts";
import type { ReadingOptions } from "./parser.ts";

/** One column of an event, and where in the record its value is written. */
export interface ExplainedField {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: JsonValue;
  /** Byte range of the record that reads like the value; null where the value was made of something else or reads differently. */
  readonly at: readonly [from: number, to: number] | null;
}

/** A record on its way to an event, or to a dead letter. */
export interface ExplainedRecord {
  readonly feed: string;
  /** The event's table; null for a dead letter. */
  readonly table: string | null;
  readonly raw: Uint8Array;
  readonly eventId?: string | undefined;
  /** The standard fields first, those without a value too; then the feed's own. */
  readonly fields: readonly ExplainedField[];
  readonly deadLetter?: DeadLetter | undefined;
}

/** Feeds that take nearly anything: named last where one is looked for. */
const general = new Set(["syslog", "json", "csv", "labels"]);

/**
 * Shows what a feed makes of records, one after the other.
 * @throws SOCLAB_UNKNOWN_FEED
 */
export function explainRecords(feed: Feed, bytes: Uint8Array, options: ReadingOptions = {}): ExplainedRecord[] {
  const { name } = feedOf(feed);
  const parser = createParser(feed, { source: "-", ...options });
  const outputs = [parser.push(bytes), parser.end()];
  const events = outputs.flatMap(({ batches }) =>
    batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => ({ batch, row }))),
  );
  const explained = events.map(({ batch, row }) => ({ offset: batch.source.offsets[row]!, explanation: explainEvent(name, batch, row) }));
  const letters = outputs
    .flatMap(({ deadLetters }) => deadLetters)
    .map((deadLetter) => ({
      offset: deadLetter.offset,
      explanation: { feed: name, table: null, raw: deadLetter.raw, fields: [], deadLetter },
    }));
  return [...explained, ...letters].sort((a, b) => a.offset - b.offset).map(({ explanation }) => explanation);
}

/**
 * The shipped feeds that make events of every record, the most telling first: the one that finds most standard fields, feeds that take nearly anything
 * last.
 */
export function feedsThatRead(bytes: Uint8Array): string[] {
  const readers = feeds.flatMap(({ name }) => {
    const found = explainRecords(name, bytes);
    if (found.length === 0 || found.some(({ deadLetter }) => deadLetter)) return [];
    const standard = found.reduce(
      (sum, { fields }) => sum + fields.filter((field) => field.value !== null && Object.hasOwn(sevenFields, field.name)).length,
      0,
    );
    const columns = found.reduce((sum, { fields }) => sum + fields.filter(({ value }) => value !== null).length, 0);
    return [{ name, rank: [general.has(name) ? 0 : 1, standard, columns] }];
  });
  return readers.sort((a, b) => b.rank[0]! - a.rank[0]! || b.rank[1]! - a.rank[1]! || b.rank[2]! - a.rank[2]!).map(({ name }) => name);
}

function explainEvent(feed: string, batch: EventBatch, row: number): ExplainedRecord {
  const raw = rawRecord(batch, row);
  const explain = (name: string, column: Column | undefined, type: ColumnType): ExplainedField => {
    const value = column === undefined ? null : valueAt(column, row);
    return { name, type, value: toJsonValue(value), at: value === null ? null : placeOf(raw, value) };
  };
  const standard = Object.entries(sevenFields)
    .filter(([name]) => name !== "original_string")
    .map(([name, type]) => explain(name, batch.columns.get(name), type));
  const own = [...batch.columns]
    .filter(([name]) => !Object.hasOwn(sevenFields, name))
    .map(([name, column]) => explain(name, column, column.type))
    .filter(({ value }) => value !== null);
  return { feed, table: batch.feed, raw, eventId: eventId(batch, row), fields: [...standard, ...own] };
}

const isWordByte = (byte: number | undefined) =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte >= 128);

/** The first place that reads like the value and is not a part of a longer word. */
function placeOf(raw: Uint8Array, value: unknown): readonly [number, number] | null {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  for (const text of spellings(value)) {
    const wanted = Buffer.from(text);
    for (let at = bytes.indexOf(wanted); at >= 0 && wanted.length > 0; at = bytes.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      const isPart = (isWordByte(bytes[at - 1]) && isWordByte(wanted[0])) || (isWordByte(bytes[end]) && isWordByte(wanted.at(-1)));
      if (!isPart) return [at, end];
    }
  }
  return null;
}

/** A number or a time may be written in a few ways, a protocol in capitals. */
function spellings(value: unknown): string[] {
  if (value instanceof Date) {
    const iso = value.toISOString();
    const seconds = String(value.getTime() / 1000);
    return [
      iso,
      iso.slice(0, -1),
      iso.slice(0, 19),
      iso.slice(0, 19).replace("T", " "),
      seconds,
      String(value.getTime()),
      iso.slice(11, 19),
    ];
  }
  if (typeof value === "string") return [value, value.toUpperCase()];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  return [];
}
