import { domainToASCII } from "node:url";

/** A name as it is compared: lower case, punycode, no final dot; null where it is no domain name of at least two labels. */
export function normaliseDomain(text: string): string | null {
  let name = text.endsWith(".") ? text.slice(0, -1) : text;
  for (let i = 0; i < name.length; i++) {
    const char = name.charCodeAt(i);
    if (char > 127) {
      name = domainToASCII(name);
      break;
    }
  }
  name = name.toLowerCase();
  return name.length <= 253 && domainPattern.test(name) ? name : null;
}

// Underscores occur in real names (_dmarc, service records).
const domainPattern = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Domain names to small numbers, found by a name or by any name below it. The names stay as bytes in one pool behind an open-addressing
 * table: about 40 bytes a name where a `Map` of strings takes over 100. Hashing runs from the right, so that one pass over a name probes
 * all of its parents.
 */
export class DomainTable {
  readonly #pool: Uint8Array;
  readonly #ends: Int32Array;
  readonly #values: Int32Array;
  /** Entry + 1, 0 where free. */
  readonly #slots: Int32Array;

  /** @param entries - normalised names with their values */
  constructor(entries: ReadonlyMap<string, number>) {
    let bytes = 0;
    for (const name of entries.keys()) bytes += name.length;
    this.#pool = new Uint8Array(bytes);
    this.#ends = new Int32Array(entries.size + 1);
    this.#values = new Int32Array(entries.size);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, entries.size * 2))));
    let entry = 0;
    let end = 0;
    for (const [name, value] of entries) {
      let hash = seed;
      for (let i = name.length - 1; i >= 0; i--) hash = step(hash, name.charCodeAt(i));
      for (let i = 0; i < name.length; i++) this.#pool[end++] = name.charCodeAt(i);
      this.#ends[entry + 1] = end;
      this.#values[entry] = value;
      const mask = this.#slots.length - 1;
      let slot = spread(hash) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = ++entry;
    }
  }

  get size(): number {
    return this.#values.length;
  }

  /** The values of the name itself and of every parent that is in the table, shortest name first. */
  findAll(name: string): readonly number[] {
    let found: number[] | undefined;
    let hash = seed;
    for (let i = name.length - 1; i >= 0; i--) {
      hash = step(hash, name.charCodeAt(i));
      if (i > 0 && name.charCodeAt(i - 1) !== 46) continue;
      const entry = this.#entryOf(name, i, hash);
      if (entry < 0) continue;
      found ??= [];
      found.push(this.#values[entry]!);
    }
    return found ?? nothing;
  }

  #entryOf(name: string, start: number, hash: number): number {
    const mask = this.#slots.length - 1;
    const length = name.length - start;
    for (let slot = spread(hash) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1;
      const offset = this.#ends[entry]!;
      if (this.#ends[entry + 1]! - offset !== length) continue;
      let i = 0;
      while (i < length && this.#pool[offset + i] === name.charCodeAt(start + i)) i++;
      if (i === length) return entry;
    }
    return -1;
  }
}

const nothing: readonly number[] = [];
// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
const seed = 0x811c9dc5 | 0;
const step = (hash: number, char: number) => Math.imul(hash ^ char, 0x01000193);
const spread = (hash: number) => hash ^ (hash >>> 15);
