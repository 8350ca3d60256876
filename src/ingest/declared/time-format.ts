import { didYouMean, SoclabError } from "../../core/index.ts";
import { readableMicros } from "../guess/readable-time.ts";
import type { ParserOptions } from "../parser.ts";
import { DeviceClock } from "../times/device-clock.ts";
import { zoneOffset } from "../times/zone-names.ts";

/** Epoch microseconds of a time as the feed writes it, NaN where it is none. */
export type TimeReader = (text: string) => number;

type Part =
  | "year"
  | "shortYear"
  | "month"
  | "monthName"
  | "day"
  | "dayOfYear"
  | "hour"
  | "hour12"
  | "half"
  | "minute"
  | "second"
  | "fraction"
  | "zone"
  | "epoch";

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const epochUnits: Readonly<Record<string, number>> = { epoch_seconds: 1e6, epoch_millis: 1e3, epoch_micros: 1, epoch_nanos: 1e-3 };
const words = ["iso8601", "any", ...Object.keys(epochUnits)];

const strptime: Readonly<Record<string, readonly [Part | null, string]>> = {
  Y: ["year", "\\d{4}"],
  y: ["shortYear", "\\d{2}"],
  m: ["month", "\\d{1,2}"],
  b: ["monthName", "[A-Za-z]{3,9}"],
  B: ["monthName", "[A-Za-z]{3,9}"],
  h: ["monthName", "[A-Za-z]{3,9}"],
  d: ["day", " ?\\d{1,2}"],
  e: ["day", " ?\\d{1,2}"],
  j: ["dayOfYear", "\\d{1,3}"],
  H: ["hour", "\\d{1,2}"],
  I: ["hour12", "\\d{1,2}"],
  p: ["half", "[AaPp][Mm]"],
  M: ["minute", "\\d{1,2}"],
  S: ["second", "\\d{1,2}"],
  f: ["fraction", "\\d{1,9}"],
  L: ["fraction", "\\d{1,9}"],
  z: ["zone", "Z|[+-]\\d{2}:?\\d{2}"],
  Z: ["zone", "[A-Za-z]{1,5}"],
  s: ["epoch", "\\d{1,11}"],
  a: [null, "[A-Za-z]{2,9}"],
  A: [null, "[A-Za-z]{2,9}"],
};
/** What one strptime letter stands for. */
const shorthands: Readonly<Record<string, string>> = { T: "%H:%M:%S", D: "%m/%d/%y", F: "%Y-%m-%d", R: "%H:%M" };

/**
 * Reads times in one of the formats, the first that fits: `iso8601`, `any`, `epoch_seconds`, `epoch_millis`, `epoch_micros`, `epoch_nanos`, a
 * pattern of strptime (`%d/%b/%Y:%H:%M:%S %z`) or of Java (`dd/MMM/yyyy:HH:mm:ss Z`).
 * @throws SOCLAB_INVALID_DEFINITION, SOCLAB_INVALID_VALUE where the zone is none
 */
export function timeReader(formats: readonly string[], options: Pick<ParserOptions, "zone" | "referenceTime">): TimeReader {
  const clock = new DeviceClock(options);
  const readers = formats.map((format) => readerOf(format, clock));
  return (text) => {
    for (const read of readers) {
      const micros = read(text);
      if (Number.isSafeInteger(micros)) return micros;
    }
    return Number.NaN;
  };
}

function readerOf(format: string, clock: DeviceClock): TimeReader {
  if (format === "any") return readableMicros;
  if (format === "iso8601") return (text) => isoLocal(text, clock);
  const unit = epochUnits[format];
  if (unit !== undefined) return (text) => epoch(text, unit);
  const { pattern, parts } = format.includes("%") ? fromStrptime(format) : fromJava(format);
  const matcher = new RegExp(`^${pattern}$`);
  return (text) => {
    const match = matcher.exec(text.trim());
    return match ? microsOf(parts, match, clock) : Number.NaN;
  };
}

function isoLocal(text: string, clock: DeviceClock): number {
  const local = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?$/.exec(text.trim());
  if (!local) return readableMicros(text);
  return microsOf(["year", "month", "day", "hour", "minute", "second", "fraction"], local, clock);
}

function epoch(text: string, unit: number): number {
  const match = /^(-?\d{1,19})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) return Number.NaN;
  const whole = unit < 1 ? Number(BigInt(match[1]!) / 1000n) : Number(match[1]) * unit;
  return match[2] === undefined || unit <= 1 ? whole : whole + Math.floor(Number(`0.${match[2]}`) * unit + 1e-6);
}

