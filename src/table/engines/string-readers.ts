import type { ScalarColumn } from "../../event/index.ts";
import type { BytesColumn } from "../engine.ts";
import { type ColumnReader, isSet, Reader, type ScalarReader } from "./column-reader.ts";
import { growableBytes, growableNumbers } from "./growable.ts";
import { type NativeVector, native } from "./native.ts";
import { inlineBytes } from "./native-strings.ts";

/** Slots of the look-aside table; a collision only costs a decode. */
const slots = 4096;

/** Any other type: DuckDB's text of the value. */
export class TextReader extends Reader implements ScalarReader {
  readonly type = "string";
  readonly #codes = growableNumbers((length) => new Int32Array(length));
  readonly #dictionary = new StringCodes();

  add(vector: NativeVector, count: number, boxed: (row: number) => unknown): void {
    this.addValidity(vector, count);
    const codes = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      const value = boxed(row);
      if (value !== null && value !== undefined) codes[row] = this.#dictionary.code(String(value));
    }
    this.#codes.add(codes);
  }

  finish(): ScalarColumn {
    const dictionary = { values: this.#dictionary.values };
    return {
      type: "string",
      encoding: "dictionary",
      length: this.length,
      validity: this.validity,
      codes: this.#codes.finish(),
      dictionary,
    };
  }
}

class StringCodes {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  code(value: string): number {
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.values.length;
      this.values.push(value);
      this.#codes.set(value, code);
    }
    return code;
  }
}

/**
 * Strings as codes. The 16 bytes that DuckDB keeps a string in are looked up first: equal short strings have equal bytes, and rows of one
 * Parquet dictionary share an address while the chunk lives, so that a string is decoded once and not once a row.
 */
export class StringReader extends Reader implements ScalarReader {
  readonly type = "string";
  readonly #codes = growableNumbers((length) => new Int32Array(length));
  readonly #dictionary = new StringCodes();
  readonly #seen = new Int32Array(slots).fill(-1);
  readonly #keys = new Int32Array(slots * 4);
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  add(vector: NativeVector, count: number): void {
    const validity = this.addValidity(vector, count);
    const bytes = native.vector_get_data(vector, count * 16);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, count * 4);
    const codes = new Int32Array(count);
    const seen = this.#seen;
    const keys = this.#keys;
    let hasLong = false;
    for (let row = 0; row < count; row++) {
      if (!isSet(validity, row)) continue;
      const [a, b, c, d] = [words[4 * row]!, words[4 * row + 1]!, words[4 * row + 2]!, words[4 * row + 3]!];
      let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
      hash ^= hash >>> 15;
      const slot = hash & (slots - 1);
      const key = slot * 4;
      if (seen[slot]! >= 0 && keys[key] === a && keys[key + 1] === b && keys[key + 2] === c && keys[key + 3] === d) {
        codes[row] = seen[slot]!;
        continue;
      }
      const code = this.#dictionary.code(this.#text(bytes, row, a >>> 0));
      codes[row] = code;
      hasLong ||= a >>> 0 > inlineBytes;
      seen[slot] = code;
      keys[key] = a;
      keys[key + 1] = b;
      keys[key + 2] = c;
      keys[key + 3] = d;
    }
    if (hasLong) for (let slot = 0; slot < slots; slot++) if (keys[slot * 4]! >>> 0 > inlineBytes) seen[slot] = -1;
    this.#codes.add(codes);
  }

  #text(bytes: Uint8Array, row: number, length: number): string {
    const at = row * 16;
    if (length <= inlineBytes) return this.#decoder.decode(bytes.subarray(at + 4, at + 4 + length));
    return this.#decoder.decode(native.get_data_from_pointer(bytes.buffer as ArrayBuffer, bytes.byteOffset + at + 8, length));
  }

  finish(): ScalarColumn {
    const dictionary = { values: this.#dictionary.values };
    return {
      type: "string",
      encoding: "dictionary",
      length: this.length,
      validity: this.validity,
      codes: this.#codes.finish(),
      dictionary,
    };
  }
}

export class BytesReader extends Reader implements ColumnReader {
  readonly type = "bytes";
  readonly #bytes = growableBytes();
  readonly #offsets = growableNumbers((length) => new Float64Array(length));
  #end = 0;

  constructor() {
    super();
    this.#offsets.add([0]);
  }

  add(vector: NativeVector, count: number): void {
    const validity = this.addValidity(vector, count);
    const entries = native.vector_get_data(vector, count * 16);
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    const offsets = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      if (isSet(validity, row)) {
        const length = view.getUint32(row * 16, true);
        const at = entries.byteOffset + row * 16;
        this.#bytes.add(
          length <= inlineBytes
            ? entries.subarray(row * 16 + 4, row * 16 + 4 + length)
            : native.get_data_from_pointer(entries.buffer as ArrayBuffer, at + 8, length),
        );
        this.#end += length;
      }
      offsets[row] = this.#end;
    }
    this.#offsets.add(offsets);
  }

  finish(): BytesColumn {
    return { type: "bytes", length: this.length, validity: this.validity, bytes: this.#bytes.finish(), offsets: this.#offsets.finish() };
  }
}
