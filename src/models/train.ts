import { SoclabError, version } from "../core/index.ts";
import { createDetector, type FittedDetector, type GivenParameters } from "../detectors/index.ts";
import type { FeatureMatrix } from "../features/index.ts";
import { calibrate } from "./calibration.ts";
import { evaluate, truthOf } from "./evaluation.ts";
import { Model } from "./model.ts";
import type { GoldenRows, ModelDefinition, ModelMetrics, TrainingWindow } from "./model-content.ts";
import { requireModelName } from "./model-reference.ts";

export interface TrainOptions {
  readonly name: string;
  /** A name in the registry of detectors. */
  readonly detector: string;
  readonly params?: GivenParameters | undefined;
  /** What made the matrix, and its hash. */
  readonly definition?: ModelDefinition | undefined;
  /** The period asked for, when it is wider than the rows; epoch microseconds, `until` exclusive. */
  readonly window?: TrainingWindow | undefined;
  /** Rows of a later period: what the model is judged by. */
  readonly later?: FeatureMatrix | undefined;
  readonly alertsPerDay?: readonly number[] | undefined;
}

const goldenRowCount = 16;

/**
 * Fits a detector, calibrates it on the scores of its training rows, and measures it where labels are known. Labels are never learned from.
 *
 * @example
 * ```ts
 * const model = trainModel(monday, { name: "conn", detector: "isolation-forest", params: { seed: 1 }, later: tuesday });
 * model.metrics.find((m) => m.split === "later")?.auc;
 * ```
 * @throws SOCLAB_UNKNOWN_DETECTOR, SOCLAB_INVALID_VALUE, SOCLAB_SHAPE
 */
export function trainModel(matrix: FeatureMatrix, options: TrainOptions): Model {
  requireModelName(options.name);
  const detector = createDetector(options.detector, options.params);
  const training = options.window ?? windowOf(matrix.eventTimes);
  if (options.later) requireLater(training, options.later);
  const fitted = detector.fit(matrix);
  const scores = fitted.score(matrix);
  const metrics = [metricsOf("training", training, matrix, scores, options)];
  if (options.later)
    metrics.push(metricsOf("later", windowOf(options.later.eventTimes), options.later, fitted.score(options.later), options));
  return new Model(options.name, 0, {
    createdBy: `soclab ${version}`,
    detector: fitted,
    definition: options.definition === undefined ? null : plain(options.definition),
    calibration: calibrate(scores),
    training,
    metrics,
    golden: goldenRows(fitted, matrix, scores),
  });
}

function metricsOf(
  split: string,
  window: TrainingWindow,
  matrix: FeatureMatrix,
  scores: Float64Array,
  options: TrainOptions,
): ModelMetrics {
  const { eventTimes } = matrix;
  return { split, window, ...evaluate(scores, truthOf(matrix.labels), { eventTimes, alertsPerDay: options.alertsPerDay }) };
}

/** From the first event up to just after the last. */
function windowOf(eventTimes: Float64Array): TrainingWindow {
  let from = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of eventTimes) {
    if (time < from) from = time;
    if (time > last) last = time;
  }
  return from <= last ? { from, until: last + 1 } : { from: null, until: null };
}

function requireLater(training: TrainingWindow, later: FeatureMatrix): void {
  const { from } = windowOf(later.eventTimes);
  if (from === null || training.until === null || from >= training.until) return;
  const [start, end] = [from, training.until].map((micros) => new Date(micros / 1000).toISOString());
  throw new SoclabError("SOCLAB_INVALID_VALUE", `the later period begins at ${start}, before the training period ends at ${end}`, {
    hint: "A model that is judged by its own past looks better than it is; move the later period or shorten the training one.",
  });
}

/** The lowest and highest scoring rows, and others evenly over the matrix. */
function goldenRows(fitted: FittedDetector, matrix: FeatureMatrix, scores: Float64Array): GoldenRows {
  const width = matrix.names.length;
  const extremes = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < scores[extremes[0]!]!) extremes[0] = i;
    if (scores[i]! > scores[extremes[1]!]!) extremes[1] = i;
  }
  const even = Array.from({ length: goldenRowCount - 2 }, (_, k) => Math.floor((k * scores.length) / (goldenRowCount - 2)));
  const chosen = [...new Set([...extremes, ...even])];
  const rows = new Float64Array(chosen.length * width);
  for (const [k, row] of chosen.entries()) rows.set(matrix.values.subarray(row * width, (row + 1) * width), k * width);
  const golden = new Float64Array(chosen.length);
  fitted.scoreInto(rows, chosen.length, golden);
  return { rows, scores: golden };
}

/** The definition as a file gives it back: without members that are undefined. */
function plain(definition: ModelDefinition): ModelDefinition {
  return JSON.parse(JSON.stringify({ value: definition.value, hash: definition.hash }));
}
