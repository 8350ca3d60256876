/** A seeded stream of numbers; the same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1), 53 random bits. */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** An independent stream, derived from this one's seed and the key. */
  fork(key: number): Random;
}

/**
 * sfc32 seeded through splitmix32.
 * @see PractRand, Chris Doty-Humphrey: Small Fast Counting RNG
 */
export function createRandom(seed: number): Random {
  let mix = seed | 0;
  const splitmix = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = 1;
  const next32 = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();
  const next = () => (next32() * 2097152 + (next32() >>> 11)) / 9007199254740992;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    fork: (key) => createRandom(Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(key + 1, 0x85ebca6b)),
  };
}
