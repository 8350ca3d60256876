import type { Dictionary } from "../../event/index.ts";
import { type NativeType, type NativeVector, native } from "./native.ts";

/**
 * DuckDB's `string_t`: 16 bytes, first the length (32 bits). Up to 12 bytes stand in place, zero-padded; of a longer text the first 4 bytes
 * and the 64-bit address of the whole. Little-endian.
 */
export const inlineBytes = 12;

/** Bytes copied into DuckDB's memory once, so that any number of `string_t` can point into them. They live as long as the vector. */
export class NativeBytes {
  readonly #vector: NativeVector;
  #low = 0;
  #high = 0;

  constructor(vector: NativeVector) {
    this.#vector = vector;
  }

  static create(blobType: NativeType): NativeBytes {
    return new NativeBytes(native.create_vector(blobType, 1));
  }

  /** Copies the bytes; those copied before stay where they are. At least 13 bytes, for fewer have no address. */
  add(bytes: Uint8Array): void {
    if (bytes.length <= inlineBytes) throw new RangeError(`${bytes.length} bytes have no address of their own`);
    native.vector_assign_string_element_len(this.#vector, 0, bytes);
    const entry = native.vector_get_data(this.#vector, 16);
    const view = new DataView(entry.buffer, entry.byteOffset, 16);
    if (view.getUint32(0, true) !== bytes.length) throw new Error("DuckDB's string layout is not the expected one");
    this.#low = view.getUint32(8, true);
    this.#high = view.getUint32(12, true);
  }

  /** Writes the address of a byte of the last copy into two words. */
  writeAddress(words: Uint32Array, at: number, offset: number): void {
    const low = this.#low + offset;
    words[at] = low;
    words[at + 1] = this.#high + Math.floor(low / 4294967296);
  }
}

/** Writes a text that stands at `source[start..end]` as a `string_t`; a long one points to `start - base` in `target`. */
export function writeString(
  words: Uint32Array,
  bytes: Uint8Array,
  row: number,
  source: Uint8Array,
  start: number,
  end: number,
  target: NativeBytes,
  base: number,
): void {
  const length = end - start;
  const word = row * 4;
  words[word] = length;
  if (length > inlineBytes) {
    words[word + 1] = source[start]! | (source[start + 1]! << 8) | (source[start + 2]! << 16) | (source[start + 3]! << 24);
    target.writeAddress(words, word + 2, start - base);
    return;
  }
  words[word + 1] = 0;
  words[word + 2] = 0;
  words[word + 3] = 0;
  for (let i = start, to = row * 16 + 4; i < end; i++, to++) bytes[to] = source[i]!;
}

/** The `string_t` of every value of a dictionary, made once a distinct string and kept while the dictionary lives. */
export class NativeDictionaries {
  readonly #blobType: NativeType;
  readonly #known = new WeakMap<readonly string[], NativeDictionary>();

  constructor(blobType: NativeType) {
    this.#blobType = blobType;
  }

  /** Four words a code. */
  words({ values }: Dictionary): Uint32Array {
    let dictionary = this.#known.get(values);
    if (!dictionary) {
      dictionary = new NativeDictionary(this.#blobType);
      this.#known.set(values, dictionary);
    }
    return dictionary.grownTo(values);
  }
}

class NativeDictionary {
  readonly #text: NativeBytes;
  #words = new Uint32Array(64);
  #count = 0;

  constructor(blobType: NativeType) {
    this.#text = NativeBytes.create(blobType);
  }

  grownTo(values: readonly string[]): Uint32Array {
    if (this.#count >= values.length) return this.#words;
    if (values.length * 4 > this.#words.length) {
      const words = new Uint32Array(Math.max(values.length * 4, this.#words.length * 2));
      words.set(this.#words);
      this.#words = words;
    }
    const encoded = values.slice(this.#count).map((value) => Buffer.from(value, "utf8"));
    const long = Buffer.concat(encoded.filter((bytes) => bytes.length > inlineBytes));
    if (long.length > 0) this.#text.add(long);
    const bytes = new Uint8Array(this.#words.buffer);
    let at = 0;
    for (const value of encoded) {
      writeString(this.#words, bytes, this.#count++, value, 0, value.length, this.#text, -at);
      if (value.length > inlineBytes) at += value.length;
    }
    return this.#words;
  }
}
