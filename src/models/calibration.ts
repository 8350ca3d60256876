import { SoclabError } from "../core/index.ts";

/**
 * What turns a raw score into a tail share (the expected share of training events that score at or above it) and a relevance.
 * Data only; two knots at least where training scores differ.
 */
export interface Calibration {
  /** Distinct training scores, ascending. */
  readonly scores: Float64Array;
  /** ln of the share of training events at or above each; from 0 down, strictly. */
  readonly logShares: Float64Array;
  /** Beyond the last knot: a generalised Pareto tail with this scale (> 0) and shape (≥ 0). */
  readonly tail: { readonly logShare: number; readonly scale: number; readonly shape: number };
}

/** Ranks from the top that get a knot of their own; further down knots are 2 % apart in rank. */
const exactRanks = 100;
/** Share of the training scores that the tail is fitted on. */
const tailShare = 0.02;
const leastExceedances = 20;

/**
 * Calibrates on the scores of the training rows.
 *
 * Within the training scores the share is empirical, log-linear between knots. Beyond the greatest it starts at 1/(n + 1) and falls along a generalised Pareto tail fitted on the top
 * 2 % by probability-weighted moments. Its shape is kept in [0, 0.9]: a negative one would end the tail and tell nothing apart behind its end.
 * @throws SOCLAB_INVALID_VALUE without scores, or for one that is not finite
 * @see Hosking, Wallis: Parameter and quantile estimation for the generalized Pareto distribution, Technometrics 1987
 */
export function calibrate(trainingScores: Float64Array): Calibration {
  const n = trainingScores.length;
  if (n === 0) throw new SoclabError("SOCLAB_INVALID_VALUE", "there are no training scores to calibrate on");
  const strange = trainingScores.findIndex((score) => !Number.isFinite(score));
  if (strange >= 0)
    throw new SoclabError("SOCLAB_INVALID_VALUE", `training score ${strange} is ${trainingScores[strange]}; expected a finite number`);
  const sorted = trainingScores.slice().sort();
  const scores: number[] = [];
  const logShares: number[] = [];
  for (let rank = 1, top = n; top > 0; ) {
    // `rank` rows score at or above this one: step down to the first row of its tie.
    let index = Math.max(0, n - rank);
    if (index >= top) index = top - 1;
    const score = sorted[index]!;
    const first = lowerBound(sorted, score);
    scores.push(score);
    logShares.push(Math.log((n - first) / n));
    top = first;
    rank = n - first < exactRanks ? n - first + 1 : Math.ceil((n - first) * 1.02);
    if (rank >= n && top > 0) rank = n;
  }
  return {
    scores: Float64Array.from(scores.reverse()),
    logShares: Float64Array.from(logShares.reverse(), (logShare) => logShare + 0),
    tail: { logShare: Math.log(1 / (n + 1)), ...fitTail(sorted) },
  };
}

/**
 * Expected share of training events at or above a raw score, in (0, 1]; falls strictly with the score between the least training score and where doubles end.
 */
export function tailShareOf(calibration: Calibration, score: number): number {
  return Math.exp(logTailShare(calibration, score));
}

/**
 * Relevance 0–100 of a raw score: 100 · (1 − √share). Monotone, and it goes on rising beyond the greatest training score.
 *
 * | relevance | share of training events at or above |
 * |---|---|
 * | 50 | 1 in 4 |
 * | 90 | 1 in 100 |
 * | 99 | 1 in 10,000 |
 * | 99.9 | 1 in 1,000,000 |
 */
export function calibratedRelevance(calibration: Calibration, score: number): number {
  // −expm1 keeps small relevances exact; `+ 0` turns −0 into 0.
  return -100 * Math.expm1(logTailShare(calibration, score) / 2) + 0;
}

/** The raw score at which a relevance in [0, 100) begins: for a threshold that a person sets as relevance. */
export function scoreAtRelevance(calibration: Calibration, relevance: number): number {
  if (!(relevance >= 0 && relevance < 100))
    throw new SoclabError("SOCLAB_INVALID_VALUE", `relevance is ${relevance}; expected 0 to less than 100`);
  const { scores } = calibration;
  let low = scores[0]!;
  let high = scores.at(-1)!;
  for (let reach = calibration.tail.scale; calibratedRelevance(calibration, high) < relevance && high < Number.MAX_VALUE; reach *= 2)
    high = Math.min(high + reach, Number.MAX_VALUE);
  if (calibratedRelevance(calibration, low) >= relevance) return low;
  for (;;) {
    const middle = low / 2 + high / 2;
    if (middle <= low || middle >= high) return high;
    if (calibratedRelevance(calibration, middle) >= relevance) high = middle;
    else low = middle;
  }
}

function logTailShare({ scores, logShares, tail }: Calibration, score: number): number {
  const last = scores.length - 1;
  if (!(score > scores[0]!)) return 0;
  if (score > scores[last]!) return Math.min(logShares[last]!, tail.logShare + logSurvival(tail, score - scores[last]!));
  const at = lowerBound(scores, score);
  if (scores[at] === score) return logShares[at]!;
  // Halves, because the distance of two doubles may not be one.
  const from = scores[at - 1]! / 2;
  const along = (score / 2 - from) / (scores[at]! / 2 - from);
  return Math.max(logShares[at]!, logShares[at - 1]! + (logShares[at]! - logShares[at - 1]!) * along);
}

function logSurvival({ scale, shape }: { readonly scale: number; readonly shape: number }, excess: number): number {
  return shape === 0 ? -excess / scale : -Math.log1p((shape * excess) / scale) / shape;
}

/** Scale and shape of the excesses beyond the greatest score, from those over the tail's threshold. */
function fitTail(sorted: Float64Array): { scale: number; shape: number } {
  const n = sorted.length;
  const count = Math.min(n - 1, Math.max(leastExceedances, Math.ceil(n * tailShare)));
  const threshold = sorted[n - 1 - Math.max(0, count)]!;
  const excesses = sorted.subarray(n - count).map((score) => score - threshold);
  const m = excesses.length;
  let mean = 0;
  let weighted = 0;
  for (let i = 0; i < m; i++) {
    mean += excesses[i]! / m;
    if (m > 1) weighted += (((m - 1 - i) / (m - 1)) * excesses[i]!) / m;
  }
  // Training scores that do not differ say nothing of the scale.
  if (!(mean > 0) || !Number.isFinite(mean)) return { scale: Math.max(1e-3, Math.abs(sorted[n - 1]!) * 0.1), shape: 0 };
  const shape = mean > 2 * weighted ? 2 - mean / (mean - 2 * weighted) : 0;
  if (!(shape > 0)) return { scale: mean, shape: 0 };
  const kept = Math.min(shape, 0.9);
  // The scale at the threshold that keeps the mean, then moved to the greatest score (threshold stability).
  return { scale: mean * (1 - kept) + kept * (sorted[n - 1]! - threshold), shape: kept };
}

/** First index whose value is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
