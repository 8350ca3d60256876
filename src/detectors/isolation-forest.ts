import { createRandom, SoclabError } from "../core/index.ts";
import type { Matrix } from "../features/index.ts";
import type { Detector, DetectorState, Explanation, FittedDetector, Tensors } from "./contract.ts";
import { ForestWalk } from "./forest-walk.ts";
import { growTree, type IsolationTrees, missingGoesLeft, sampleRows } from "./isolation-tree.ts";
import { type GivenParameters, type ParameterSchema, type ParametersOf, resolveParameters, seedParameter } from "./parameters.ts";
import { requireFittable, requireRoom, requireRow, requireSameColumns } from "./shape.ts";
import { damaged, float64Tensor, int32Tensor } from "./tensors.ts";

const name = "isolation-forest";

export const isolationForestParameters = {
  nEstimators: { type: "integer", min: 1, max: 10_000, default: 100, about: "number of trees" },
  maxSamples: { type: "integer", min: 1, max: 65_536, default: 256, about: "rows a tree is grown on (ψ), drawn without replacement" },
  seed: seedParameter,
} as const satisfies ParameterSchema;

export type IsolationForestParameters = ParametersOf<typeof isolationForestParameters>;

/** Slots of all trees together; 2^25 nodes are 400 MB of forest. */
const maxSlots = 2 ** 25;

/**
 * Isolation forest: how few random cuts set a row apart from a sample of the others.
 *
 * Works where anomalies are few and different in single columns or coarse combinations of them; needs no scaling, minds no heavy tails, costs the same for
 * any number of training rows. Fails on anomalies that hide inside the range of every column (local ones), and thins out among many irrelevant columns.
 * Score 2^(−E[h] / c(ψ)) in (0, 1): 0.5 is average, towards 1 is anomalous. Fit O(t ψ log ψ), score O(t log ψ) a row.
 *
 * @example
 * ```ts
 * const fitted = new IsolationForest({ seed: 1 }).fit(matrix);
 * fitted.score(matrix); // Float64Array [0.41, 0.39, 0.74, …]
 * ```
 * @see Liu, Ting, Zhou: Isolation Forest, ICDM 2008
 */
export class IsolationForest implements Detector {
  readonly name = name;
  readonly params: IsolationForestParameters;

  /** @throws SOCLAB_INVALID_VALUE */
  constructor(params: Partial<IsolationForestParameters> | GivenParameters = {}) {
    this.params = resolveParameters(name, isolationForestParameters, params);
    const { nEstimators, maxSamples } = this.params;
    if (nEstimators * 2 ** heightLimit(maxSamples) > maxSlots) {
      throw new SoclabError("SOCLAB_INVALID_VALUE", `${name}: ${nEstimators} trees on ${maxSamples} rows each are too large a forest`, {
        hint: "Lower maxSamples (the paper finds 256 enough) or nEstimators.",
      });
    }
  }

  fit(matrix: Matrix): FittedIsolationForest {
    requireFittable(name, matrix);
    const { nEstimators, maxSamples, seed } = this.params;
    const psi = Math.min(maxSamples, matrix.rowCount);
    const trees = emptyTrees(nEstimators, heightLimit(psi));
    const random = createRandom(seed);
    for (let tree = 0; tree < nEstimators; tree++) {
      const ofTree = random.fork(tree);
      growTree(trees, tree, matrix.values, matrix.names.length, sampleRows(matrix.rowCount, psi, ofTree), ofTree);
    }
    return new FittedIsolationForest(this.params, matrix.names, matrix.rowCount, trees);
  }

  /** @throws SOCLAB_ARTEFACT, SOCLAB_INVALID_VALUE */
  static restore(state: DetectorState): FittedIsolationForest {
    const { params } = new IsolationForest(state.params);
    const height = heightLimit(Math.min(params.maxSamples, state.rowCount));
    const trees: IsolationTrees = {
      treeCount: params.nEstimators,
      height,
      features: int32Tensor(name, state.tensors, "features", [params.nEstimators, 2 ** height]),
      thresholds: float64Tensor(name, state.tensors, "thresholds", [params.nEstimators, 2 ** height]),
      rows: int32Tensor(name, state.tensors, "rows", [params.nEstimators, 2 ** (height + 1)]),
    };
    requireSound(trees, state.names.length, Math.min(params.maxSamples, state.rowCount));
    return new FittedIsolationForest(params, state.names, state.rowCount, trees);
  }
}

export class FittedIsolationForest implements FittedDetector {
  readonly name = name;
  readonly params: IsolationForestParameters;
  readonly names: readonly string[];
  readonly rowCount: number;
  readonly #trees: IsolationTrees;
  /** trees × 2^(h+1): mean path length of the training rows that reached a node; at a leaf its own path length. */
  readonly #lengths: Float64Array;
  readonly #walk: ForestWalk;
  /** t · c(ψ): path lengths summed over trees are measured in it. */
  readonly #unit: number;

  constructor(params: IsolationForestParameters, names: readonly string[], rowCount: number, trees: IsolationTrees) {
    this.params = params;
    this.names = [...names];
    this.rowCount = rowCount;
    this.#trees = trees;
    this.#lengths = meanPathLengths(trees);
    this.#walk = new ForestWalk(trees, this.#lengths, names.length);
    this.#unit = trees.treeCount * averagePathLength(Math.min(params.maxSamples, rowCount));
  }

  score(matrix: Matrix): Float64Array {
    requireSameColumns(name, this.names, matrix);
    const out = new Float64Array(matrix.rowCount);
    this.scoreInto(matrix.values, matrix.rowCount, out);
    return out;
  }

