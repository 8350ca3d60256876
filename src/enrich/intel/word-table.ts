import { hashEnd, hashSeed } from "./hashing.ts";

/** Keys of a fixed number of 32-bit words (addresses, digests) to numbers, in an open-addressing table. */
export class WordTable {
  readonly #stride: number;
  #size = 0;
  #keys: Uint32Array;
  #values = new Int32Array(64);
  /** Entry + 1 of each slot, 0 where it is free. */
  #slots = new Int32Array(128);

  constructor(stride: number) {
    this.#stride = stride;
    this.#keys = new Uint32Array(64 * stride);
  }

  get size(): number {
    return this.#size;
  }

  /** The bytes it holds. */
  get byteLength(): number {
    return this.#keys.byteLength + this.#values.byteLength + this.#slots.byteLength;
  }

  value(entry: number): number {
    return this.#values[entry]!;
  }

  setValue(entry: number, value: number): void {
    this.#values[entry] = value;
  }

  /** Word `w` of an entry's key. */
  word(entry: number, w: number): number {
    return this.#keys[entry * this.#stride + w]!;
  }

  /** The entry of the key, or -1. The words are unsigned. */
  find(words: ArrayLike<number>): number {
    const stride = this.#stride;
    const mask = this.#slots.length - 1;
    probing: for (let slot = this.#hash(words) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1;
      if (entry < 0) return -1;
      for (let w = 0; w < stride; w++) if (this.#keys[entry * stride + w] !== words[w]) continue probing;
      return entry;
    }
  }

  /** The entry of the key; a new one has value 0. */
  insert(words: ArrayLike<number>): number {
    const known = this.find(words);
    if (known >= 0) return known;
    const stride = this.#stride;
    const entry = this.#size++;
    if (this.#size > this.#values.length) {
      const room = Math.ceil(this.#size * 1.5);
      const values = new Int32Array(room);
      values.set(this.#values);
      this.#values = values;
      const keys = new Uint32Array(room * stride);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    for (let w = 0; w < stride; w++) this.#keys[entry * stride + w] = words[w]!;
    if (this.#size * 2 > this.#slots.length) this.#widenSlots();
    else this.#place(words, entry);
    return entry;
  }

  #hash(words: ArrayLike<number>): number {
    let hash = hashSeed;
    for (let w = 0; w < this.#stride; w++) hash = Math.imul(hash ^ words[w]!, 0x9e3779b1) ^ (hash >>> 15);
    return hashEnd(hash);
  }

  #place(words: ArrayLike<number>, entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(words) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #widenSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#size; entry++)
      this.#place(this.#keys.subarray(entry * this.#stride, (entry + 1) * this.#stride), entry);
  }
}
