import type { DeadLetterCode, ScalarType, ScalarValue } from "../../event/index.ts";
import { isoMicros } from "../iso-time.ts";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Why a record breaks off. */
export class Rejection extends Error {
  readonly code: DeadLetterCode;

  constructor(code: DeadLetterCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** The value as its column wants it; undefined where it does not fit and goes to `extra`. */
export function toScalar(name: string, type: ScalarType, value: Json, exactInteger: () => bigint | null): ScalarValue | undefined {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "double":
      if (typeof value !== "number") return undefined;
      if (!Number.isFinite(value)) throw new Rejection("OUT_OF_RANGE", `${name} is past 1.8e308`);
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
      if (Math.abs(value) > 2147483647) throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected at most 2147483647`);
      return value;
    case "bigint": {
      if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
      const exact = Number.isSafeInteger(value) ? BigInt(value) : exactInteger();
      if (exact === null) return undefined;
      if (exact > 9223372036854775807n || exact < -9223372036854775808n)
        throw new Rejection("OUT_OF_RANGE", `${name} is ${exact}, expected 64 bits`);
      return exact;
    }
    case "timestamp":
      return timestampMicros(name, value);
  }
}

/** A timestamp as microseconds: ISO 8601 text, or seconds since 1970. It stays a number here, see `JsonColumn`. */
export function timestampMicros(name: string, value: Json): number {
  const micros = typeof value === "number" ? Math.round(value * 1e6) : typeof value === "string" ? textMicros(value) : Number.NaN;
  if (Number.isNaN(micros)) throw new Rejection("BAD_TIMESTAMP", `${name} is ${shown(value)}, expected ISO 8601 or seconds since 1970`);
  if (!Number.isSafeInteger(micros))
    throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected a time before the year 2255`);
  return micros;
}

function textMicros(text: string): number {
  const seconds = /^(\d{1,11})(?:\.(\d+))?$/.exec(text);
  if (!seconds) return isoMicros(text);
  return Number(seconds[1]) * 1e6 + Number((seconds[2] ?? "").slice(0, 6).padEnd(6, "0"));
}

/** A value as an error message shows it. */
export function shown(value: Json): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