function microsOf(parts: readonly Part[], match: RegExpExecArray, clock: DeviceClock): number {
  let [year, month, day, hour, minute, second, micros] = [0, 1, 1, 0, 0, 0, 0];
  let isAfternoon: boolean | undefined;
  let offset: number | undefined;
  for (let i = 0; i < parts.length; i++) {
    const text = match[i + 1];
    if (text === undefined) continue;
    switch (parts[i]!) {
      case "epoch":
        return Number(text) * 1e6;
      case "year":
        year = Number(text);
        break;
      case "shortYear":
        year = Number(text) + (Number(text) < 69 ? 2000 : 1900);
        break;
      case "month":
        month = Number(text);
        break;
      case "monthName":
        month = monthNames.indexOf(text.slice(0, 3).toLowerCase()) + 1;
        break;
      case "day":
        day = Number(text);
        break;
      case "dayOfYear": {
        const date = new Date(Date.UTC(year || 2001, 0, Number(text)));
        [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
        break;
      }
      case "hour":
        hour = Number(text);
        break;
      case "hour12":
        if (Number(text) < 1 || Number(text) > 12) return Number.NaN;
        hour = Number(text) % 12;
        break;
      case "half":
        isAfternoon = /^p/i.test(text);
        break;
      case "minute":
        minute = Number(text);
        break;
      case "second":
        second = Number(text);
        break;
      case "fraction":
        micros = Number(text.slice(0, 6).padEnd(6, "0"));
        break;
      case "zone":
        offset = zoneOffset(text);
        if (offset === undefined) return Number.NaN;
    }
  }
  if (isAfternoon) hour += 12;
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  return clock.micros(year, month, day, hour * 3600 + minute * 60 + second, micros, offset);
}

function fromStrptime(format: string): { pattern: string; parts: Part[] } {
  const parts: Part[] = [];
  let pattern = "";
  const full = format.replace(/%([TDFR])/g, (_, letter: string) => shorthands[letter]!);
  for (let i = 0; i < full.length; i++) {
    if (full[i] !== "%") {
      pattern += literal(full[i]!);
      continue;
    }
    const letter = full[++i] ?? "";
    if (letter === "%") {
      pattern += "%";
      continue;
    }
    const known = Object.hasOwn(strptime, letter) ? strptime[letter] : undefined;
    if (!known)
      throw bad(
        format,
        `%${letter} is not known; known are ${Object.keys({ ...strptime, ...shorthands })
          .map((name) => `%${name}`)
          .join(" ")}`,
      );
    const [part, text] = known;
    pattern += part === null ? `(?:${text})` : `(${text})`;
    if (part !== null) parts.push(part);
  }
  return checked(format, pattern, parts);
}

function fromJava(format: string): { pattern: string; parts: Part[] } {
  const parts: Part[] = [];
  let pattern = "";
  for (const [token] of format.matchAll(/([A-Za-z])\1*|'(?:[^']|'')*'|[\s\S]/g)) {
    if (token.startsWith("'") && token.length > 1) {
      pattern += token === "''" ? "'" : [...token.slice(1, -1).replaceAll("''", "'")].map(literal).join("");
      continue;
    }
    if (!/[A-Za-z]/.test(token)) {
      pattern += literal(token);
      continue;
    }
    const [part, text] = javaPart(format, token);
    pattern += part === null ? `(?:${text})` : `(${text})`;
    if (part !== null) parts.push(part);
  }
  return checked(format, pattern, parts);
}

function javaPart(format: string, token: string): readonly [Part | null, string] {
  const long = token.length > 1;
  switch (token[0]) {
    case "y":
    case "u":
      return token.length === 2 ? ["shortYear", "\\d{2}"] : ["year", "\\d{4}"];
    case "M":
    case "L":
      return token.length > 2 ? ["monthName", "[A-Za-z]{3,9}"] : ["month", long ? "\\d{2}" : "\\d{1,2}"];
    case "d":
      return ["day", long ? "\\d{2}" : " ?\\d{1,2}"];
    case "D":
      return ["dayOfYear", "\\d{1,3}"];
    case "H":
    case "k":
      return ["hour", long ? "\\d{2}" : "\\d{1,2}"];
    case "h":
    case "K":
      return ["hour12", long ? "\\d{2}" : "\\d{1,2}"];
    case "a":
      return ["half", "[AaPp][Mm]"];
    case "m":
      return ["minute", long ? "\\d{2}" : "\\d{1,2}"];
    case "s":
      return ["second", long ? "\\d{2}" : "\\d{1,2}"];
    case "S":
      return ["fraction", "\\d{1,9}"];
    case "E":
      return [null, "[A-Za-z]{2,9}"];
    case "Z":
    case "X":
    case "x":
      return ["zone", "Z|GMT|UTC|[+-]\\d{2}(?::?\\d{2})?"];
    case "z":
    case "V":
    case "v":
      return ["zone", "[A-Za-z]{1,5}|[+-]\\d{2}:?\\d{2}"];
    default:
      throw bad(format, `${token} is no part of a time; text stands between quotes, as in yyyy-MM-dd'T'HH:mm:ss`);
  }
}

function literal(character: string): string {
  return character === " " ? " +" : character.replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
}

function checked(format: string, pattern: string, parts: Part[]): { pattern: string; parts: Part[] } {
  const isDate =
    parts.includes("epoch") ||
    parts.includes("dayOfYear") ||
    (parts.includes("day") && (parts.includes("month") || parts.includes("monthName")));
  if (isDate) return { pattern, parts };
  const near = didYouMean(format, words);
  throw bad(format, `it names no day and month${near ? `. ${near}` : `; words are ${words.join(", ")}`}`);
}

function bad(format: string, reason: string): SoclabError {
  return new SoclabError("SOCLAB_INVALID_DEFINITION", `the time format ${JSON.stringify(format)} cannot be used: ${reason}`);
}
