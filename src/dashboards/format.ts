import type { OpenPeriod } from "./dashboard-data.ts";

const integer = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12,345; what is not known is a dash. */
export function count(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "–" : integer.format(value);
}

export function fixed(value: number | null, digits: number): string {
  return value === null || !Number.isFinite(value) ? "–" : value.toFixed(digits);
}

/** 0.4437 → 44.4 %. A share that is not 0 does not read as 0. */
export function percent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return "–";
  if (share > 0 && share < 0.001) return "< 0.1 %";
  if (share > 0.999 && share < 1) return "> 99.9 %";
  return `${share === 0 || share === 1 ? share * 100 : (share * 100).toFixed(1)} %`;
}

/** A value of any size in at most seven characters or so: 0.0012, 3.25, 12,345, 1.2 M. */
export function compact(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e6) return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
  if (Number.isInteger(value) || size >= 1000) return integer.format(value);
  return size >= 1 ? value.toFixed(2) : value === 0 ? "0" : value.toPrecision(2);
}

/** 2022-06-17 14:03 UTC */
export function minute(epochMs: number | null): string {
  return epochMs === null ? "–" : `${new Date(epochMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** 2022-06-17 14:03:20 */
export function second(epochMs: number | null): string {
  return epochMs === null ? "–" : new Date(epochMs).toISOString().slice(0, 19).replace("T", " ");
}

export function periodText({ from, until }: OpenPeriod): string {
  if (from === null) return until === null ? "all times" : `everything before ${minute(until)}`;
  return until === null ? `everything from ${minute(from)} on` : `${minute(from)} to ${minute(until)}`;
}

/** A relevance with one digit, with two near the top, where the tenths run out; only 100 reads as 100. */
export function relevanceText(relevance: number | null): string {
  if (relevance === null || !(relevance >= 99) || relevance === 100) return fixed(relevance, 1);
  return fixed(Math.floor(relevance * 100) / 100, 2);
}

const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1000, "second"],
];

/** 21,600,000 → "6 hours" */
export function duration(ms: number): string {
  const [size, name] = units.find(([size]) => ms >= size && ms % size === 0) ?? [1000, "second"];
  const n = ms / size;
  return n === 1 ? name : `${count(n)} ${name}s`;
}

/** "1 alert", "12 alerts" */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : noun.endsWith("s") ? "es" : "s"}`;
}

/** The middle of a long text gives way, its ends stay. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`;
}
