import type { Matrix } from "../features/index.ts";

/** The value of a detector's parameter; all of them are plain data, so that a model file can hold them. */
export type ParameterValue = number | string | boolean;
export type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * What a detector is before it has seen data: a name and checked parameters. `fit` is pure: it leaves the detector as it was, reads the
 * matrix only, and with the same matrix and seed gives the same detector bit for bit, on every machine.
 */
export interface Detector {
  /** The name in the registry and of the file: `isolation-forest`. */
  readonly name: string;
  /** Every parameter with its value, defaults filled in. */
  readonly params: Parameters;
  /** @throws SOCLAB_SHAPE for a matrix without rows or columns, or whose values are not rows × columns. */
  fit(matrix: Matrix): FittedDetector;
}

/** A detector that has learned. There is no way to score before fitting: an unfitted detector has no `score`. */
export interface FittedDetector {
  readonly name: string;
  readonly params: Parameters;
  /** The columns it was fitted on, in order. */
  readonly names: readonly string[];
  /** How many rows it was fitted on. */
  readonly rowCount: number;
  /**
   * One score a row; higher is more anomalous. Finite for every input: NaN is a missing value, and infinite values are ordered as numbers are.
   * @throws SOCLAB_SHAPE where the columns are not those of the fit.
   */
  score(matrix: Matrix): Float64Array;
  /**
   * The hot path of {@link score}: scores the first `rowCount` rows of `values` (row-major, the columns of the fit) into `out`, allocating nothing.
   * @throws SOCLAB_SHAPE where `values` or `out` is too short.
   */
  scoreInto(values: Float64Array, rowCount: number, out: Float64Array): void;
  /**
   * Why a row has its score. `score` is what {@link score} gives, bit for bit, and `baseline + Σ contributions = score` up to rounding (1e-12).
   * @throws SOCLAB_SHAPE where the row has not one value a column.
   */
  explain(row: ArrayLike<number>): Explanation;
  /** All that was learned, as data; {@link restoreDetector} is the way back. */
  toTensors(): Tensors;
}

export interface Explanation {
  readonly score: number;
  /** The score where nothing speaks for or against the row. */
  readonly baseline: number;
  /** One a column, in the unit of the score; positive makes the row more anomalous. */
  readonly contributions: Float64Array;
}

/** An array of numbers with a shape, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array | Int32Array;
}

export type Tensors = ReadonlyMap<string, Tensor>;

/** What a detector is restored from. */
export interface DetectorState {
  readonly params: Readonly<Record<string, unknown>>;
  readonly names: readonly string[];
  readonly rowCount: number;
  readonly tensors: Tensors;
}
