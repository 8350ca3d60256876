import { WordTable } from "./word-table.ts";

/** Bytes of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512. */
const digestBytes: ReadonlySet<number> = new Set([16, 20, 28, 32, 48, 64]);

const nibbles = new Int8Array(128).fill(-1);
for (const [value, char] of [..."0123456789abcdef"].entries()) {
  nibbles[char.charCodeAt(0)] = value;
  nibbles[char.toUpperCase().charCodeAt(0)] = value;
}

/** Digests of files, told apart by their length, to numbers. */
export class DigestTable {
  readonly #tables = new Map<number, WordTable>();
  readonly #words = new Uint32Array(16);

  get size(): number {
    return [...this.#tables.values()].reduce((sum, table) => sum + table.size, 0);
  }

  get byteLength(): number {
    return [...this.#tables.values()].reduce((sum, table) => sum + table.byteLength, 0);
  }

  /** Changes the value of a digest, which is 0 for a new one. @returns false where the text is none */
  update(text: string, change: (value: number) => number): boolean {
    const digest = text.trim();
    if (!digestBytes.has(digest.length / 2) || !this.#read(digest)) return false;
    let table = this.#tables.get(digest.length);
    if (table === undefined) {
      table = new WordTable(digest.length / 8);
      this.#tables.set(digest.length, table);
    }
    const entry = table.insert(this.#words);
    table.setValue(entry, change(table.value(entry)));
    return true;
  }

  /** Changes every value. */
  updateAll(change: (value: number) => number): void {
    for (const table of this.#tables.values())
      for (let entry = 0; entry < table.size; entry++) table.setValue(entry, change(table.value(entry)));
  }

  /** The value of a digest in hexadecimal of either case, 0 for none. */
  find(text: string): number {
    const table = this.#tables.get(text.length);
    if (table === undefined || !this.#read(text)) return 0;
    const entry = table.find(this.#words);
    return entry < 0 ? 0 : table.value(entry);
  }

  /** Reads whole words of hexadecimal digits; false where there is another character. */
  #read(text: string): boolean {
    let wrong = 0;
    for (let i = 0, w = 0; i < text.length; w++) {
      let word = 0;
      for (const end = i + 8; i < end; i++) {
        const nibble = nibbles[text.charCodeAt(i)] ?? -1;
        wrong |= nibble;
        word = (word << 4) | nibble;
      }
      this.#words[w] = word;
    }
    return wrong >= 0;
  }
}
