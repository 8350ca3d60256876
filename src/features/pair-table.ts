import { withRoom } from "./growable.ts";

/**
 * Which keys each entity has, with a number a pair: the tile it was last in, or the time it was first at. One open hash table for all entities;
 * the pairs of an entity are a list in order of their last `touch`, so that the oldest expire from its head in O(1).
 */
export class PairTable {
  #index = new Int32Array(1024).fill(-1);
  #mask = 1023;
  #size = 0;
  #entity = new Int32Array(512);
  #key = new Int32Array(512);
  #mark = new Float64Array(512);
  #before = new Int32Array(512);
  #after = new Int32Array(512);
  #free = -1;
  #used = 0;
  #heads = new Int32Array(0);
  #tails = new Int32Array(0);
  /** Pairs of each entity. */
  counts = new Int32Array(0);
  readonly #released: (key: number) => void;

  constructor(released: (key: number) => void) {
    this.#released = released;
  }

  reserve(entities: number): void {
    if (entities <= this.counts.length) return;
    const known = this.counts.length;
    this.counts = withRoom(this.counts, entities);
    this.#heads = withRoom(this.#heads, this.counts.length).fill(-1, known);
    this.#tails = withRoom(this.#tails, this.counts.length).fill(-1, known);
  }

  /** The number of a pair, or undefined. */
  markOf(entity: number, key: number): number | undefined {
    const pair = this.#find(entity, key);
    return pair < 0 ? undefined : this.#mark[pair]!;
  }

  /** Keeps the first number of a pair; true if the pair is new. */
  insert(entity: number, key: number, mark: number): boolean {
    if (this.#find(entity, key) >= 0) return false;
    this.#append(entity, key, mark);
    return true;
  }

  /** Keeps the last number of a pair, which must not be smaller than any of the entity's; true if the pair is new. */
  touch(entity: number, key: number, mark: number): boolean {
    const pair = this.#find(entity, key);
    if (pair < 0) {
      this.#append(entity, key, mark);
      return true;
    }
    if (this.#mark[pair] !== mark) {
      this.#mark[pair] = mark;
      if (this.#tails[entity] !== pair) {
        this.#unlink(pair);
        this.#link(pair);
      }
    }
    return false;
  }

  /** Forgets the pairs of an entity whose number is at most `last`. */
  expire(entity: number, last: number): void {
    for (let pair = this.#heads[entity]!; pair >= 0 && this.#mark[pair]! <= last; pair = this.#heads[entity]!) this.#remove(pair);
  }

  /** Pairs of an entity from the longest untouched on. */
  forEach(entity: number, visit: (key: number, mark: number) => void): void {
    for (let pair = this.#heads[entity]!; pair >= 0; pair = this.#after[pair]!) visit(this.#key[pair]!, this.#mark[pair]!);
  }

  #find(entity: number, key: number): number {
    const mask = this.#mask;
    for (let at = hash(entity, key) & mask; ; at = (at + 1) & mask) {
      const pair = this.#index[at]!;
      if (pair < 0 || (this.#key[pair] === key && this.#entity[pair] === entity)) return pair;
    }
  }

  #append(entity: number, key: number, mark: number): void {
    let pair = this.#free;
    if (pair >= 0) this.#free = this.#after[pair]!;
    else {
      pair = this.#used++;
      this.#entity = withRoom(this.#entity, this.#used);
      this.#key = withRoom(this.#key, this.#used);
      this.#mark = withRoom(this.#mark, this.#used);
      this.#before = withRoom(this.#before, this.#used);
      this.#after = withRoom(this.#after, this.#used);
    }
    this.#entity[pair] = entity;
    this.#key[pair] = key;
    this.#mark[pair] = mark;
    this.#link(pair);
    this.counts[entity]! += 1;
    if (++this.#size * 2 > this.#index.length) this.#grow();
    this.#place(pair);
  }

  #place(pair: number): void {
    let at = hash(this.#entity[pair]!, this.#key[pair]!) & this.#mask;
    while (this.#index[at]! >= 0) at = (at + 1) & this.#mask;
    this.#index[at] = pair;
  }

  #grow(): void {
    const old = this.#index;
    this.#index = new Int32Array(old.length * 2).fill(-1);
    this.#mask = this.#index.length - 1;
    for (const pair of old) if (pair >= 0) this.#place(pair);
  }

  #remove(pair: number): void {
    const entity = this.#entity[pair]!;
    this.#unlink(pair);
    this.counts[entity]! -= 1;
    this.#size -= 1;
    let at = hash(entity, this.#key[pair]!) & this.#mask;
    while (this.#index[at] !== pair) at = (at + 1) & this.#mask;
    this.#closeGap(at);
    this.#after[pair] = this.#free;
    this.#free = pair;
    this.#released(this.#key[pair]!);
  }

  /** Linear probing without tombstones: what follows the gap and may stand in it moves up. */
  #closeGap(gap: number): void {
    const mask = this.#mask;
    for (let at = (gap + 1) & mask; ; at = (at + 1) & mask) {
      const pair = this.#index[at]!;
      if (pair < 0) break;
      const home = hash(this.#entity[pair]!, this.#key[pair]!) & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        this.#index[gap] = pair;
        gap = at;
      }
    }
    this.#index[gap] = -1;
  }

  #link(pair: number): void {
    const entity = this.#entity[pair]!;
    const tail = this.#tails[entity]!;
    this.#before[pair] = tail;
    this.#after[pair] = -1;
    if (tail < 0) this.#heads[entity] = pair;
    else this.#after[tail] = pair;
    this.#tails[entity] = pair;
  }

  #unlink(pair: number): void {
    const entity = this.#entity[pair]!;
    const before = this.#before[pair]!;
    const after = this.#after[pair]!;
    if (before < 0) this.#heads[entity] = after;
    else this.#after[before] = after;
    if (after < 0) this.#tails[entity] = before;
    else this.#before[after] = before;
  }
}

function hash(entity: number, key: number): number {
  let h = Math.imul(entity, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
