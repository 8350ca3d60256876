import { SoclabError } from "../core/index.ts";
import { createDetector, type GivenParameters } from "../detectors/index.ts";
import type { Matrix } from "../features/index.ts";
import { averagePrecision, rocAuc, type Truth } from "./ranking-metrics.ts";

export interface DetectOptions {
  /** What the detector is fitted on, and, without `test`, scored. */
  readonly matrix: Matrix;
  /** Truth of `matrix`; used for evaluation only. */
  readonly labels?: Truth | undefined;
  /** Other rows to score, with the same columns. */
  readonly test?: Matrix | undefined;
  readonly testLabels?: Truth | undefined;
  /** A name in the registry of detectors. */
  readonly detector: string;
  readonly params?: GivenParameters | undefined;
  /** Shorthand for `params.seed`; a detector that draws nothing does without. */
  readonly seed?: number | undefined;
}

export interface Detection {
  readonly detector: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Rows scored. */
  readonly rows: number;
  readonly trainRows: number;
  readonly features: readonly string[];
  /** Over the scored rows; null without labels or where one class is empty. */
  readonly auc: number | null;
  readonly ap: number | null;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  readonly scores: Float64Array;
}

/**
 * Fits a detector on a plain numeric table and scores it, or another one.
 * @throws SOCLAB_UNKNOWN_DETECTOR, SOCLAB_INVALID_VALUE, SOCLAB_SHAPE
 */
export function detect(options: DetectOptions): Detection {
  const { matrix, test, seed } = options;
  const scored = test ?? matrix;
  const labels = test === undefined ? options.labels : options.testLabels;
  if (labels !== undefined && labels.length !== scored.rowCount) {
    throw new SoclabError("SOCLAB_SHAPE", `${scored.rowCount} rows have ${labels.length} labels; expected one each`);
  }
  const detector = createDetector(options.detector, withSeed(options.detector, options.params ?? {}, seed));
  const started = performance.now();
  const fitted = detector.fit(matrix);
  const fittedAt = performance.now();
  const scores = fitted.score(scored);
  const scoredAt = performance.now();
  return {
    detector: detector.name,
    params: detector.params,
    rows: scored.rowCount,
    trainRows: matrix.rowCount,
    features: matrix.names,
    auc: labels === undefined ? null : rocAuc(scores, labels),
    ap: labels === undefined ? null : averagePrecision(scores, labels),
    fitSeconds: (fittedAt - started) / 1000,
    scoreSeconds: (scoredAt - fittedAt) / 1000,
    scores,
  };
}

function withSeed(name: string, params: GivenParameters, seed: number | undefined): GivenParameters {
  if (seed === undefined || params.seed !== undefined) return params;
  return Object.hasOwn(createDetector(name).params, "seed") ? { ...params, seed } : params;
}
