import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/core/index.ts";
import { averagePathLength, type FittedIsolationForest, IsolationForest, restoreDetector } from "../../src/detectors/index.ts";
import { sampleRows } from "../../src/detectors/isolation-tree.ts";
import type { Matrix } from "../../src/features/index.ts";
import { rocAuc } from "../../src/models/index.ts";
import { readJson, readTable } from "./adbench.ts";
import { cloud, matrixOf } from "./matrices.ts";

/** The paper's walk, node by node, out of the tensors. */
function naiveScores(fitted: FittedIsolationForest, matrix: Matrix, psi: number): Float64Array {
  const tensors = fitted.toTensors();
  const [treeCount, slots] = tensors.get("features")!.shape as [number, number];
  const features = tensors.get("features")!.data;
  const thresholds = tensors.get("thresholds")!.data;
  const rows = tensors.get("rows")!.data;
  const width = matrix.names.length;
  return Float64Array.from({ length: matrix.rowCount }, (_, i) => {
    let sum = 0;
    for (let tree = 0; tree < treeCount; tree++) {
      let node = 1;
      let depth = 0;
      while (node < slots && features[tree * slots + node]! >= 0) {
        const value = matrix.values[i * width + features[tree * slots + node]!]!;
        const [left, right] = [rows[tree * 2 * slots + 2 * node]!, rows[tree * 2 * slots + 2 * node + 1]!];
        const goesLeft = Number.isNaN(value) ? left >= right : value < thresholds[tree * slots + node]!;
        node = goesLeft ? 2 * node : 2 * node + 1;
        depth++;
      }
      sum += depth + averagePathLength(rows[tree * 2 * slots + node]!);
    }
    return 2 ** (-sum / (treeCount * averagePathLength(psi)));
  });
}

test("the fast walk equals the paper's walk bit for bit", () => {
  for (const [maxSamples, rowCount, width, missing] of [
    [256, 700, 6, 0],
    [256, 700, 6, 0.3],
    [100, 131, 1, 0.1],
    [2, 50, 3, 0],
    [3, 50, 40, 0.6],
    [1000, 5, 2, 0],
  ] as const) {
    const train = cloud(rowCount + width, rowCount, width, missing);
    const fitted = new IsolationForest({ maxSamples, nEstimators: 30, seed: 5 }).fit(train);
    const others = cloud(3, 257, width, 0.2);
    const extremes = others.values.map((value, k) => (k % 11 === 0 ? Infinity : k % 13 === 0 ? -Infinity : k % 17 === 0 ? -0 : value));
    for (const subject of [train, others, { ...others, values: extremes }]) {
      assert.deepEqual(fitted.score(subject), naiveScores(fitted, subject, Math.min(maxSamples, rowCount)));
    }
  }
});

test("a value equal to a threshold goes right, also where missing values go right", () => {
  const train = cloud(8, 300, 2, 0.4);
  const fitted = new IsolationForest({ seed: 2 }).fit(train);
  const thresholds = fitted
    .toTensors()
    .get("thresholds")!
    .data.filter((t) => t !== 0);
  const values = Float64Array.from({ length: 2 * thresholds.length }, (_, k) => thresholds[k >> 1]!);
  const onThresholds = { rowCount: thresholds.length, names: train.names, values };
  assert.deepEqual(fitted.score(onThresholds), naiveScores(fitted, onThresholds, 256));
});

test("a forest that scikit-learn grew scores as in scikit-learn (1e-12)", async () => {
  const forest = readJson<
    Record<"nEstimators" | "maxSamples", number> & Record<"features" | "thresholds" | "rows" | "scores", number[]> & { table: string }
  >("sklearn-forest.json");
  const { matrix } = await readTable(forest.table);
  const { nEstimators, maxSamples } = forest;
  const slots = 2 ** Math.ceil(Math.log2(maxSamples));
  const fitted = restoreDetector("isolation-forest", {
    params: { nEstimators, maxSamples },
    names: matrix.names,
    rowCount: matrix.rowCount,
    tensors: new Map([
      ["features", { shape: [nEstimators, slots], data: Int32Array.from(forest.features) }],
      ["thresholds", { shape: [nEstimators, slots], data: Float64Array.from(forest.thresholds) }],
      ["rows", { shape: [nEstimators, 2 * slots], data: Int32Array.from(forest.rows) }],
    ]),
  });
  const scores = fitted.score(matrix);
  for (const [i, expected] of forest.scores.entries())
    assert.ok(Math.abs(scores[i]! - expected) < 1e-12, `row ${i}: ${scores[i]} is not ${expected}`);
});

