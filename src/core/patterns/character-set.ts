/** Code units as sorted, disjoint ranges: `[from, to, from, to …]`, both ends included. */
export type CharacterSet = readonly number[];

export const maxCodeUnit = 0xffff;
export const everything: CharacterSet = [0, maxCodeUnit];
const digits: CharacterSet = [48, 57];
const words: CharacterSet = [48, 57, 65, 90, 95, 95, 97, 122];
const spaces: CharacterSet = [
  9, 13, 32, 32, 160, 160, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
];

/** `\d`, `\W` and so on; undefined for another letter. */
export function escapedSet(letter: string): CharacterSet | undefined {
  switch (letter) {
    case "d":
      return digits;
    case "D":
      return complement(digits);
    case "w":
      return words;
    case "W":
      return complement(words);
    case "s":
      return spaces;
    case "S":
      return complement(spaces);
    default:
      return undefined;
  }
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const ranges: [number, number][] = [];
  for (const set of sets) for (let i = 0; i < set.length; i += 2) ranges.push([set[i]!, set[i + 1]!]);
  ranges.sort(([a], [b]) => a - b);
  const out: number[] = [];
  for (const [from, to] of ranges) {
    if (out.length > 0 && from <= out.at(-1)! + 1) out[out.length - 1] = Math.max(out.at(-1)!, to);
    else out.push(from, to);
  }
  return out;
}

export function complement(set: CharacterSet): CharacterSet {
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > next) out.push(next, set[i]! - 1);
    next = set[i + 1]! + 1;
  }
  if (next <= maxCodeUnit) out.push(next, maxCodeUnit);
  return out;
}

/** With both cases of the ASCII letters in it. */
export function foldCase(set: CharacterSet): CharacterSet {
  const folded: CharacterSet[] = [set];
  for (let i = 0; i < set.length; i += 2) {
    const [upperFrom, upperTo] = [Math.max(65, set[i]!), Math.min(90, set[i + 1]!)];
    if (upperFrom <= upperTo) folded.push([upperFrom + 32, upperTo + 32]);
    const [lowerFrom, lowerTo] = [Math.max(97, set[i]!), Math.min(122, set[i + 1]!)];
    if (lowerFrom <= lowerTo) folded.push([lowerFrom - 32, lowerTo - 32]);
  }
  return union(folded);
}

/** The alphabet cut where any of the sets begins or ends: characters of one atom are alike to all of them. */
export class Atoms {
  readonly #starts: number[];

  constructor(sets: Iterable<CharacterSet>) {
    const cuts = new Set([0]);
    for (const set of sets) {
      for (let i = 0; i < set.length; i += 2) {
        cuts.add(set[i]!);
        if (set[i + 1]! < maxCodeUnit) cuts.add(set[i + 1]! + 1);
      }
    }
    this.#starts = [...cuts].sort((a, b) => a - b);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The atoms of a set as bits. */
  mask(set: CharacterSet): bigint {
    let mask = 0n;
    for (let i = 0; i < set.length; i += 2) {
      for (let atom = this.#starts.findIndex((start) => start >= set[i]!); atom >= 0 && atom < this.count; atom++) {
        if (this.#starts[atom]! > set[i + 1]!) break;
        mask |= 1n << BigInt(atom);
      }
    }
    return mask;
  }

  /** The atom that a character is in, as a bit. */
  bitOf(code: number): bigint {
    let atom = this.#starts.findIndex((start) => start > code);
    if (atom < 0) atom = this.count;
    return 1n << BigInt(atom - 1);
  }

  /** A character out of the mask, one that can be read where there is one. */
  sample(mask: bigint): string {
    let first = -1;
    for (let atom = 0; atom < this.count; atom++) {
      if ((mask & (1n << BigInt(atom))) === 0n) continue;
      const start = this.#starts[atom]!;
      const end = (this.#starts[atom + 1] ?? maxCodeUnit + 1) - 1;
      for (const liked of [97, 48, 65, 32, 33]) if (liked >= start && liked <= end) return String.fromCharCode(liked);
      if (start > 32 && start < 127) return String.fromCharCode(start);
      if (first < 0) first = start;
    }
    return String.fromCharCode(Math.max(0, first));
  }
}
