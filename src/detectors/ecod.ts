import type { Matrix } from "../features/index.ts";
import type { Detector, DetectorState, Explanation, FittedDetector, Tensors } from "./contract.ts";
import { distinctColumns, type EmpiricalColumns, skewnessSign, TailTables } from "./empirical-tails.ts";
import { type GivenParameters, type ParameterSchema, type ParametersOf, resolveParameters } from "./parameters.ts";
import { requireFittable, requireRoom, requireRow, requireSameColumns } from "./shape.ts";
import { damaged, float64Tensor, int32Tensor, tensorLength } from "./tensors.ts";

const name = "ecod";

export const ecodParameters = {
  combine: {
    type: "choice",
    choices: ["per-column", "per-row"],
    default: "per-column",
    about:
      "where the largest of left, right and skewness-corrected tail is taken: in each column (PyOD) or over the sums of a row (the paper)",
  },
} as const satisfies ParameterSchema;

export type EcodParameters = ParametersOf<typeof ecodParameters>;

/**
 * ECOD: how far out in the tails of the training distribution a row stands, column by column.
 *
 * Works where anomalies are extreme in single columns; deterministic, nothing to tune, and a contribution is plainly −log of a share. Fails where only the
 * combination of columns is odd, and on values that are rare but central: it sees tails only. Score ≥ 0, a sum of −log tail shares; n training rows reach
 * −log(1/n) a column. Fit O(d n log n), score O(d log n) a row; it keeps the distinct values of every column.
 *
 * With F̂ the share of training rows at or below x and F̂⁻ at or above: left −log F̂(x), right −log F̂⁻(x), corrected = left where the column is skewed
 * to the left, right where to the right, both added where it is symmetric (as PyOD). The paper takes the largest of the three sums of a row; PyOD, whose
 * figures are the published benchmark, sums the largest of each column. `combine` chooses; PyOD's is the default.
 *
 * New rows are compared with the training rows only, and a value beyond all of them has the share 1/(n + 1). PyOD's `decision_function` ranks the new rows among
 * training and new rows together, so that a row's score depends on which others are asked about; on the training rows themselves both agree.
 * A missing value contributes what the training rows contributed on average in its column.
 *
 * @example
 * ```ts
 * new Ecod().fit(matrix).explain(row).contributions; // −log shares, summing to the score
 * ```
 * @see Li, Zhao, Hu, Botta, Ionescu, Chen: ECOD, IEEE TKDE 2022
 */
export class Ecod implements Detector {
  readonly name = name;
  readonly params: EcodParameters;

  /** @throws SOCLAB_INVALID_VALUE */
  constructor(params: Partial<EcodParameters> | GivenParameters = {}) {
    this.params = resolveParameters(name, ecodParameters, params);
  }

  fit(matrix: Matrix): FittedEcod {
    requireFittable(name, matrix);
    const columns = distinctColumns(matrix.values, matrix.rowCount, matrix.names.length);
    const skewness = Int32Array.from(matrix.names, (_, j) => skewnessSign(matrix.values, matrix.rowCount, matrix.names.length, j));
    return new FittedEcod(this.params, matrix.names, matrix.rowCount, columns, skewness);
  }

  /** @throws SOCLAB_ARTEFACT, SOCLAB_INVALID_VALUE */
  static restore({ params, names, rowCount, tensors }: DetectorState): FittedEcod {
    const distinct = tensorLength(name, tensors, "values");
    const columns: EmpiricalColumns = {
      values: float64Tensor(name, tensors, "values", [distinct]),
      counts: int32Tensor(name, tensors, "counts", [distinct]),
      offsets: int32Tensor(name, tensors, "offsets", [names.length + 1]),
    };
    const skewness = int32Tensor(name, tensors, "skewness", [names.length]);
    requireSound(columns, skewness, rowCount);
    return new FittedEcod(new Ecod(params).params, names, rowCount, columns, skewness);
  }
}

export class FittedEcod implements FittedDetector {
  readonly name = name;
  readonly params: EcodParameters;
  readonly names: readonly string[];
  readonly rowCount: number;
  readonly #columns: EmpiricalColumns;
  readonly #skewness: Int32Array;
  readonly #tails: TailTables;

