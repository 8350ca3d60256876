import type { Dictionary } from "../event/index.ts";

const initialSlots = 1024;

/**
 * Byte strings → dictionary codes. Looks a value up by its bytes in the buffer, so that a string is made once a distinct value and not once
 * a row: 20–40 ns a look-up against 150 ns for making the string.
 */
export class Interner {
  readonly #values: string[] = [];
  /** Grows as values come; the same object for the life of the interner, so that look-ups made for it are kept. */
  readonly dictionary: Dictionary = { values: this.#values };
  readonly #decode: (bytes: Uint8Array, start: number, end: number) => string;
  #slots = new Int32Array(initialSlots).fill(-1);
  #hashes = new Int32Array(initialSlots);
  #starts = new Int32Array(initialSlots);
  #lengths = new Int32Array(initialSlots);
  #arena = new Uint8Array(initialSlots * 16);
  #arenaUsed = 0;
  /** Codes that are found by their bytes; the rest came as texts and are only in `#codes`. */
  #byBytes = 0;
  readonly #codes = new Map<string, number>();

  constructor(decode: (bytes: Uint8Array, start: number, end: number) => string) {
    this.#decode = decode;
  }

  get size(): number {
    return this.#values.length;
  }

  /** The code of a text; only for an interner whose `decode` is UTF-8. */
  codeOfText(text: string): number {
    let code = this.#codes.get(text);
    if (code !== undefined) return code;
    if (this.#byBytes > 0 && text.isWellFormed()) {
      const bytes = Buffer.from(text);
      code = this.code(bytes, 0, bytes.length);
    } else code = this.#values.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }

  code(bytes: Uint8Array, start: number, end: number): number {
    if (this.#byBytes < this.#values.length) this.#addTexts();
    const length = end - start;
    const hash = hashOf(bytes, start, end);
    const slots = this.#slots;
    const mask = slots.length - 1;
    const arena = this.#arena;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = slots[slot]!;
      if (code < 0) {
        this.#values.push(this.#decode(bytes, start, end));
        return this.#add(bytes, start, end, hash, slot);
      }
      if (this.#hashes[code] !== hash || this.#lengths[code] !== length) continue;
      const base = this.#starts[code]! - start;
      let i = start;
      while (i < end && arena[base + i] === bytes[i]) i++;
      if (i === end) return code;
    }
  }

  /** Texts get their bytes when the first value comes as bytes. A text with half a surrogate pair has none: no bytes are it. */
  #addTexts(): void {
    while (this.#byBytes < this.#values.length) {
      const text = this.#values[this.#byBytes]!;
      const bytes = Buffer.from(text);
      const hash = text.isWellFormed() ? hashOf(bytes, 0, bytes.length) : -1;
      const mask = this.#slots.length - 1;
      let slot = hash & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      const code = this.#add(bytes, 0, bytes.length, hash, slot);
      if (!text.isWellFormed()) this.#lengths[code] = -1;
    }
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.#byBytes++;
    const length = end - start;
    if (code >= this.#hashes.length) {
      this.#hashes = grown(this.#hashes);
      this.#starts = grown(this.#starts);
      this.#lengths = grown(this.#lengths);
    }
    if (this.#arenaUsed + length > this.#arena.length) {
      const arena = new Uint8Array(Math.max(this.#arena.length * 2, this.#arenaUsed + length));
      arena.set(this.#arena);
      this.#arena = arena;
    }
    this.#arena.set(bytes.subarray(start, end), this.#arenaUsed);
    this.#hashes[code] = hash;
    this.#starts[code] = this.#arenaUsed;
    this.#lengths[code] = length;
    this.#arenaUsed += length;
    this.#slots[slot] = code;
    if (this.#byBytes * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let code = 0; code < this.#byBytes; code++) {
      let slot = this.#hashes[code]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const out = new Int32Array(array.length * 2);
  out.set(array);
  return out;
}
