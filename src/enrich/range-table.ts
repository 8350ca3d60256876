import { SoclabError } from "../core/index.ts";
import type { Address } from "./address.ts";

/** An inclusive range of addresses of one family, with a value. */
export interface AddressRange {
  readonly start: bigint;
  readonly end: bigint;
  readonly value: number;
}

/** Sorted ranges of one family in typed arrays of 1 (IPv4) or 4 (IPv6) words a bound. Where ranges overlap, the one that starts last counts. */
export class RangeTable {
  readonly length: number;
  readonly #stride: number;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #values: Int32Array;

  constructor(family: 4 | 6, starts: Uint32Array, ends: Uint32Array, values: Int32Array) {
    this.#stride = family === 4 ? 1 : 4;
    this.length = values.length;
    this.#starts = starts;
    this.#ends = ends;
    this.#values = values;
    if (starts.length !== values.length * this.#stride || ends.length !== starts.length)
      throw new SoclabError("SOCLAB_SHAPE", `${starts.length} start words for ${values.length} ranges of IPv${family}`);
  }

  /** The value of the range that holds the address, or -1. */
  find(address: Address): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAt(this.#starts, middle, this.#stride, address.words) <= 0) low = middle + 1;
      else high = middle;
    }
    const at = low - 1;
    return at >= 0 && compareAt(this.#ends, at, this.#stride, address.words) >= 0 ? this.#values[at]! : -1;
  }
}

function compareAt(bounds: Uint32Array, at: number, stride: number, words: readonly number[]): number {
  for (let w = 0; w < stride; w++) {
    const difference = bounds[at * stride + w]! - words[w]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The words of an address as one number. */
export function addressToBigint(address: Address): bigint {
  let value = 0n;
  for (const word of address.words) value = (value << 32n) | BigInt(word);
  return value;
}

/** Writes a 128-bit number as four words. */
export function writeWords(target: Uint32Array, at: number, value: bigint): void {
  for (let w = 3; w >= 0; w--) {
    target[at + w] = Number(value & 0xffffffffn);
    value >>= 32n;
  }
}