  constructor(params: EcodParameters, names: readonly string[], rowCount: number, columns: EmpiricalColumns, skewness: Int32Array) {
    this.params = params;
    this.names = [...names];
    this.rowCount = rowCount;
    this.#columns = columns;
    this.#skewness = skewness;
    this.#tails = new TailTables(columns, skewness);
  }

  score(matrix: Matrix): Float64Array {
    requireSameColumns(name, this.names, matrix);
    const out = new Float64Array(matrix.rowCount);
    this.scoreInto(matrix.values, matrix.rowCount, out);
    return out;
  }

  scoreInto(values: Float64Array, rowCount: number, out: Float64Array): void {
    const width = this.names.length;
    requireRoom(name, width, values, rowCount, out);
    if (this.params.combine === "per-row") this.#largestSums(values, rowCount, out);
    else this.#sumsOfLargest(values, rowCount, out);
  }

  /** The contribution of a column is its −log share (of the tail that won); the baseline is 0. */
  explain(row: ArrayLike<number>): Explanation {
    requireRow(name, this.names.length, row);
    const out = new Float64Array(1);
    this.scoreInto(Float64Array.from(row), 1, out);
    const table = this.params.combine === "per-row" ? this.#winner(row, out[0]!) : this.#tails.largest;
    return { score: out[0]!, baseline: 0, contributions: Float64Array.from(row, (value, j) => table[this.#tails.slot(j, value)]!) };
  }

  toTensors(): Tensors {
    const { values, counts, offsets } = this.#columns;
    return new Map([
      ["values", { shape: [values.length], data: values.slice() }],
      ["counts", { shape: [counts.length], data: counts.slice() }],
      ["offsets", { shape: [offsets.length], data: offsets.slice() }],
      ["skewness", { shape: [this.#skewness.length], data: this.#skewness.slice() }],
    ]);
  }

  /** Column by column, so that one column's values stay in the cache: 0.41 s instead of 0.60 s on 200,000 × 10. */
  #sumsOfLargest(values: Float64Array, rowCount: number, out: Float64Array): void {
    const tails = this.#tails;
    const { largest } = tails;
    const width = this.names.length;
    out.fill(0, 0, rowCount);
    for (let j = 0; j < width; j++) {
      for (let i = 0, at = j; i < rowCount; i++, at += width) out[i] = out[i]! + largest[tails.slot(j, values[at]!)]!;
    }
  }

  #largestSums(values: Float64Array, rowCount: number, out: Float64Array): void {
    const { left, right, corrected } = this.#tails;
    const width = this.names.length;
    for (let i = 0, at = 0; i < rowCount; i++) {
      let sumLeft = 0;
      let sumRight = 0;
      let sumCorrected = 0;
      for (let j = 0; j < width; j++) {
        const slot = this.#tails.slot(j, values[at++]!);
        sumLeft += left[slot]!;
        sumRight += right[slot]!;
        sumCorrected += corrected[slot]!;
      }
      out[i] = Math.max(sumLeft, sumRight, sumCorrected);
    }
  }

  #winner(row: ArrayLike<number>, score: number): Float64Array {
    const { left, right, corrected } = this.#tails;
    const sum = (table: Float64Array) => Array.from(row).reduce((total, value, j) => total + table[this.#tails.slot(j, value)]!, 0);
    return [left, right].find((table) => sum(table) === score) ?? corrected;
  }
}

function requireSound({ values, counts, offsets }: EmpiricalColumns, skewness: Int32Array, rowCount: number): void {
  if (offsets[0] !== 0 || offsets.at(-1) !== values.length) throw damaged(name, `offsets do not span the ${values.length} values`);
  for (let j = 0; j + 1 < offsets.length; j++) {
    const [start, end] = [offsets[j]!, offsets[j + 1]!];
    let present = 0;
    if (end < start || end > values.length) throw damaged(name, `offsets of column ${j} run backwards`);
    for (let k = start; k < end; k++) {
      if (Number.isNaN(values[k]!) || (k > start && !(values[k - 1]! < values[k]!)))
        throw damaged(name, `values of column ${j} do not ascend`);
      if (counts[k]! < 1) throw damaged(name, `a value of column ${j} has count ${counts[k]}`);
      present += counts[k]!;
    }
    if (present > rowCount) throw damaged(name, `column ${j} counts ${present} rows of ${rowCount}`);
    if (Math.abs(skewness[j]!) > 1) throw damaged(name, `the skewness sign of column ${j} is ${skewness[j]}`);
  }
}