test("the mean AUC over 30 seeds is scikit-learn's, within four standard errors of the difference", async () => {
  const reference = readJson<Record<string, { isolationForest: { seeds: number; aucMean: number; aucStd: number } }>>("reference.json");
  for (const [table, { isolationForest }] of Object.entries(reference)) {
    const { matrix, truth } = await readTable(table);
    const aucs = Array.from({ length: 30 }, (_, seed) => rocAuc(new IsolationForest({ seed }).fit(matrix).score(matrix), truth)!);
    const mean = aucs.reduce((a, b) => a + b) / aucs.length;
    const tolerance = 4 * isolationForest.aucStd * Math.sqrt(2 / isolationForest.seeds);
    assert.ok(Math.abs(mean - isolationForest.aucMean) < tolerance, `${table}: ${mean} is not ${isolationForest.aucMean} ± ${tolerance}`);
  }
});

test("every tree is grown on ψ distinct rows, each row equally often", () => {
  const random = createRandom(1);
  const seen = new Int32Array(40);
  for (let k = 0; k < 4000; k++) {
    const sample = sampleRows(40, 10, random);
    assert.equal(new Set(sample).size, 10);
    for (const row of sample) seen[row]!++;
  }
  for (const count of seen) assert.ok(Math.abs(count - 1000) < 150, `${count} of 4000`);
});

test("nodes split where the paper says: rows below the threshold left, to the height limit, until alone or alike", () => {
  const matrix = cloud(4, 64, 3);
  const fitted = new IsolationForest({ maxSamples: 64, nEstimators: 20, seed: 3 }).fit(matrix);
  const tensors = fitted.toTensors();
  for (let tree = 0; tree < 20; tree++) {
    const visit = (node: number, rows: number[]): void => {
      assert.equal(tensors.get("rows")!.data[tree * 128 + node], rows.length);
      const feature = node < 64 ? tensors.get("features")!.data[tree * 64 + node]! : -1;
      if (feature < 0) {
        assert.ok(node >= 64 || rows.length === 1);
        return;
      }
      const threshold = tensors.get("thresholds")!.data[tree * 64 + node]!;
      const value = (row: number) => matrix.values[row * 3 + feature]!;
      const [left, right] = [rows.filter((row) => value(row) < threshold), rows.filter((row) => value(row) >= threshold)];
      assert.ok(left.length > 0 && right.length > 0);
      visit(2 * node, left);
      visit(2 * node + 1, right);
    };
    visit(
      1,
      Array.from({ length: 64 }, (_, row) => row),
    );
  }
});

test("average path lengths are the paper's", () => {
  assert.equal(averagePathLength(0), 0);
  assert.equal(averagePathLength(1), 0);
  assert.equal(averagePathLength(2), 1);
  assert.ok(Math.abs(averagePathLength(256) - 10.244770920119917) < 1e-12);
});

test("rows that do not differ score 0.5", () => {
  const same = matrixOf(Array.from({ length: 30 }, () => [1, 2]));
  for (const score of new IsolationForest().fit(same).score(same)) assert.ok(Math.abs(score - 0.5) < 1e-12);
  const one = matrixOf([[1, 2]]);
  assert.deepEqual(new IsolationForest().fit(one).score(one), Float64Array.of(0.5));
});

test("a forest too large for memory is refused before it is grown", () => {
  assert.throws(() => new IsolationForest({ nEstimators: 10_000, maxSamples: 65_536 }), /too large/);
});
