import { ClaimSets } from "./claim-sets.ts";
import type { Claims } from "./claims.ts";
import type { AsOf } from "./indicator.ts";
import { ThreatHitSets } from "./threat-hits.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/**
 * The claims on one value as a number: 0 for none, claim `c` alone is `c + 1`, set `s` of several claims is `-s - 1`. A match does not depend on
 * time; what of it counts at an instant is a number of {@link ThreatHitSets}.
 */
export class Matches {
  readonly sets: ThreatHitSets;
  readonly #claims: Claims;
  readonly #several = new ClaimSets();
  readonly #unions = new Map<string, number>();
  readonly #timelines: Readonly<Record<AsOf, Map<number, Timeline>>> = { valid: new Map(), known: new Map(), any: new Map() };

  /** The hit set of each claim alone, 0 where nobody asked yet. */
  readonly #alone: Int32Array;

  /** @param claims - all of them: none is added later */
  constructor(claims: Claims) {
    this.#claims = claims;
    this.sets = new ThreatHitSets(claims);
    this.#alone = new Int32Array(claims.size);
  }

  ofClaim(claim: number): number {
    return claim + 1;
  }

  /** @param claims - sorted, distinct */
  ofClaims(claims: Int32Array): number {
    if (claims.length < 2) return claims.length === 0 ? 0 : claims[0]! + 1;
    return -this.#several.numberOf(claims) - 1;
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let match = this.#unions.get(key);
    if (match === undefined) {
      match = this.ofClaims(Int32Array.from(new Set([...this.claims(a), ...this.claims(b)])).sort());
      if (this.#unions.size === unionsAtMost) this.#unions.clear();
      this.#unions.set(key, match);
    }
    return match;
  }

  claims(match: number): Int32Array {
    if (match === 0) return none;
    return match > 0 ? Int32Array.of(match - 1) : this.#several.claims(-match - 1);
  }

  /** Whether what counts of it depends on the event's time, or on its having one. */
  isTimed(match: number, asOf: AsOf): boolean {
    if (match === 0 || asOf === "any") return false;
    if (match > 0) return asOf === "known" || this.#claims.isBounded(match - 1);
    const { sets } = this.#timeline(match, asOf);
    return sets.length > 1 || sets[0] !== this.hitsAt(match, Number.NaN, asOf);
  }

  /** @param at - epoch microseconds, NaN for an event without a time, which meets every indicator */
  hitsAt(match: number, at: number, asOf: AsOf): number {
    if (match === 0) return 0;
    if (match > 0) return this.#counts(match - 1, at, asOf) ? this.#aloneSet(match - 1) : 0;
    const { starts, sets } = this.#timeline(match, Number.isNaN(at) ? "any" : asOf);
    let low = 0;
    let high = sets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return sets[low]!;
  }

  /** Most matches are of one claim: without a timeline a hit takes half the time. */
  #counts(claim: number, at: number, asOf: AsOf): boolean {
    if (asOf === "any" || Number.isNaN(at)) return true;
    if (at < this.#claims.validFrom(claim) || at >= this.#claims.validUntil(claim)) return false;
    return asOf === "valid" || this.#claims.knownAt(claim) <= at;
  }

  #aloneSet(claim: number): number {
    if (this.#alone[claim] === 0) this.#alone[claim] = this.sets.idOf([claim]);
    return this.#alone[claim]!;
  }

  #timeline(match: number, asOf: AsOf): Timeline {
    const known = this.#timelines[asOf].get(match);
    if (known !== undefined) return known;
    const timeline = timelineOf(this.#claims, this.claims(match), asOf, (claims) => this.sets.idOf(claims));
    this.#timelines[asOf].set(match, timeline);
    return timeline;
  }
}

const none = new Int32Array(0);
/** Unions are found again by their members: this only saves time. */
const unionsAtMost = 100_000;
