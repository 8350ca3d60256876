import { randomFillSync } from "node:crypto";

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, from a start that nobody outside knows: a hostile list cannot make its names collide.
export const hashSeed = randomFillSync(new Int32Array(1))[0]!;

export function hashStep(hash: number, char: number): number {
  return Math.imul(hash ^ char, 0x01000193);
}

/** Spreads the bits of a hash over the low ones, which number a slot. */
export function hashEnd(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
