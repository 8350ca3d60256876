import { type EventBatch, eventId, rawRecord } from "./batch.ts";
import { type ColumnValue, valueAt } from "./column.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossyUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** What `JSON.stringify` takes: timestamps are epoch milliseconds, a bigint past 2^53 is a string. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/**
 * An event as a JSON document. `original_string` is the raw record as text; where it is not valid UTF-8 the exact bytes are beside it in
 * `original_bytes`, base64. Null columns that are not among the seven fields are left out.
 */
export function eventToJson(batch: EventBatch, row: number): Record<string, JsonValue> {
  const out: Record<string, JsonValue> = { event_id: eventId(batch, row), feed: batch.feed };
  for (const name of ["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol"]) out[name] = null;
  const raw = rawRecord(batch, row);
  try {
    out.original_string = strictUtf8.decode(raw);
  } catch {
    out.original_string = lossyUtf8.decode(raw);
    out.original_bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("base64");
  }
  for (const [name, column] of batch.columns) {
    const value = valueAt(column, row);
    if (value !== null) out[name] = toJsonValue(value);
  }
  return out;
}

/** Dates become epoch milliseconds; a bigint becomes a number while that is exact. */
export function toJsonValue(value: ColumnValue | null | undefined): JsonValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (value instanceof Date) return value.getTime();
  if (typeof value === "bigint") return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return value;
}
