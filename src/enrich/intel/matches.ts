import type { Claims } from "./claims.ts";
import type { AsOf } from "./indicator.ts";
import { ThreatHitSets } from "./threat-hits.ts";

/** What a match comes to over time: `sets[i]` holds from `starts[i]` until the next start. */
interface Timeline {
  readonly starts: Float64Array;
  readonly sets: Int32Array;
}

/**
 * The claims on one value as a number, 0 for none: claim `c` alone is `c + 1`, several are a number past those, made when they first occur.
 * A match does not depend on time; what of it counts at an instant is a number of {@link ThreatHitSets}.
 */
export class Matches {
  readonly sets: ThreatHitSets;
  readonly #claims: Claims;
  /** Claims of the matches of several, sorted; the first of them is `-1`, later ones go down, so that both can grow. */
  readonly #several: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #unions = new Map<string, number>();
  readonly #timelines: Readonly<Record<AsOf, Map<number, Timeline>>> = { valid: new Map(), known: new Map(), any: new Map() };

  constructor(claims: Claims) {
    this.#claims = claims;
    this.sets = new ThreatHitSets(claims);
  }

  ofClaim(claim: number): number {
    return claim + 1;
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let match = this.#unions.get(key);
    if (match === undefined) {
      const claims = [...new Set([...this.claims(a), ...this.claims(b)])].sort((x, y) => x - y);
      const name = claims.join();
      match = this.#numbers.get(name);
      if (match === undefined) {
        this.#several.push(claims);
        match = -this.#several.length;
        this.#numbers.set(name, match);
      }
      this.#unions.set(key, match);
    }
    return match;
  }

  claims(match: number): readonly number[] {
    if (match === 0) return [];
    return match > 0 ? [match - 1] : this.#several[-match - 1]!;
  }

  /** Whether what counts of it depends on the event's time, or on its having one. */
  isTimed(match: number, asOf: AsOf): boolean {
    if (match === 0) return false;
    const { sets } = this.#timeline(match, asOf);
    return sets.length > 1 || sets[0] !== this.hitsAt(match, Number.NaN, asOf);
  }

  /** @param at - epoch microseconds, NaN for an event without a time, which meets every indicator */
  hitsAt(match: number, at: number, asOf: AsOf): number {
    if (match === 0) return 0;
    const { starts, sets } = this.#timeline(match, Number.isNaN(at) ? "any" : asOf);
    let i = sets.length - 1;
    while (i > 0 && starts[i]! > at) i--;
    return sets[i]!;
  }

  #timeline(match: number, asOf: AsOf): Timeline {
    const known = this.#timelines[asOf].get(match);
    if (known !== undefined) return known;
    const all = this.claims(match);
    const spans = all.flatMap((claim) => {
      const from = asOf === "any" ? Number.NEGATIVE_INFINITY : this.#claims.validFrom(claim);
      const until = asOf === "any" ? Number.POSITIVE_INFINITY : this.#claims.validUntil(claim);
      const knownAt = asOf === "known" ? this.#claims.knownAt(claim) : Number.NEGATIVE_INFINITY;
      return Number.isNaN(knownAt) ? [] : [{ claim, from: Math.max(from, knownAt), until }];
    });
    const bounds = new Set([Number.NEGATIVE_INFINITY, ...spans.flatMap(({ from, until }) => (from < until ? [from, until] : []))]);
    bounds.delete(Number.POSITIVE_INFINITY);
    const starts = Float64Array.from([...bounds].sort((a, b) => a - b));
    const sets = Int32Array.from(starts, (start) =>
      this.sets.idOf(spans.filter(({ from, until }) => from <= start && start < until).map(({ claim }) => claim)),
    );
    const timeline = { starts, sets };
    this.#timelines[asOf].set(match, timeline);
    return timeline;
  }
}
