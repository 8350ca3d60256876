import { hashEnd, hashSeed } from "./hashing.ts";

/** Sets of claims as small numbers from 0, equal ones share one; their members lie in one array. */
export class ClaimSets {
  #size = 0;
  #pool = new Int32Array(256);
  #ends = new Int32Array(65);
  /** Set + 1 of each slot, 0 where it is free. */
  #slots = new Int32Array(128);

  /** @param claims - sorted, distinct */
  numberOf(claims: Int32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(claims) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask)
      if (this.#equals(this.#slots[slot]! - 1, claims)) return this.#slots[slot]! - 1;
    const set = this.#size++;
    const start = this.#ends[set]!;
    if (this.#size >= this.#ends.length) this.#ends = extended(this.#ends, this.#size * 1.5 + 1);
    if (start + claims.length > this.#pool.length) this.#pool = extended(this.#pool, (start + claims.length) * 1.5);
    this.#pool.set(claims, start);
    this.#ends[set + 1] = start + claims.length;
    this.#slots[slot] = set + 1;
    if (this.#size * 2 > this.#slots.length) this.#widenSlots();
    return set;
  }

  claims(set: number): Int32Array {
    return this.#pool.subarray(this.#ends[set], this.#ends[set + 1]);
  }

  #equals(set: number, claims: Int32Array): boolean {
    const start = this.#ends[set]!;
    if (this.#ends[set + 1]! - start !== claims.length) return false;
    for (let i = 0; i < claims.length; i++) if (this.#pool[start + i] !== claims[i]) return false;
    return true;
  }

  #widenSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let set = 0; set < this.#size; set++) {
      let slot = hashOf(this.claims(set)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = set + 1;
    }
  }
}

function hashOf(claims: Int32Array): number {
  let hash = hashSeed;
  for (let i = 0; i < claims.length; i++) hash = Math.imul(hash ^ claims[i]!, 0x9e3779b1) ^ (hash >>> 15);
  return hashEnd(hash);
}

function extended(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(Math.ceil(size));
  wider.set(old);
  return wider;
}
