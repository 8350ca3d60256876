import type { AxisLayout } from "../figure/trace.ts";
import { dateTicks, maxTime } from "./date-ticks.ts";
import { linearTicks, logTicks, type Tick } from "./ticks.ts";

export type AxisKind = "linear" | "log" | "date" | "category";

/** How much room is left around the values. */
export interface Room {
  /** Whether the axis reaches to zero, as bars do. */
  readonly toZero?: boolean;
  /** In the axis' own coordinates: half a bar, half a cell. */
  readonly margin?: number;
  /** As a share of the range, for points. */
  readonly share?: number;
}

/** One direction of the picture: from a value to a coordinate (a number, a logarithm, a time, a category's index), and from there to a share of the length. */
export interface Axis {
  readonly kind: AxisKind;
  coordinate(value: unknown): number | undefined;
  /** @returns 0 at the start, 1 at the end; beyond for values outside */
  share(coordinate: number): number;
  ticks(count: number): Tick[];
  readonly low: number;
  readonly high: number;
}

/** How values become coordinates; the range comes later, when everything that is drawn is known. */
export interface Scale {
  readonly kind: AxisKind;
  readonly categories: readonly string[];
  coordinate(value: unknown): number | undefined;
}

export function scaleFor(values: readonly unknown[], layout: AxisLayout = {}): Scale {
  const kind = kindOf(values, layout.type);
  if (kind !== "category") return { kind, categories: [], coordinate: coordinateOf[kind] };
  const given = Array.isArray(layout.categoryarray) ? layout.categoryarray.map(String) : [];
  const seen = values.filter((value) => !isMissing(value)).map(categoryName);
  const names = [...new Set([...given, ...sorted(seen, layout.categoryorder)])];
  const index = new Map(names.map((name, at) => [name, at]));
  return {
    kind,
    categories: names,
    coordinate: (value) => (isMissing(value) ? undefined : index.get(categoryName(value))),
  };
}

function sorted(names: string[], order: unknown): string[] {
  if (order === "category ascending") return names.toSorted();
  return order === "category descending" ? names.toSorted().reverse() : names;
}

export function axisFor(scale: Scale, coordinates: readonly number[], layout: AxisLayout = {}, room: Room = {}): Axis {
  const [low, high] = givenRange(scale, layout) ?? rangeOf(scale, coordinates, layout, room);
  return {
    ...scale,
    low,
    high,
    share: (coordinate) => (coordinate - low) / (high - low),
    ticks(count) {
      const [from, to] = low <= high ? [low, high] : [high, low];
      if (scale.kind === "category") return categoryTicks(scale.categories, from, to, count);
      return { linear: linearTicks, log: logTicks, date: dateTicks }[scale.kind](from, to, count);
    },
  };
}

function kindOf(values: readonly unknown[], given: AxisLayout["type"]): AxisKind {
  if (given === "linear" || given === "log" || given === "date" || given === "category") return given;
  if (given === "multicategory") return "category";
  const sample = values.filter((value) => !isMissing(value)).slice(0, 1000);
  if (sample.length === 0 || sample.every((value) => numberOf(value) !== undefined || Number.isNaN(value))) return "linear";
  return sample.every((value) => timeOf(value) !== undefined) ? "date" : "category";
}

const coordinateOf = {
  linear: numberOf,
  log(value: unknown): number | undefined {
    const number = numberOf(value);
    return number !== undefined && number > 0 ? Math.log10(number) : undefined;
  },
  date: timeOf,
};

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || !(Math.abs(number) <= maxNumber)) return undefined;
  return Math.abs(number) < 1 / maxNumber ? 0 : number;
}

/** The width of an axis between larger numbers would overflow, and between smaller ones than its inverse be none. */
const maxNumber = 1e300;

/** Plotly's dates: `Date`s and ISO text, always UTC. */
function timeOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : typeof value === "string" ? parseDate(value) : value;
  return typeof time === "number" && Math.abs(time) <= maxTime ? time : undefined;
}

function parseDate(text: string): number {
  const parts = /^(-?\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!parts) return Number.NaN;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? Number.NaN));
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day || 1);
  return date.getTime() + (hour || 0) * 3_600_000 + (minute || 0) * 60_000 + (second || 0) * 1000;
}

/** JSON, and so Plotly, has `null` for a date that is none. */
function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (value instanceof Date && Number.isNaN(value.getTime()));
}

function categoryName(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function givenRange(scale: Scale, layout: AxisLayout): readonly [number, number] | undefined {
  const [start, end] = layout.range ?? [];
  // Plotly gives the range of a logarithmic axis as exponents, of categories as their numbers.
  const read = scale.kind === "date" ? timeOf : numberOf;
  const [low, high] = [read(start), read(end)];
  return low === undefined || high === undefined || low === high ? undefined : [low, high];
}

function rangeOf(scale: Scale, coordinates: readonly number[], layout: AxisLayout, room: Room): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const coordinate of coordinates) {
    if (coordinate < low) low = coordinate;
    if (coordinate > high) high = coordinate;
  }
  if (low > high) [low, high] = scale.kind === "date" ? [Date.UTC(2000, 0), Date.UTC(2001, 0)] : [0, 1];
  if (scale.kind === "category") [low, high] = [Math.min(low, -0.5), Math.max(high, scale.categories.length - 0.5)];
  else [low, high] = widened(scale, low, high, layout, room);
  return layout.autorange === "reversed" ? [high, low] : [low, high];
}

function widened(scale: Scale, low: number, high: number, layout: AxisLayout, room: Room): readonly [number, number] {
  const toZero = scale.kind === "linear" && (room.toZero || layout.rangemode === "tozero");
  const [from, to] = toZero ? [Math.min(low, 0), Math.max(high, 0)] : [low, high];
  if (toZero && from === 0 && to === 0) return [0, 1];
  const size = to - from || (scale.kind === "date" ? 86_400_000 : scale.kind === "log" ? 1 : Math.abs(from) || 1);
  const margin = room.margin ?? 0;
  const spread = (room.share ?? 0) * size || (from === to && margin === 0 ? size / 2 : 0);
  // An axis that begins at zero begins at its very edge.
  return [toZero && from === 0 ? 0 : from - margin - spread, toZero && to === 0 ? 0 : to + margin + spread];
}

function categoryTicks(categories: readonly string[], low: number, high: number, count: number): Tick[] {
  const first = Math.max(0, Math.ceil(low));
  const last = Math.min(categories.length - 1, Math.floor(high));
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const ticks: Tick[] = [];
  for (let at = first; at <= last; at += every) ticks.push({ at, label: categories[at] ?? "" });
  return ticks;
}
