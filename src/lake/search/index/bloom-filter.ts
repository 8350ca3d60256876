import type { Key } from "./key-hash.ts";
import type { KeySet } from "./key-set.ts";

/**
 * A split-block Bloom filter: a key sets eight bits of one bucket of 32 bytes, so that a look-up reads 32 bytes and no more. With 12 bits a key one
 * look-up in 170 says "maybe" where the key is not (measured; `test/lake/search/index.test.ts` holds it under 1 %).
 *
 * @see Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007; the layout and salts are those of Apache Parquet
 */
export const bucketBytes = 32;
const bitsPerKey = 12;
const salts = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31] as const;

export function bloomFilter(keys: KeySet): Uint32Array {
  const buckets = Math.max(1, Math.ceil((keys.size * bitsPerKey) / (8 * bucketBytes)));
  const filter = new Uint32Array(8 * buckets);
  keys.forEach((high, low) => {
    const start = 8 * bucketOf(high, buckets);
    for (let i = 0; i < 8; i++) filter[start + i]! |= 1 << (Math.imul(low, salts[i]!) >>> 27);
  });
  return filter;
}

export function bucketOf(high: number, buckets: number): number {
  return Math.floor((high / 2 ** 32) * buckets);
}

/** @param bucket - the 32 bytes at {@link bucketOf}, from `offset` on */
export function mayHold(bucket: DataView, offset: number, { low }: Key): boolean {
  for (let i = 0; i < 8; i++) {
    if ((bucket.getUint32(offset + 4 * i, true) & (1 << (Math.imul(low, salts[i]!) >>> 27))) === 0) return false;
  }
  return true;
}
