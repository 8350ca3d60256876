import type { Condition, Feature, FeatureDefinition, Where } from "../../src/features/index.ts";

/** One event as the twin sees it; `micros` is the column that `eventTime` names. */
export interface NaiveEvent {
  readonly id: string;
  readonly micros: number | null;
  readonly values: Readonly<Record<string, string | number | bigint | boolean | null>>;
}

export interface NaiveRow {
  readonly id: string;
  readonly entity: string;
  readonly time: number;
  readonly features: Readonly<Record<string, number>>;
}

type Typed = (column: string) => string;

/**
 * The obviously right, slow twin of both runners: for every row it looks at every event again and applies the formulas of docs/features.md with
 * bigints. It shares no code with them.
 */
export function naiveFeatures(definition: FeatureDefinition, events: readonly NaiveEvent[], typeOf: Typed): NaiveRow[] {
  const seen = events.flatMap((event) => {
    const entity = event.values[definition.entity] ?? null;
    const time = eventTime(definition, event);
    return entity !== null && time !== null && holds(definition.where, event) ? [{ event, entity: String(entity), time }] : [];
  });
  const rows = seen.map((row): NaiveRow => {
    const own = seen.filter((other) => other.entity === row.entity && other.time <= row.time);
    const raw: Record<string, number> = {};
    const features: Record<string, number> = {};
    const put = (name: string, value: number, log1p: boolean) => {
      raw[name] = value;
      features[name] = log1p ? Math.sign(value) * Math.log1p(Math.abs(value)) : value;
    };
    for (const feature of definition.features) {
      if ("oneHot" in feature) {
        for (const value of feature.values)
          put(`${feature.name}=${value}`, row.event.values[feature.oneHot] === value ? 1 : 0, feature.log1p === true);
      } else put(feature.name, one(feature, definition, row, own, raw, typeOf), feature.log1p === true);
    }
    return { id: row.event.id, entity: row.entity, time: row.time, features };
  });
  return rows.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
}

interface Seen {
  readonly event: NaiveEvent;
  readonly time: number;
}

function one(
  feature: Feature,
  definition: FeatureDefinition,
  row: Seen,
  own: readonly Seen[],
  raw: Record<string, number>,
  typeOf: Typed,
): number {
  if ("value" in feature) return finite(row.event.values[feature.value]) ?? Number.NaN;
  if ("is" in feature) return holds(feature.is, row.event) ? 1 : 0;
  if ("ratio" in feature) return raw[feature.ratio[1]] === 0 ? Number.NaN : raw[feature.ratio[0]]! / raw[feature.ratio[1]]!;
  if ("rate" in feature) {
    const of = definition.features.find((other) => other.name === feature.rate);
    const seconds = { second: 1, minute: 60, hour: 3600 }[feature.per];
    return raw[feature.rate]! / (microsOf((of as { window: string }).window) / 1e6 / seconds);
  }
  const earlier = own.filter((other) => other.time < row.time);
  if ("timeSinceLast" in feature)
    return earlier.length === 0 ? Number.NaN : (row.time - Math.max(...earlier.map(({ time }) => time))) / 1e6;
  if ("firstSeen" in feature) {
    const value = row.event.values[feature.firstSeen] ?? null;
    return value === null ? Number.NaN : earlier.some((other) => other.event.values[feature.firstSeen] === value) ? 0 : 1;
  }
  if ("oneHot" in feature) throw new Error("made by the caller");
  const [window, tile] = [microsOf(feature.window), microsOf(feature.tile!)];
  const start = (Math.floor(row.time / tile) - window / tile + 1) * tile;
  const within = own.filter(({ time, event }) => time >= start && holds(feature.where, event)).map(({ event }) => event);
  if ("count" in feature) return within.length;
  if ("distinct" in feature) return new Set(within.map((event) => event.values[feature.distinct]).filter((value) => value !== null)).size;
  if ("min" in feature) return extreme(within, feature.min, -1);
  if ("max" in feature) return extreme(within, feature.max, 1);
  const column = "sum" in feature ? feature.sum : "mean" in feature ? feature.mean : feature.std;
  const scale = typeOf(column) === "double" ? 1e6 : 1;
  const integers = within.flatMap((event) => quantum(event.values[column], scale) ?? []);
  const n = integers.length;
  const sum = integers.reduce((total, value) => total + value, 0n);
  if ("sum" in feature) return Number(sum) / scale;
  if (n === 0) return Number.NaN;
  if ("mean" in feature) return Number(sum) / (n * scale);
  const squares = integers.reduce((total, value) => total + value * value, 0n);
  return Math.sqrt(Number(BigInt(n) * squares - sum * sum)) / (n * scale);
}

function eventTime({ eventTime: spec }: FeatureDefinition, event: NaiveEvent): number | null {
  if (event.micros === null) return null;
  const added = spec?.plus === undefined ? undefined : quantum(event.values[spec.plus], 1e6);
  const time = event.micros + Number(added ?? 0n);
  return time >= 0 && time < 2 ** 52 ? time : null;
}

function quantum(value: unknown, scale: number): bigint | undefined {
  const number = finite(value);
  if (number === undefined) return undefined;
  const integer = scale === 1 ? BigInt(value as number) : BigInt(Math.floor(number * scale + 0.5));
  return integer > -(2n ** 40n) && integer < 2n ** 40n ? integer : undefined;
}

function finite(value: unknown): number | undefined {
  const number = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function extreme(events: readonly NaiveEvent[], column: string, sign: number): number {
  const values = events.flatMap((event) => finite(event.values[column]) ?? []);
  return values.length === 0 ? Number.NaN : values.reduce((best, value) => (sign * value > sign * best ? value : best));
}

function holds(where: Where | undefined, event: NaiveEvent): boolean {
  if (where === undefined) return true;
  const list = (Array.isArray(where) ? where : [where]) as readonly Condition[];
  return list.every((condition) => {
    const value = event.values[condition.column] ?? null;
    const known = typeof value === "number" && !Number.isFinite(value) ? null : typeof value === "bigint" ? Number(value) : value;
    if ("present" in condition) return (known !== null) === condition.present;
    if ("equals" in condition) return known === condition.equals;
    if ("in" in condition) return known !== null && condition.in.includes(known);
    if ("notIn" in condition) return known === null || !condition.notIn.includes(known);
    const least = "atLeast" in condition ? condition.atLeast : Number.NEGATIVE_INFINITY;
    return typeof known === "number" && known >= least && known <= (condition.atMost ?? Number.POSITIVE_INFINITY);
  });
}

function microsOf(duration: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration)!;
  return Number(count) * { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86400e6 }[unit as "ms"];
}
