import { type BudgetFigures, dailyBudget } from "./daily-budget.ts";
import { averagePrecision, requireTruth, rocAuc, type Truth } from "./ranking-metrics.ts";

/** How well scores rank what is known. Figures are null where a class that they need is empty. */
export interface Evaluation {
  /** Rows whose truth is known. */
  readonly rows: number;
  readonly positives: number;
  readonly unlabelled: number;
  /** Share of anomalous rows: the precision of a ranking by chance. */
  readonly baseRate: number | null;
  readonly auc: number | null;
  readonly ap: number | null;
  /** Empty where no event times were given. */
  readonly budgets: readonly BudgetFigures[];
}

export interface EvaluationOptions {
  /** Epoch microseconds, one a row: what `alertsPerDay` counts by. */
  readonly eventTimes?: Float64Array | undefined;
  /** How many alerts a day a team looks at. */
  readonly alertsPerDay?: readonly number[] | undefined;
}

/**
 * @example
 * ```ts
 * evaluate(Float64Array.of(0.9, 0.4, 0.6, 0.1), [1, 0, 0, 0]); // auc 1, ap 1, baseRate 0.25
 * ```
 * @throws SOCLAB_SHAPE, SOCLAB_INVALID_VALUE
 */
export function evaluate(scores: Float64Array, truth: Truth, options: EvaluationOptions = {}): Evaluation {
  requireTruth(scores, truth);
  let positives = 0;
  let unlabelled = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 1) positives++;
    else if (truth[i] === -1) unlabelled++;
  }
  const rows = scores.length - unlabelled;
  const { eventTimes } = options;
  const budgets =
    eventTimes === undefined ? [] : (options.alertsPerDay ?? [10, 50, 100]).map((k) => dailyBudget(scores, truth, eventTimes, k));
  return {
    rows,
    positives,
    unlabelled,
    baseRate: rows === 0 ? null : positives / rows,
    auc: rocAuc(scores, truth),
    ap: averagePrecision(scores, truth),
    budgets,
  };
}

/**
 * The truth of labels as events carry them: `malicious` is anomalous, no label is unknown, all else (`benign`, `background`) is not.
 */
export function truthOf(labels: readonly (string | null)[]): Int8Array {
  return Int8Array.from(labels, (label) => (label === null ? -1 : label === "malicious" ? 1 : 0));
}

export interface ScoreHistogram {
  /** bins + 1 edges, ascending; a bin holds its lower edge, the last one both. */
  readonly edges: Float64Array;
  /** Row counts a bin, by label; null labels count under `unlabelled`. */
  readonly counts: ReadonlyMap<string, Int32Array>;
}

/** How the scores of each label are spread. `range` defaults to the least and greatest score. */
export function scoreHistogram(
  scores: Float64Array,
  labels: readonly (string | null)[],
  options: { readonly bins?: number | undefined; readonly range?: readonly [number, number] | undefined } = {},
): ScoreHistogram {
  const bins = options.bins ?? 50;
  const [low, high] = options.range ?? [
    scores.reduce((a, b) => Math.min(a, b), Infinity),
    scores.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const counts = new Map<string, Int32Array>();
  if (!(low <= high)) return { edges: new Float64Array(0), counts };
  const width = (high - low) / bins || 1 / bins;
  for (let i = 0; i < scores.length; i++) {
    const label = labels[i] ?? "unlabelled";
    const ofLabel = counts.get(label) ?? new Int32Array(bins);
    counts.set(label, ofLabel);
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((scores[i]! - low) / width)));
    ofLabel[bin]!++;
  }
  return { edges: Float64Array.from({ length: bins + 1 }, (_, k) => low + k * width), counts };
}
