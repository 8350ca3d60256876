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

interface Origin {
  readonly list: string;
  readonly feed: string;
  readonly tags: readonly string[];
}

/**
 * What lists say, without the values they say it of: list, confidence, tags, times. Values of which the same is said share one claim, so that a
 * plain list of a million addresses has one. A claim is 44 bytes and its id.
 */
export class Claims {
  readonly #origins: Origin[] = [];
  readonly #originNumbers = new Map<string, number>();
  readonly #shared = new Map<string, number>();
  #lastOrigin: Origin = { list: "", feed: "", tags: [] };
  #lastOriginNumber = -1;
  #size = 0;
  #origin = new Int32Array(64);
  #confidence = new Float64Array(64);
  #from = new Float64Array(64);
  #until = new Float64Array(64);
  #knownAt = new Float64Array(64);
  /** Where each claim's id ends in the pool; ids are UTF-8. */
  #idEnds = new Int32Array(64);
  #ids = Buffer.alloc(64);

  get size(): number {
    return this.#size;
  }

  /** The bytes it holds. */
  get byteLength(): number {
    return this.#origin.byteLength + 4 * this.#from.byteLength + this.#idEnds.byteLength + this.#ids.byteLength;
  }

  /** The number of the indicator's claim. A confidence out of 0–1 becomes the nearer of them. */
  add(indicator: Indicator): number {
    const confidence = Math.min(1, Math.max(0, indicator.confidence)) || 0;
    const from = indicator.validFrom ?? Number.NEGATIVE_INFINITY;
    const until = indicator.validUntil ?? Number.POSITIVE_INFINITY;
    const knownAt = indicator.knownAt ?? Number.NaN;
    const origin = this.#originOf(indicator);
    const { id } = indicator;
    const key = id === undefined ? `${origin},${confidence},${from},${until},${knownAt}` : "";
    const shared = id === undefined ? this.#shared.get(key) : undefined;
    if (shared !== undefined) return shared;
    const claim = this.#size++;
    if (claim === this.#origin.length) this.#grow();
    this.#origin[claim] = origin;
    this.#confidence[claim] = confidence;
    this.#from[claim] = from;
    this.#until[claim] = until;
    this.#knownAt[claim] = knownAt;
    const idStart = claim === 0 ? 0 : this.#idEnds[claim - 1]!;
    this.#idEnds[claim] = id === undefined ? idStart : this.#writeId(id, idStart);
    if (id === undefined && this.#shared.size < sharedAtMost) this.#shared.set(key, claim);
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

  /** Whether it does not hold always and for ever. */
  isBounded(claim: number): boolean {
    return this.#from[claim] !== Number.NEGATIVE_INFINITY || this.#until[claim] !== Number.POSITIVE_INFINITY;
  }

  /** NaN where it is not known. */
  knownAt(claim: number): number {
    return this.#knownAt[claim]!;
  }

  confidence(claim: number): number {
    return this.#confidence[claim]!;
  }

  list(claim: number): string {
    return this.#origins[this.#origin[claim]!]!.list;
  }

  /** Order of two claims of one list: the more confident first, then the one that was known first, then the one that was read first. */
  byStrength(a: number, b: number): number {
    const confidence = this.#confidence[b]! - this.#confidence[a]!;
    if (confidence !== 0) return confidence;
    const [first, second] = [this.#knownAt[a]!, this.#knownAt[b]!];
    if (first < second || (Number.isNaN(second) && !Number.isNaN(first))) return -1;
    if (second < first || (Number.isNaN(first) && !Number.isNaN(second))) return 1;
    return a - b;
  }

  hit(claim: number): ThreatHit {
    const { list, feed, tags } = this.#origins[this.#origin[claim]!]!;
    const idStart = claim === 0 ? 0 : this.#idEnds[claim - 1]!;
    const idEnd = this.#idEnds[claim]!;
    return {
      list,
      feed,
      tags,
      confidence: this.#confidence[claim]!,
      validFrom: finite(this.#from[claim]!),
      validUntil: finite(this.#until[claim]!),
      knownAt: finite(this.#knownAt[claim]!),
      id: idStart === idEnd ? null : this.#ids.toString("utf8", idStart, idEnd),
    };
  }

  #originOf({ list, feed, tags = noTags }: Indicator): number {
    const last = this.#lastOrigin;
    if (last.list === list && last.feed === feed && last.tags === tags) return this.#lastOriginNumber;
    const key = JSON.stringify([list, feed, ...tags]);
    let number = this.#originNumbers.get(key);
    if (number === undefined) {
      number = this.#origins.length;
      this.#originNumbers.set(key, number);
      this.#origins.push({ list, feed, tags: [...tags] });
    }
    this.#lastOrigin = { list, feed, tags };
    this.#lastOriginNumber = number;
    return number;
  }

  /** @returns where it ends */
  #writeId(id: string, start: number): number {
    const bytes = Buffer.byteLength(id);
    if (start + bytes > this.#ids.length) {
      const wider = Buffer.alloc(Math.ceil((start + bytes) * 1.5));
      this.#ids.copy(wider);
      this.#ids = wider;
    }
    return start + this.#ids.write(id, start);
  }

  #grow(): void {
    const size = Math.ceil(this.#origin.length * 1.5);
    this.#origin = extended(this.#origin, new Int32Array(size));
    this.#idEnds = extended(this.#idEnds, new Int32Array(size));
    this.#confidence = extended(this.#confidence, new Float64Array(size));
    this.#from = extended(this.#from, new Float64Array(size));
    this.#until = extended(this.#until, new Float64Array(size));
    this.#knownAt = extended(this.#knownAt, new Float64Array(size));
  }
}

const noTags: readonly string[] = [];
/** Past this a list tells every value another thing, and the table that finds equal claims costs more than it saves. */
const sharedAtMost = 100_000;

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null;
}

function extended<T extends Int32Array | Float64Array>(old: T, wider: T): T {
  wider.set(old);
  return wider;
}
