import { doubleScale, maxQuantum, maxStdCount } from "./domain.ts";

/**
 * Exact sums of integers below 2^40 in plain doubles: an integer is cut into limbs of 20 bits, limbs are added on their own. Up to 2^33 values no
 * addition rounds, so that order does not matter and what was added can be taken out again.
 */
const base = 2 ** 20;

/** Limbs of one value's moments: count, sum (2), sum of squares (4). */
export const sumLimbs = 3;
export const squareLimbs = 7;

/** The fixed-point integer of a value: NaN outside the domain. */
export function quantum(value: number, isDouble: boolean): number {
  const q = isDouble ? Math.floor(value * doubleScale + 0.5) : value;
  return q > -maxQuantum && q < maxQuantum ? q : Number.NaN;
}

/** Writes the limbs of q to `out[at]…`; a NaN adds nothing. */
export function writeLimbs(q: number, squares: boolean, out: Float64Array, at: number): void {
  if (Number.isNaN(q)) {
    out.fill(0, at, at + (squares ? squareLimbs : sumLimbs));
    return;
  }
  const high = Math.floor(q / base);
  out[at] = 1;
  out[at + 1] = high;
  out[at + 2] = q - high * base;
  if (!squares) return;
  const size = Math.abs(q);
  const a = Math.floor(size / base);
  const b = size - a * base;
  const square0 = b * b;
  const carry0 = Math.floor(square0 / base);
  const square1 = 2 * a * b + carry0;
  const carry1 = Math.floor(square1 / base);
  const square2 = a * a + carry1;
  const carry2 = Math.floor(square2 / base);
  out[at + 3] = square0 - carry0 * base;
  out[at + 4] = square1 - carry1 * base;
  out[at + 5] = square2 - carry2 * base;
  out[at + 6] = carry2;
}

/** The sum as the nearest double: both parts are exact, one addition rounds. */
export function sumOf(limbs: Float64Array, at: number): number {
  return limbs[at + 1]! * base + limbs[at + 2]!;
}

export function meanOf(limbs: Float64Array, at: number, scale: number): number {
  const n = limbs[at]!;
  return n > 0 ? sumOf(limbs, at) / (n * scale) : Number.NaN;
}

/** Population standard deviation, sqrt(n·Σq² − (Σq)²) / (n·scale), the difference exact. */
export function stdOf(limbs: Float64Array, at: number, scale: number): number {
  const n = limbs[at]!;
  if (!(n > 0 && n < maxStdCount)) return Number.NaN;
  return Math.sqrt(spreadOf(limbs, at, n)) / (n * scale);
}

const squares = new Float64Array(7);
const sum = new Float64Array(4);

function spreadOf(limbs: Float64Array, at: number, n: number): number {
  const s = sumOf(limbs, at);
  const q = ((limbs[at + 6]! * base + limbs[at + 5]!) * base + limbs[at + 4]!) * base + limbs[at + 3]!;
  // s² ≤ n·q, so all of it is exact here.
  if (n * q < 2 ** 53) return n * q - s * s;
  return longSpread(limbs, at, n);
}

/** The same in long arithmetic, then out of pieces of 40 bits as the SQL does it. */
function longSpread(limbs: Float64Array, at: number, n: number): number {
  let carry = 0;
  for (let i = 0; i < 7; i++) {
    const limb = (i < 4 ? limbs[at + 3 + i]! : 0) + carry;
    carry = Math.floor(limb / base);
    squares[i] = (limb - carry * base) * n;
  }
  const lowCarry = Math.floor(limbs[at + 2]! / base);
  let low = limbs[at + 2]! - lowCarry * base;
  let high = limbs[at + 1]! + lowCarry;
  if (high < 0) {
    high = -high;
    low = -low;
    if (low < 0) {
      low += base;
      high -= 1;
    }
  }
  sum[0] = low;
  for (let i = 1; i < 4; i++) {
    const rest = Math.floor(high / base);
    sum[i] = high - rest * base;
    high = rest;
  }
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) squares[i + j]! -= sum[i]! * sum[j]!;
  carry = 0;
  for (let i = 0; i < 7; i++) {
    const limb = squares[i]! + carry;
    carry = Math.floor(limb / base);
    squares[i] = limb - carry * base;
  }
  const [piece0, piece1] = [squares[1]! * base + squares[0]!, squares[3]! * base + squares[2]!];
  const piece2 = (squares[6]! * base + squares[5]!) * base + squares[4]!;
  return (piece2 * 2 ** 40 + piece1) * 2 ** 40 + piece0;
}

/** sign(x) · ln(1 + |x|). */
export function signedLog1p(x: number): number {
  return x < 0 ? -Math.log1p(-x) : Math.log1p(x);
}
