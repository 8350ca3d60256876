import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Ecod } from "../../src/detectors/index.ts";
import { averagePrecision, rocAuc } from "../../src/models/index.ts";
import { readJson, readTable } from "./adbench.ts";
import { matrixOf } from "./matrices.ts";

test("scores, AUC and average precision of training rows are PyOD's (1e-9)", async () => {
  const reference = readJson<Record<string, { ecod: { scores: number[]; auc: number; ap: number } }>>("reference.json");
  for (const [table, { ecod }] of Object.entries(reference)) {
    const { matrix, truth } = await readTable(table);
    const scores = new Ecod().fit(matrix).score(matrix);
    for (const [i, expected] of ecod.scores.entries()) {
      assert.ok(Math.abs(scores[i]! - expected) <= 1e-9 * expected, `${table} row ${i}: ${scores[i]} is not ${expected}`);
    }
    assert.ok(Math.abs(rocAuc(scores, truth)! - ecod.auc) < 1e-9);
    assert.ok(Math.abs(averagePrecision(scores, truth)! - ecod.ap) < 1e-9);
  }
});

test("contributions of the default sum to the score exactly", () => {
  const matrix = matrixOf([
    [1, 5, 2],
    [2, 5, 9],
    [3, 6, 2],
    [9, 7, 1],
  ]);
  const { score, baseline, contributions } = new Ecod().fit(matrix).explain([9, 7, 1]);
  assert.equal(baseline, 0);
  assert.equal(
    contributions.reduce((a, b) => a + b, 0),
    score,
  );
});

test("per-row takes the largest of the three sums, as the paper does", () => {
  // Column 0 is skewed right, column 1 left; every share is a quarter of the rows.
  const matrix = matrixOf([
    [1, -9],
    [2, -3],
    [3, -2],
    [9, -1],
  ]);
  const log = (share: number) => -Math.log(share);
  const score = (row: number[]) => new Ecod({ combine: "per-row" }).fit(matrix).explain(row).score;
  assert.equal(score([9, -9]), log(1 / 4) + log(1 / 4));
  assert.equal(score([1, -9]), log(1 / 4) + log(1 / 4));
  assert.equal(score([9, -1]), log(1 / 4) + log(1 / 4));
  assert.equal(score([2, -3]), Math.max(log(2 / 4) + log(2 / 4), log(3 / 4) + log(3 / 4)));
  assert.equal(new Ecod().fit(matrix).explain([1, -1]).score, 2 * log(1 / 4));
  assert.equal(score([1, -1]), log(1 / 4) + log(4 / 4));
});

test("a value between two training values has the shares that count the rows on either side, beyond all of them 1/(n + 1)", () => {
  const fitted = new Ecod().fit(matrixOf([[1], [2], [3], [10]]));
  const score = (value: number) => fitted.explain([value]).score;
  assert.equal(score(2.5), -Math.log(2 / 4));
  assert.equal(score(11), -Math.log(1 / 5));
  assert.equal(score(Number.POSITIVE_INFINITY), score(11));
  assert.equal(score(-5), -Math.log(1 / 5));
});

test("a missing value contributes the column's mean contribution in training", () => {
  const matrix = matrixOf([[1], [2], [2], [7], [Number.NaN]]);
  const fitted = new Ecod().fit(matrix);
  const scores = fitted.score(matrix);
  assert.ok(Math.abs(scores[4]! - (scores[0]! + scores[1]! + scores[2]! + scores[3]!) / 4) < 1e-15);
});

test("tails equal the plain count of rows on either side", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 }),
      fc.double({ min: -6, max: 6, noNaN: true }),
      (column, value) => {
        const n = column.length;
        const share = (rows: number) => (rows === 0 ? 1 / (n + 1) : rows / n);
        const left = -Math.log(share(column.filter((x) => x <= value).length));
        const right = -Math.log(share(column.filter((x) => x >= value).length));
        const mean = column.reduce((a, b) => a + b, 0) / n;
        const cubes = column.reduce((sum, x) => sum + (x - mean) ** 3, 0);
        if (Math.abs(cubes) < 1e-9) return;
        const { score } = new Ecod().fit(matrixOf(column.map((x) => [x]))).explain([value]);
        assert.ok(Math.abs(score - Math.max(left, right)) < 1e-12);
      },
    ),
  );
});
