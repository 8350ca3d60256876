import type { Indicator } from "./indicator.ts";

/** One list that holds an indicator. Times are epoch microseconds. */
export interface ThreatHit {
  /** As an event shows it: `ipsum`, `maltrail:emotet`. */
  readonly list: string;
  /** Lists of one feed are not independent of each other: the strongest of them counts. */
  readonly feed: string;
  /** The probability that the indicator is malicious, as this list states it, 0–1. */
  readonly confidence: number;
  /** null for always. */
  readonly validFrom: number | null;
  /** null for ever. */
  readonly validUntil: number | null;
  /** When the list said so, or null where it does not tell. */
  readonly knownAt: number | null;
  readonly tags: readonly string[];
  /** The source's own name for the indicator: a STIX id, a MISP uuid. */
  readonly id: string | null;
}

/**
 * What lists say, without the values they say it of: list, confidence, tags, times. Values of which the same is said share one claim, so that a
 * plain list of a million addresses has one.
 */
export class Claims {
  readonly #origins: { readonly list: string; readonly feed: string; readonly tags: readonly string[] }[] = [];
  readonly #originNumbers = new Map<string, number>();
  readonly #shared = new Map<string, number>();
  #size = 0;
  #origin = new Int32Array(16);
  #confidence = new Float64Array(16);
  #from = new Float64Array(16);
  #until = new Float64Array(16);
  #knownAt = new Float64Array(16);
  readonly #ids = new Map<number, string>();

  get size(): number {
    return this.#size;
  }

  /** The number of the indicator's claim. */
  add(indicator: Indicator): number {
    const { list, feed, confidence, id, tags = [] } = indicator;
    const from = indicator.validFrom ?? Number.NEGATIVE_INFINITY;
    const until = indicator.validUntil ?? Number.POSITIVE_INFINITY;
    const knownAt = indicator.knownAt ?? Number.NaN;
    const originKey = JSON.stringify([list, feed, ...tags]);
    let origin = this.#originNumbers.get(originKey);
    if (origin === undefined) {
      origin = this.#origins.length;
      this.#originNumbers.set(originKey, origin);
      this.#origins.push({ list, feed, tags: [...tags] });
    }
    const key = `${origin},${confidence},${from},${until},${knownAt}`;
    const shared = id === undefined ? this.#shared.get(key) : undefined;
    if (shared !== undefined) return shared;
    const claim = this.#size++;
    if (claim === this.#origin.length) this.#grow();
    this.#origin[claim] = origin;
    this.#confidence[claim] = confidence;
    this.#from[claim] = from;
    this.#until[claim] = until;
    this.#knownAt[claim] = knownAt;
    if (id !== undefined) this.#ids.set(claim, id);
    else if (this.#shared.size < sharedAtMost) this.#shared.set(key, claim);
    return claim;
  }

  /** Valid from this instant on, -Infinity for always. */
  validFrom(claim: number): number {
    return this.#from[claim]!;
  }

  /** Valid before this instant, Infinity for ever. */
  validUntil(claim: number): number {
    return this.#until[claim]!;
  }

  /** NaN where it is not known. */
  knownAt(claim: number): number {
    return this.#knownAt[claim]!;
  }

  hit(claim: number): ThreatHit {
    const { list, feed, tags } = this.#origins[this.#origin[claim]!]!;
    const knownAt = this.#knownAt[claim]!;
    return {
      list,
      feed,
      tags,
      confidence: this.#confidence[claim]!,
      validFrom: finite(this.#from[claim]!),
      validUntil: finite(this.#until[claim]!),
      knownAt: finite(knownAt),
      id: this.#ids.get(claim) ?? null,
    };
  }

  #grow(): void {
    const size = this.#size * 2;
    const wider = (old: Float64Array) => {
      const values = new Float64Array(size);
      values.set(old);
      return values;
    };
    const origin = new Int32Array(size);
    origin.set(this.#origin);
    this.#origin = origin;
    this.#confidence = wider(this.#confidence);
    this.#from = wider(this.#from);
    this.#until = wider(this.#until);
    this.#knownAt = wider(this.#knownAt);
  }
}

/** Past this a list tells every value another thing, and the table that finds equal claims costs more than it saves. */
const sharedAtMost = 100_000;

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null;
}
