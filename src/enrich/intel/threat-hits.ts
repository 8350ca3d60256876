import type { Claims, ThreatHit } from "./claims.ts";

/** All hits of one address, name, URL or hash, with what they come to. */
export interface ThreatHitSet {
  /** Sorted, distinct. */
  readonly lists: readonly string[];
  /** `1 − ∏ (1 − c)` over the feeds, `c` being the highest confidence within a feed. */
  readonly confidence: number;
  /** The hit with the highest confidence. */
  readonly strongest: ThreatHit;
  /** One a list: its strongest. */
  readonly hits: readonly ThreatHit[];
  /** Sorted, distinct, of all hits. */
  readonly tags: readonly string[];
}

/** Hit sets as small numbers: equal sets share one, 0 is the empty set. There are as many as combinations of claims that occur. */
export class ThreatHitSets {
  readonly #claims: Claims;
  readonly #sets: (ThreatHitSet | null)[] = [null];
  /** The claims of each set, one a list. */
  readonly #members: (readonly number[])[] = [[]];
  readonly #ids = new Map<string, number>();
  readonly #unions = new Map<string, number>();

  constructor(claims: Claims) {
    this.#claims = claims;
  }

  get size(): number {
    return this.#sets.length;
  }

  /** The set of a number, null for 0. */
  get(id: number): ThreatHitSet | null {
    return this.#sets[id] ?? null;
  }

  /** The set of some claims, as numbers of `Claims`; of those of one list the strongest counts. */
  idOf(claims: readonly number[]): number {
    if (claims.length === 0) return 0;
    const byList = new Map<string, number>();
    for (const claim of claims) {
      const list = this.#claims.list(claim);
      const known = byList.get(list);
      if (known === undefined || this.#claims.byStrength(claim, known) < 0) byList.set(list, claim);
    }
    const lists = [...byList.keys()].sort();
    const members = lists.map((list) => byList.get(list)!);
    const key = members.join();
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#sets.length;
      this.#ids.set(key, id);
      this.#members.push(members);
      const strongest = members.reduce((best, claim) => (this.#claims.byStrength(claim, best) < 0 ? claim : best));
      const hits = members.map((claim) => this.#claims.hit(claim));
      this.#sets.push(hitSet(lists, hits, hits[members.indexOf(strongest)]!));
    }
    return id;
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let id = this.#unions.get(key);
    if (id === undefined) {
      id = this.idOf([...this.#members[a]!, ...this.#members[b]!]);
      this.#unions.set(key, id);
    }
    return id;
  }
}

function hitSet(lists: readonly string[], hits: readonly ThreatHit[], strongest: ThreatHit): ThreatHitSet {
  const byFeed = new Map<string, number>();
  for (const { feed, confidence } of hits) byFeed.set(feed, Math.max(confidence, byFeed.get(feed) ?? 0));
  let doubt = 1;
  for (const confidence of byFeed.values()) doubt *= 1 - confidence;
  const tags = [...new Set(hits.flatMap((hit) => hit.tags))].sort();
  return { lists, hits, strongest, tags, confidence: byFeed.size === 1 ? strongest.confidence : 1 - doubt };
}
