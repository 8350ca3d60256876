import type { SearchNode } from "./query.ts";
import { namedTime } from "./times.ts";

/** Event times that rows can have, epoch microseconds: `from` included, `to` not. */
export interface TimeBounds {
  readonly from: number;
  readonly to: number;
}

export const allTimes: TimeBounds = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** What a search says of `timestamp` itself, so that whole files are passed over; never less than what it finds. */
export function timeBoundsOf(node: SearchNode): TimeBounds {
  if (node.kind === "and") return node.parts.map(timeBoundsOf).reduce(intersection, allTimes);
  if (node.kind !== "term" || (node.field !== "timestamp" && node.field !== "time")) return allTimes;
  const { test } = node;
  if (test.kind === "texts" && test.texts.length === 1) {
    const time = namedTime(test.texts[0]!);
    return time ? { from: time.start, to: time.end } : allTimes;
  }
  if (test.kind !== "range") return allTimes;
  const low = test.low && namedTime(test.low.value);
  const high = test.high && namedTime(test.high.value);
  return { from: low?.start ?? Number.NEGATIVE_INFINITY, to: high?.end ?? Number.POSITIVE_INFINITY };
}

export function intersection(a: TimeBounds, b: TimeBounds): TimeBounds {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}
