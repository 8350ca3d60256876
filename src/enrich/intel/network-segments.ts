import type { Address } from "../address.ts";
import type { WordTable } from "./word-table.ts";

/**
 * Nested networks of one family as disjoint ranges, each with the union of the matches of all networks over it: a look-up is one binary search,
 * however many prefix lengths occur.
 */
export class NetworkSegments {
  readonly #stride: number;
  /** First address of each range, `stride` words; a range ends where the next one starts. */
  readonly #starts: Uint32Array;
  readonly #matches: Int32Array;
  /** The last range that starts before or in each block of 2^16 IPv4 addresses. */
  readonly #blocks: Int32Array | undefined;

  /** @param networks - keys of `stride` words and the prefix length, values matches */
  constructor(networks: WordTable, stride: 1 | 4, union: (a: number, b: number) => number) {
    this.#stride = stride;
    const starts: number[] = [];
    const matches: number[] = [];
    const emit = (start: readonly number[], match: number) => {
      const last = matches.length - 1;
      if (last >= 0 && compare(starts, last * stride, start, stride) === 0) matches[last] = match;
      else if (match !== (matches[last] ?? 0)) {
        for (const word of start) starts.push(word);
        matches.push(match);
      }
    };
    const open: { readonly end: readonly number[] | null; readonly match: number }[] = [];
    const close = (before: readonly number[] | null) => {
      for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
        if (before !== null && (top.end === null || compare(top.end, 0, before, stride) > 0)) return;
        open.pop();
        if (top.end !== null) emit(top.end, open.at(-1)?.match ?? 0);
      }
    };
    const order = Uint32Array.from({ length: networks.size }, (_, entry) => entry).sort((a, b) => {
      for (let w = 0; w <= stride; w++) {
        const difference = networks.word(a, w) - networks.word(b, w);
        if (difference !== 0) return difference;
      }
      return 0;
    });
    for (const entry of order) {
      const words = Array.from({ length: stride }, (_, w) => networks.word(entry, w));
      close(words);
      const match = union(open.at(-1)?.match ?? 0, networks.value(entry));
      open.push({ end: firstAfter(words, networks.word(entry, stride)), match });
      emit(words, match);
    }
    close(null);
    this.#starts = Uint32Array.from(starts);
    this.#matches = Int32Array.from(matches);
    this.#blocks = stride === 1 && matches.length > blocksFrom ? blocksOf(this.#starts) : undefined;
  }

  /** How many ranges there are. */
  get size(): number {
    return this.#matches.length;
  }

  /** The bytes it holds. */
  get byteLength(): number {
    return this.#starts.byteLength + this.#matches.byteLength + (this.#blocks?.byteLength ?? 0);
  }

  /** The union of the matches of all networks that hold the address, 0 for none. */
  find(address: Address): number {
    const { words } = address;
    const starts = this.#starts;
    const stride = this.#stride;
    let low = 0;
    let high = this.#matches.length - 1;
    if (this.#blocks !== undefined) {
      const block = words[0]! >>> 16;
      low = block === 0 ? 0 : Math.max(0, this.#blocks[block - 1]!);
      high = this.#blocks[block]!;
    }
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (compare(starts, middle * stride, words, stride) <= 0) low = middle + 1;
      else high = middle - 1;
    }
    return high < 0 ? 0 : this.#matches[high]!;
  }
}

const blocksFrom = 256;

function blocksOf(starts: Uint32Array): Int32Array {
  const blocks = new Int32Array(65536);
  let last = -1;
  for (let block = 0; block < 65536; block++) {
    while (last + 1 < starts.length && starts[last + 1]! >>> 16 <= block) last++;
    blocks[block] = last;
  }
  return blocks;
}

function compare(a: ArrayLike<number>, at: number, b: ArrayLike<number>, stride: number): number {
  for (let w = 0; w < stride; w++) {
    const difference = a[at + w]! - b[w]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first address after a network, null where that is the last of all. */
function firstAfter(words: readonly number[], length: number): readonly number[] | null {
  if (length === 0) return null;
  const next = [...words];
  let w = (length - 1) >>> 5;
  let sum = next[w]! + 2 ** (31 - ((length - 1) & 31));
  while (sum > 0xffffffff) {
    next[w] = 0;
    if (--w < 0) return null;
    sum = next[w]! + 1;
  }
  next[w] = sum;
  return next;
}
