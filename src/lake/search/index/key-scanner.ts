import { finish, highPrime, leastWordLength, lowPrime, lowSalt, mostDigits, valueSeed, wordSeed } from "./key-hash.ts";
import type { KeySet } from "./key-set.ts";

/** Of each byte: 0 where no word has it, else what it counts as, letters of ASCII in lower case. */
const letters = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return byte;
  const character = String.fromCharCode(byte);
  return /\w/.test(character) ? character.toLowerCase().charCodeAt(0) : 0;
});

/**
 * Adds the words of records to the keys: runs of letters, digits, underscores and bytes outside ASCII, as `free-text.ts` has them. Byte by byte, with
 * no string made: 1.2 µs a conn record of 170 bytes.
 *
 * @param offsets - record i is `bytes[offsets[i]..offsets[i + 1]]`
 */
export function addWords(bytes: Uint8Array, offsets: Float64Array, from: number, to: number, keys: KeySet): void {
  for (let row = from; row < to; row++) {
    const end = offsets[row + 1]!;
    let high = wordSeed;
    let low = wordSeed ^ lowSalt;
    let length = 0;
    let digits = 0;
    for (let i = offsets[row]!; i <= end; i++) {
      let unit = i < end ? letters[bytes[i]!]! : 0;
      if (unit === 0) {
        if (length >= leastWordLength && !(length > mostDigits && digits === length)) keys.add(finish(high, length), finish(low, length));
        high = wordSeed;
        low = wordSeed ^ lowSalt;
        length = 0;
        digits = 0;
        continue;
      }
      // The Kelvin sign and the capital I with a dot are letters of ASCII in lower case, so a word of ASCII finds them.
      if (unit === 0xe2 && bytes[i + 1] === 0x84 && bytes[i + 2] === 0xaa && i + 2 < end) {
        unit = 0x6b;
        i += 2;
      } else if (unit === 0xc4 && bytes[i + 1] === 0xb0 && i + 1 < end) {
        unit = 0x69;
        i += 1;
      }
      high = Math.imul(high ^ unit, highPrime);
      low = Math.imul(low ^ unit, lowPrime) + unit;
      length++;
      if (unit <= 0x39) digits++;
    }
  }
}

/** A byte that ends a value. A value that has it is cut there, which harms nobody: an index is not asked about such a text. */
export const valueEnd = 1;

/** Adds values, each ended by {@link valueEnd}, to the keys. */
export function addValues(bytes: Uint8Array, keys: KeySet): void {
  let high = valueSeed;
  let low = valueSeed ^ lowSalt;
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const unit = bytes[i]!;
    if (unit === valueEnd) {
      keys.add(finish(high, length), finish(low, length));
      high = valueSeed;
      low = valueSeed ^ lowSalt;
      length = 0;
      continue;
    }
    high = Math.imul(high ^ unit, highPrime);
    low = Math.imul(low ^ unit, lowPrime) + unit;
    length++;
  }
}
