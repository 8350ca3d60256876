import { hashEnd } from "./hashing.ts";

/**
 * ASCII texts to numbers. The texts stay as bytes in one pool behind an open-addressing table: a name of 20 characters costs about 45 bytes where
 * a `Map` of strings takes over 100. The caller hashes, so that one pass over a text probes all of its parts.
 */
export class TextTable {
  #size = 0;
  #pool = new Uint8Array(1024);
  #ends = new Int32Array(65);
  #values = new Int32Array(64);
  /** Hash and entry + 1 of each slot, 0 where it is free: a miss reads one cache line and no text. */
  #slots = new Int32Array(2 * 128);

  get size(): number {
    return this.#size;
  }

  /** The bytes it holds. */
  get byteLength(): number {
    return this.#pool.byteLength + this.#ends.byteLength + this.#values.byteLength + this.#slots.byteLength;
  }

  value(entry: number): number {
    return this.#values[entry]!;
  }

  setValue(entry: number, value: number): void {
    this.#values[entry] = value;
  }

  text(entry: number): string {
    return String.fromCharCode(...this.#pool.subarray(this.#ends[entry]!, this.#ends[entry + 1]!));
  }

  /**
   * The entry of `text[start..end)`, or -1.
   * @param hash - of that part, by `hashStep`
   * @param fold - what each character below 128 is compared as
   */
  find(text: string, start: number, end: number, hash: number, fold: Uint8Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hashEnd(hash) << 1) & mask; ; slot = (slot + 2) & mask) {
      const entry = slots[slot + 1]! - 1;
      if (entry < 0) return -1;
      if (slots[slot] === hash && this.#equals(entry, text, start, end, fold)) return entry;
    }
  }

  /** The entry of a text that is folded already; a new one has value 0. */
  insert(text: string, hash: number): number {
    const known = this.find(text, 0, text.length, hash, unfolded);
    if (known >= 0) return known;
    const entry = this.#size++;
    if (this.#size * 4 > this.#slots.length) this.#widenSlots();
    if (this.#size > this.#values.length) {
      const room = Math.ceil(this.#size * growth);
      this.#values = extended(this.#values, new Int32Array(room));
      this.#ends = extended(this.#ends, new Int32Array(room + 1));
    }
    const start = this.#ends[entry]!;
    const end = start + text.length;
    if (end > this.#pool.length) this.#pool = extended(this.#pool, new Uint8Array(Math.ceil(end * growth)));
    for (let i = 0; i < text.length; i++) this.#pool[start + i] = text.charCodeAt(i);
    this.#ends[entry + 1] = end;
    this.#place(hash, entry);
    return entry;
  }

  #equals(entry: number, text: string, start: number, end: number, fold: Uint8Array): boolean {
    const offset = this.#ends[entry]!;
    const length = end - start;
    if (this.#ends[entry + 1]! - offset !== length) return false;
    const pool = this.#pool;
    for (let i = 0; i < length; i++) if (pool[offset + i] !== fold[text.charCodeAt(start + i)]) return false;
    return true;
  }

  #place(hash: number, entry: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hashEnd(hash) << 1) & mask;
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    slots[slot] = hash;
    slots[slot + 1] = entry + 1;
  }

  #widenSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += 2) if (old[slot + 1] !== 0) this.#place(old[slot]!, old[slot + 1]! - 1);
  }
}

const growth = 1.5;

function extended<T extends Int32Array | Uint8Array>(old: T, wider: T): T {
  wider.set(old);
  return wider;
}

/** Every character as it is. */
export const unfolded = Uint8Array.from({ length: 128 }, (_, char) => char);
/** Upper case as lower case. */
export const lowerCase = Uint8Array.from({ length: 128 }, (_, char) => (char >= 65 && char <= 90 ? char + 32 : char));
