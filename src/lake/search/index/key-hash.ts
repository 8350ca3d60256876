/**
 * Keys of a search index: 64-bit hashes as two halves, of words of raw records and of whole values of columns. Two multiplicative hashes over
 * the same units, each finished as MurmurHash3 does.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp (fmix32)
 */
export interface Key {
  readonly high: number;
  readonly low: number;
}

export const wordSeed = 0x811c9dc5;
export const valueSeed = 0x2f0b4c47;
export const highPrime = 0x01000193;
export const lowPrime = 0x5bd1e995;
/** Between the two halves: the second starts elsewhere. */
export const lowSalt = 0x9e3779b9;

export function finish(hash: number, length: number): number {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The key of a text that is in lower case already. */
export function keyOf(text: string, seed: number): Key {
  let high = seed;
  let low = seed ^ lowSalt;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, highPrime);
    low = Math.imul(low ^ unit, lowPrime) + unit;
  }
  return { high: finish(high, text.length), low: finish(low, text.length) };
}

/** Words that are in every block, and numbers that are in one record each and that nobody looks for, are not worth their place. */
export const leastWordLength = 3;
export const mostDigits = 5;

export function isIndexedWord(word: string): boolean {
  return word.length >= leastWordLength && !(word.length > mostDigits && /^\d+$/.test(word));
}
