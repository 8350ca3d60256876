import { readableMicros } from "../guess/readable-time.ts";
import type { Json } from "../json/json-values.ts";

const quarterMicros = 15 * 60 * 1e6;
const maxShiftMicros = 15 * 3600 * 1e6;
const maxDelayMicros = 5 * 60 * 1e6;

/**
 * When the event happened, epoch microseconds, or null. NXLog writes `EventTime` in the zone of the collector and does not say which; where a
 * shipper's `@timestamp` is beside it the zone is the quarter of an hour that brings the two together.
 */
export function eventMicros(value: (name: string) => Json | undefined): number | null {
  const created = micros(value("timecreated"));
  if (created !== null) return created;
  const utc = micros(value("UtcTime"));
  if (utc !== null) return utc;
  const shipped = micros(value("@timestamp"));
  const text = value("EventTime");
  const local = micros(text);
  if (local === null) return shipped;
  if (shipped === null || (typeof text === "string" && /Z$|[+-]\d\d:?\d\d$/.test(text)) || typeof text === "number") return local;
  const shift = Math.round((shipped - local) / quarterMicros) * quarterMicros;
  const apart = Math.abs(shipped - local - shift);
  return Math.abs(shift) <= maxShiftMicros && apart <= maxDelayMicros ? local + shift : shipped;
}

function micros(value: Json | undefined): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 1e8 ? readableMicros(String(value)) : null;
  if (typeof value !== "string") return null;
  const jsonDate = /^\/Date\((\d{9,14})\)\/$/.exec(value);
  const found = jsonDate ? Number(jsonDate[1]) * 1000 : readableMicros(value);
  return Number.isSafeInteger(found) ? found : null;
}