  scoreInto(values: Float64Array, rowCount: number, out: Float64Array): void {
    requireRoom(name, this.names.length, values, rowCount, out);
    this.#walk.sumInto(values, rowCount, out);
    for (let i = 0; i < rowCount; i++) out[i] = this.#scoreOf(out[i]!);
  }

  /**
   * Attribution of the path length: at every split the mean path length of the training rows below changes from the node to the child taken, and the
   * change belongs to the split's column; since a tree takes its columns in random order, the mean over trees weighs the orders alike. The sum over
   * columns is E[h] − E₀[h], and a secant of 2^(−h/c) carries it over to the score: baseline + Σ contributions = score.
   * @see Saabas: Interpreting random forests, 2014; Carletti, Terzi, Susto: Interpretable anomaly detection with DIFFI, 2023
   */
  explain(row: ArrayLike<number>): Explanation {
    requireRow(name, this.names.length, row);
    const { treeCount, height, features, thresholds, rows } = this.#trees;
    const lengths = this.#lengths;
    const contributions = new Float64Array(this.names.length);
    let sum = 0;
    let expected = 0;
    for (let tree = 0; tree < treeCount; tree++) {
      const base = tree << (height + 1);
      let node = 1;
      for (let depth = 0; depth < height; depth++) {
        const at = (tree << height) + node;
        const feature = features[at]!;
        if (feature < 0) break;
        const value = row[feature]!;
        const left = value < thresholds[at]! || (Number.isNaN(value) && missingGoesLeft(rows, base, node));
        const child = left ? 2 * node : 2 * node + 1;
        contributions[feature] = contributions[feature]! + lengths[base + child]! - lengths[base + node]!;
        node = child;
      }
      sum += lengths[base + node]!;
      expected += lengths[base + 1]!;
    }
    const score = this.#scoreOf(sum);
    const baseline = this.#scoreOf(expected);
    const longer = this.#unit === 0 ? 0 : contributions.reduce((a, b) => a + b, 0) / this.#unit;
    const slope = longer === 0 ? -Math.LN2 : Math.expm1(-longer * Math.LN2) / longer;
    const perLength = this.#unit === 0 ? 0 : (baseline * slope) / this.#unit;
    return { score, baseline, contributions: contributions.map((change) => (change === 0 ? 0 : change * perLength)) };
  }

  toTensors(): Tensors {
    const { treeCount, height, features, thresholds, rows } = this.#trees;
    return new Map([
      ["features", { shape: [treeCount, 2 ** height], data: features.slice() }],
      ["thresholds", { shape: [treeCount, 2 ** height], data: thresholds.slice() }],
      ["rows", { shape: [treeCount, 2 ** (height + 1)], data: rows.slice() }],
    ]);
  }

  /** A forest grown on one row knows no lengths: every score is the average one. */
  #scoreOf(sum: number): number {
    return this.#unit === 0 ? 0.5 : 2 ** (-sum / this.#unit);
  }
}

/**
 * c(n): the mean path length of an unsuccessful search in a binary search tree of n rows.
 * @see Liu, Ting, Zhou 2008, eq. 1, with the harmonic number as ln(i) + γ
 */
export function averagePathLength(n: number): number {
  if (n < 2) return 0;
  return n === 2 ? 1 : 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}
const eulerGamma = 0.5772156649015329;

function heightLimit(psi: number): number {
  return Math.ceil(Math.log2(psi));
}

function emptyTrees(treeCount: number, height: number): IsolationTrees {
  return {
    treeCount,
    height,
    features: new Int32Array(treeCount << height).fill(-1),
    thresholds: new Float64Array(treeCount << height),
    rows: new Int32Array(treeCount << (height + 1)),
  };
}

function meanPathLengths({ treeCount, height, features, rows }: IsolationTrees): Float64Array {
  const lengths = new Float64Array(rows.length);
  for (let tree = 0; tree < treeCount; tree++) {
    const base = tree << (height + 1);
    for (let node = 2 ** (height + 1) - 1; node >= 1; node--) {
      const count = rows[base + node]!;
      if (count === 0) continue;
      const isLeaf = node >= 2 ** height || features[(tree << height) + node]! < 0;
      const left = base + 2 * node;
      lengths[base + node] = isLeaf
        ? Math.floor(Math.log2(node)) + averagePathLength(count)
        : (rows[left]! * lengths[left]! + rows[left + 1]! * lengths[left + 1]!) / count;
    }
  }
  return lengths;
}

/** What growing guarantees, checked on what a file claims. */
function requireSound({ treeCount, height, features, thresholds, rows }: IsolationTrees, width: number, psi: number): void {
  for (let tree = 0; tree < treeCount; tree++) {
    const base = tree << (height + 1);
    if (rows[base + 1] !== psi) throw damaged(name, `tree ${tree} was grown on ${rows[base + 1]} rows; expected ${psi}`);
    for (let node = 1; node < 2 ** height; node++) {
      const at = (tree << height) + node;
      const feature = features[at]!;
      const left = rows[base + 2 * node]!;
      const right = rows[base + 2 * node + 1]!;
      const isSplit =
        feature >= 0 && feature < width && Number.isFinite(thresholds[at]!) && left > 0 && right > 0 && left + right === rows[base + node]!;
      const isLeaf = feature === -1 && left === 0 && right === 0;
      if (!isSplit && !isLeaf) {
        throw damaged(name, `node ${node} of tree ${tree} is neither a split nor a leaf (column ${feature}, rows ${left} + ${right})`);
      }
    }
  }
}
