import { type Address, type AddressPrefix, maskWords } from "./address.ts";

/** The prefixes of one family and one length: sorted keys of `stride` words, one value each. */
interface PrefixGroup {
  readonly family: 4 | 6;
  readonly length: number;
  readonly stride: number;
  /** One word each: which bits of an address are compared. */
  readonly masks: readonly number[];
  readonly keys: Uint32Array;
  readonly values: Int32Array;
}

/**
 * Address prefixes to small non-negative numbers, in typed arrays: 8 bytes an IPv4 prefix, 20 an IPv6 one. A look-up is one binary search
 * for every prefix length that occurs.
 */
export class PrefixTable {
  /** Longest prefixes first. */
  readonly #groups: readonly PrefixGroup[];

  constructor(groups: readonly PrefixGroup[]) {
    this.#groups = groups;
  }

  get size(): number {
    return this.#groups.reduce((sum, group) => sum + group.values.length, 0);
  }

  /** The value of the most specific prefix that holds the address, or -1. */
  find(address: Address): number {
    for (const group of this.#groups) {
      const at = group.family === address.family ? positionIn(group, address) : -1;
      if (at >= 0) return group.values[at]!;
    }
    return -1;
  }

  /** The values of all prefixes that hold the address, most specific first. */
  findAll(address: Address): readonly number[] {
    let found: number[] | undefined;
    for (const group of this.#groups) {
      const at = group.family === address.family ? positionIn(group, address) : -1;
      if (at < 0) continue;
      found ??= [];
      found.push(group.values[at]!);
    }
    return found ?? nothing;
  }
}

const nothing: readonly number[] = [];

function positionIn(group: PrefixGroup, address: Address): number {
  const { keys, stride, masks } = group;
  const { words } = address;
  let low = 0;
  let high = group.values.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    let order = 0;
    for (let w = 0; w < stride && order === 0; w++) order = keys[middle * stride + w]! - ((words[w]! & masks[w]!) >>> 0);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Collects prefixes, then packs them. */
export class PrefixTableBuilder {
  readonly #groups = new Map<number, { words: number[]; values: number[] }>();

  add(prefix: AddressPrefix, value: number): void {
    const key = prefix.family * 256 + prefix.length;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { words: [], values: [] };
      this.#groups.set(key, group);
    }
    for (const word of prefix.words) group.words.push(word);
    group.values.push(value);
  }

  /** @param merge - makes one value of two for the same prefix, earlier one first; without it the first one stays */
  build(merge: (first: number, second: number) => number = (first) => first): PrefixTable {
    const groups = [...this.#groups].map(([key, { words, values }]): PrefixGroup => {
      const family = key >> 8 === 4 ? 4 : 6;
      const stride = family === 4 ? 1 : 4;
      const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => {
        for (let w = 0; w < stride; w++) {
          const difference = words[a * stride + w]! - words[b * stride + w]!;
          if (difference !== 0) return difference;
        }
        return a - b;
      });
      const keys = new Uint32Array(words.length);
      const packed = new Int32Array(values.length);
      let count = 0;
      for (const i of order) {
        let same = count > 0;
        for (let w = 0; w < stride && same; w++) same = keys[(count - 1) * stride + w] === words[i * stride + w];
        if (same) {
          packed[count - 1] = merge(packed[count - 1]!, values[i]!);
          continue;
        }
        for (let w = 0; w < stride; w++) keys[count * stride + w] = words[i * stride + w]!;
        packed[count++] = values[i]!;
      }
      const length = key & 255;
      const masks = maskWords(Array<number>(stride).fill(0xffffffff), length);
      return { family, length, stride, masks, keys: keys.slice(0, count * stride), values: packed.slice(0, count) };
    });
    return new PrefixTable(groups.sort((a, b) => b.length - a.length));
  }
}
