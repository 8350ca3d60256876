import type { Claims } from "./claims.ts";
import type { AsOf } from "./indicator.ts";

/** What claims come to over time: `sets[i]` holds from `starts[i]` until the next start. The first start is -Infinity. */
export interface Timeline {
  readonly starts: Float64Array;
  readonly sets: Int32Array;
}

interface Span {
  readonly claim: number;
  readonly list: string;
  readonly from: number;
  readonly until: number;
}

/**
 * At every instant, of each list, the strongest claim that counts then. One sweep over the bounds, with a heap a list: a value that was said bad
 * ten thousand times takes some milliseconds.
 * @param setOf - the number of a set of claims, one a list
 */
export function timelineOf(claims: Claims, members: Int32Array, asOf: AsOf, setOf: (claims: readonly number[]) => number): Timeline {
  const spans = Array.from(members, (claim) => spanOf(claims, claim, asOf)).filter(({ from, until }) => from < until);
  spans.sort((a, b) => a.from - b.from || 0);
  const bounds = new Set([Number.NEGATIVE_INFINITY]);
  for (const { from, until } of spans) bounds.add(from).add(until);
  bounds.delete(Number.POSITIVE_INFINITY);
  const starts: number[] = [];
  const sets: number[] = [];
  const heaps = new Map<string, Span[]>();
  let next = 0;
  for (const start of Float64Array.from(bounds).sort()) {
    for (; next < spans.length && spans[next]!.from <= start; next++) push(heaps, spans[next]!, claims);
    const strongest: number[] = [];
    for (const [list, heap] of heaps) {
      while (heap.length > 0 && heap[0]!.until <= start) pop(heap, claims);
      if (heap.length === 0) heaps.delete(list);
      else strongest.push(heap[0]!.claim);
    }
    const set = setOf(strongest);
    if (sets.length > 0 && sets.at(-1) === set) continue;
    starts.push(start);
    sets.push(set);
  }
  return { starts: Float64Array.from(starts), sets: Int32Array.from(sets) };
}

function spanOf(claims: Claims, claim: number, asOf: AsOf): Span {
  const list = claims.list(claim);
  if (asOf === "any") return { claim, list, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const [from, until] = [claims.validFrom(claim), claims.validUntil(claim)];
  if (asOf === "valid") return { claim, list, from, until };
  const knownAt = claims.knownAt(claim);
  return { claim, list, until, from: Number.isNaN(knownAt) ? until : Math.max(from, knownAt) };
}

function push(heaps: Map<string, Span[]>, span: Span, claims: Claims): void {
  const heap = heaps.get(span.list);
  if (heap === undefined) {
    heaps.set(span.list, [span]);
    return;
  }
  let at = heap.push(span) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (claims.byStrength(heap[parent]!.claim, span.claim) <= 0) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = span;
}

/** Takes the first away. */
function pop(heap: Span[], claims: Claims): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && claims.byStrength(heap[child + 1]!.claim, heap[child]!.claim) < 0) child++;
    if (claims.byStrength(last.claim, heap[child]!.claim) <= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
