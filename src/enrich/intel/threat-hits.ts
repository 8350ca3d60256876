/** One list that holds an indicator. */
export interface ThreatHit {
  /** As an event shows it: `ipsum`, `maltrail:emotet`. */
  readonly list: string;
  /** Lists of one feed are not independent of each other: the strongest of them counts. */
  readonly feed: string;
  /** The probability that the indicator is malicious, as this list states it, 0–1. */
  readonly confidence: number;
  /** When the list said so, epoch microseconds, or null where it does not tell. */
  readonly knownAt: number | null;
}

/** All hits of one address or name, with what they come to. */
export interface ThreatHitSet {
  /** Sorted, distinct. */
  readonly lists: readonly string[];
  /** `1 − ∏ (1 − c)` over the feeds, `c` being the highest confidence within a feed. */
  readonly confidence: number;
  /** The hit with the highest confidence. */
  readonly strongest: ThreatHit;
  readonly hits: readonly ThreatHit[];
}

/** Hit sets as small numbers: equal sets share one, 0 is the empty set. There are as many as combinations of lists that occur. */
export class ThreatHitSets {
  readonly #sets: (ThreatHitSet | null)[] = [null];
  readonly #ids = new Map<string, number>();
  readonly #unions = new Map<string, number>();

  get size(): number {
    return this.#sets.length;
  }

  /** The set of a number, null for 0. */
  get(id: number): ThreatHitSet | null {
    return this.#sets[id] ?? null;
  }

  idOf(hits: readonly ThreatHit[]): number {
    const byList = new Map<string, ThreatHit>();
    for (const hit of hits) {
      const known = byList.get(hit.list);
      if (known === undefined || known.confidence < hit.confidence) byList.set(hit.list, hit);
    }
    if (byList.size === 0) return 0;
    const lists = [...byList.keys()].sort();
    const key = JSON.stringify(lists.map((list) => [list, byList.get(list)!.confidence]));
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#sets.length;
      this.#ids.set(key, id);
      this.#sets.push(
        hitSet(
          lists,
          lists.map((list) => byList.get(list)!),
        ),
      );
    }
    return id;
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let id = this.#unions.get(key);
    if (id === undefined) {
      id = this.idOf([...this.#sets[a]!.hits, ...this.#sets[b]!.hits]);
      this.#unions.set(key, id);
    }
    return id;
  }
}

function hitSet(lists: readonly string[], hits: readonly ThreatHit[]): ThreatHitSet {
  const byFeed = new Map<string, number>();
  for (const { feed, confidence } of hits) byFeed.set(feed, Math.max(confidence, byFeed.get(feed) ?? 0));
  let doubt = 1;
  for (const confidence of byFeed.values()) doubt *= 1 - confidence;
  const strongest = hits.reduce((best, hit) => (hit.confidence > best.confidence ? hit : best));
  return { lists, hits, strongest, confidence: byFeed.size === 1 ? strongest.confidence : 1 - doubt };
}
