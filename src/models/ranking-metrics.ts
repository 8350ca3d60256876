import { SoclabError } from "../core/index.ts";

/** What is known of each row: 1 anomalous, 0 not, −1 unknown (left out of every figure). */
export type Truth = ArrayLike<number>;

/** Scores of a labelled set, each class ascending. */
interface Ranked {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * Area under the ROC curve: the probability that an anomalous row scores above a normal one, ties counting half.
 * @returns null where one of the classes is empty
 * @throws SOCLAB_SHAPE, SOCLAB_INVALID_VALUE for a score that is NaN or a truth other than 1, 0, −1
 */
export function rocAuc(scores: Float64Array, truth: Truth): number | null {
  const { positives, negatives } = rank(scores, truth);
  if (positives.length === 0 || negatives.length === 0) return null;
  // Twice the number of won pairs, so that the sum stays an integer.
  let doubled = 0;
  let below = 0;
  let notAbove = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below]! < score) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= score) notAbove++;
    doubled += below + notAbove;
  }
  return doubled / (2 * positives.length * negatives.length);
}

/**
 * Average precision: precision at each distinct score, weighted by the recall gained there; tied rows enter together.
 * @returns null where no row is anomalous
 * @throws SOCLAB_SHAPE, SOCLAB_INVALID_VALUE
 * @see scikit-learn, average_precision_score
 */
export function averagePrecision(scores: Float64Array, truth: Truth): number | null {
  const { positives, negatives } = rank(scores, truth);
  if (positives.length === 0) return null;
  let sum = 0;
  let found = 0;
  let wrong = 0;
  for (let i = positives.length - 1; i >= 0; ) {
    const score = positives[i]!;
    const before = found;
    while (i >= 0 && positives[i]! === score) {
      found++;
      i--;
    }
    while (wrong < negatives.length && negatives[negatives.length - 1 - wrong]! >= score) wrong++;
    sum += ((found - before) / positives.length) * (found / (found + wrong));
  }
  return sum;
}

/** @throws SOCLAB_SHAPE, SOCLAB_INVALID_VALUE */
export function requireTruth(scores: Float64Array, truth: Truth): void {
  if (truth.length !== scores.length)
    throw new SoclabError("SOCLAB_SHAPE", `${scores.length} scores have ${truth.length} labels; expected one each`);
  for (let i = 0; i < scores.length; i++) {
    const known = truth[i]!;
    if (known !== 0 && known !== 1 && known !== -1) {
      throw new SoclabError("SOCLAB_INVALID_VALUE", `the label of row ${i} is ${known}; expected 1 (anomalous), 0 (not) or -1 (unknown)`);
    }
    if (Number.isNaN(scores[i]!)) throw new SoclabError("SOCLAB_INVALID_VALUE", `the score of row ${i} is NaN`);
  }
}

function rank(scores: Float64Array, truth: Truth): Ranked {
  requireTruth(scores, truth);
  const positives = scores.filter((_, i) => truth[i] === 1).sort();
  const negatives = scores.filter((_, i) => truth[i] === 0).sort();
  return { positives, negatives };
}
