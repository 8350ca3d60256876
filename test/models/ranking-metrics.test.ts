import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { averagePrecision, rocAuc } from "../../src/models/index.ts";

const rankings: { scores: number[]; truth: number[]; auc: number; ap: number }[] = JSON.parse(
  readFileSync(new URL("./fixtures/ranking.json", import.meta.url), "utf8"),
);

test("AUC and average precision are scikit-learn's, with and without ties (1e-12)", () => {
  for (const { scores, truth, auc, ap } of rankings) {
    assert.ok(Math.abs(rocAuc(Float64Array.from(scores), truth)! - auc) < 1e-12);
    assert.ok(Math.abs(averagePrecision(Float64Array.from(scores), truth)! - ap) < 1e-12);
  }
});

test("AUC is the share of pairs in which the anomalous row scores higher, ties counting half", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 1, -1)), { maxLength: 40 }), (rows) => {
      const of = (truth: number) => rows.filter((row) => row[1] === truth).map((row) => row[0]);
      const pairs = of(1).flatMap((p) => of(0).map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
      const expected = pairs.length === 0 ? null : pairs.reduce((a: number, b) => a + b, 0) / pairs.length;
      const auc = rocAuc(
        Float64Array.from(rows, (row) => row[0]),
        rows.map((row) => row[1]),
      );
      assert.equal(auc, expected);
    }),
  );
});

test("where a class is empty there is no figure", () => {
  const scores = Float64Array.of(1, 2);
  assert.equal(rocAuc(scores, [1, 1]), null);
  assert.equal(rocAuc(scores, [0, -1]), null);
  assert.equal(averagePrecision(scores, [0, 0]), null);
  assert.equal(averagePrecision(scores, [1, 1]), 1);
});

test("infinite scores rank, NaN and strange labels are refused", () => {
  assert.equal(rocAuc(Float64Array.of(Infinity, -Infinity), [1, 0]), 1);
  assert.throws(() => rocAuc(Float64Array.of(Number.NaN, 1), [1, 0]), /SOCLAB_INVALID_VALUE: the score of row 0 is NaN/);
  assert.throws(() => rocAuc(Float64Array.of(1, 1), [1, 2]), /SOCLAB_INVALID_VALUE: the label of row 1 is 2/);
  assert.throws(() => averagePrecision(Float64Array.of(1, 1), [1]), /SOCLAB_SHAPE/);
});
