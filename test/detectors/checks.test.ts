import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../src/core/index.ts";
import { createDetector, detectors, restoreDetector } from "../../src/detectors/index.ts";
import type { Matrix } from "../../src/features/index.ts";
import { cloud, matrixOf, rowOf } from "./matrices.ts";

const hostile = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e308,
  -1e308,
  Number.MAX_VALUE,
  5e-324,
  -5e-324,
  0,
  -0,
  1,
];

function hasCode(code: string) {
  return (error: unknown) => error instanceof SoclabError && error.code === code;
}

for (const { name, parameters, ignoresColumnOrder } of detectors) {
  describe(`${name} keeps the contract:`, () => {
    const matrix = cloud(1, 500, 5, 0.05);
    const fitted = createDetector(name).fit(matrix);
    const scores = fitted.score(matrix);

    test("fitting and scoring leave the matrix and the detector as they were", () => {
      const before = matrix.values.slice();
      const detector = createDetector(name);
      const params = { ...detector.params };
      detector.fit(matrix).score(matrix);
      assert.deepEqual(matrix.values, before);
      assert.deepEqual({ ...detector.params }, params);
    });

    test("the same matrix and seed give the same scores bit for bit", () => {
      assert.deepEqual(createDetector(name).fit(matrix).score(matrix), scores);
      const detector = createDetector(name);
      detector.fit(cloud(2, 50, 5));
      assert.deepEqual(detector.fit(matrix).score(matrix), scores);
    });

    test("another seed gives other scores, where there is a seed", () => {
      if (!Object.hasOwn(parameters, "seed")) return;
      assert.notDeepEqual(createDetector(name, { seed: 99 }).fit(matrix).score(matrix), scores);
    });

    test("the fitted detector does not change when the matrix does afterwards", () => {
      const own = { ...matrix, values: matrix.values.slice() };
      const fittedOnOwn = createDetector(name).fit(own);
      own.values.fill(0);
      assert.deepEqual(fittedOnOwn.score(matrix), scores);
    });

    test("a row scores the same alone, in a batch and in any place", () => {
      const width = matrix.names.length;
      const out = new Float64Array(1);
      for (let i = 0; i < 50; i++) {
        fitted.scoreInto(rowOf(matrix, i).slice(), 1, out);
        assert.equal(out[0], scores[i]);
      }
      const some = new Float64Array(37);
      fitted.scoreInto(matrix.values.subarray(11 * width), 37, some);
      assert.deepEqual(some, scores.slice(11, 48));
    });

    test("scoreInto writes the rows asked for and nothing behind them", () => {
      const out = new Float64Array(20).fill(-7);
      fitted.scoreInto(matrix.values, 13, out);
      assert.deepEqual(out.slice(0, 13), scores.slice(0, 13));
      assert.deepEqual(out.slice(13), new Float64Array(7).fill(-7));
    });

    test("a planted outlier scores above every other row", () => {
      const planted = { ...matrix, values: matrix.values.slice() };
      planted.values.fill(500, 0, 5);
      const withOutlier = createDetector(name).fit(planted).score(planted);
      assert.equal(withOutlier.indexOf(Math.max(...withOutlier)), 0);
    });

    test("the order of columns is irrelevant where that is promised", () => {
      if (!ignoresColumnOrder) return;
      const width = matrix.names.length;
      const reversed: Matrix = {
        ...matrix,
        names: [...matrix.names].reverse(),
        values: matrix.values.map((_, k) => matrix.values[Math.floor(k / width) * width + (width - 1 - (k % width))]!),
      };
      const again = createDetector(name).fit(reversed).score(reversed);
      for (const [i, score] of scores.entries()) assert.ok(Math.abs(again[i]! - score) <= 1e-12 * Math.abs(score));
    });

    test("restored from its tensors it scores and explains the same", () => {
      const { params, names, rowCount } = fitted;
      const restored = restoreDetector(name, { params, names, rowCount, tensors: fitted.toTensors() });
      assert.deepEqual(restored.score(matrix), scores);
      assert.deepEqual(restored.explain(rowOf(matrix, 3)), fitted.explain(rowOf(matrix, 3)));
      assert.deepEqual(restored.toTensors(), fitted.toTensors());
    });

    test("its tensors are copies", () => {
      for (const { data } of fitted.toTensors().values()) data.fill(0);
      assert.deepEqual(fitted.score(matrix), scores);
    });

    test("damaged tensors are refused", () => {
      const { params, names, rowCount } = fitted;
      const tensors = fitted.toTensors();
      for (const [tensor, { shape, data }] of tensors) {
        const refused = (changed: Map<string, { shape: readonly number[]; data: Float64Array | Int32Array }>) =>
          assert.throws(() => restoreDetector(name, { params, names, rowCount, tensors: changed }), hasCode("SOCLAB_ARTEFACT"), tensor);
        const without = new Map(tensors);
        without.delete(tensor);
        refused(without);
        refused(new Map(tensors).set(tensor, { shape: [...shape, 2], data }));
        refused(new Map(tensors).set(tensor, { shape, data: data.slice(1) }));
        refused(new Map(tensors).set(tensor, { shape, data: data instanceof Int32Array ? new Float64Array(data) : new Int32Array(data) }));
        refused(
          new Map(tensors).set(tensor, { shape, data: data instanceof Int32Array ? data.map(() => 2 ** 30) : data.map(() => Number.NaN) }),
        );
      }
    });

    test("contributions and baseline sum to the score", () => {
      for (const subject of [matrix, cloud(9, 60, 5, 0.5)]) {
        const expected = fitted.score(subject);
        for (let i = 0; i < 60; i++) {
          const { score, baseline, contributions } = fitted.explain(rowOf(subject, i));
          assert.equal(score, expected[i]);
          const sum = contributions.reduce((a, b) => a + b, baseline);
          assert.ok(Math.abs(sum - score) <= 1e-12 * Math.max(1, Math.abs(score)), `${sum} is not ${score}`);
        }
      }
    });

    test("the column that sticks out contributes most", () => {
      const clean = cloud(1, 500, 5);
      const row = new Float64Array(5);
      row[3] = 300;
      const { contributions } = createDetector(name).fit(clean).explain(row);
      assert.equal(contributions.indexOf(Math.max(...contributions)), 3);
    });

    test("every score is finite, whatever the numbers", () => {
      const value = fc.oneof(fc.constantFrom(...hostile), fc.double());
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 40 }),
          fc.infiniteStream(value),
          (width, rowCount, stream) => {
            const draw = (n: number) => Float64Array.from({ length: n }, () => stream.next().value);
            const names = Array.from({ length: width }, (_, j) => `f${j}`);
            const train = { rowCount, names, values: draw(rowCount * width) };
            const other = { rowCount: 10, names, values: draw(10 * width) };
            const onHostile = createDetector(name).fit(train);
            for (const subject of [train, other]) {
              const got = onHostile.score(subject);
              assert.ok(got.every(Number.isFinite));
              const explained = onHostile.explain(rowOf(subject, 0));
              assert.ok(explained.contributions.every(Number.isFinite));
              assert.equal(explained.score, got[0]);
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    test("constant columns, one row, duplicates and missing columns are no obstacle", () => {
      const cases = {
        "one row": [[1, 2]],
        "all rows equal": Array.from({ length: 20 }, () => [3, 4]),
        "two distinct rows": Array.from({ length: 20 }, (_, i) => [i % 2, 4]),
        "a missing column": Array.from({ length: 20 }, (_, i) => [i, Number.NaN]),
        "nothing present": Array.from({ length: 20 }, () => [Number.NaN, Number.NaN]),
        "infinities only": Array.from({ length: 20 }, (_, i) => [i % 2 ? Infinity : -Infinity, Infinity]),
      };
      for (const [what, rows] of Object.entries(cases)) {
        const subject = matrixOf(rows);
        const got = createDetector(name).fit(subject).score(subject);
        assert.ok(got.every(Number.isFinite), what);
        if (rows.length > 1 && what.startsWith("all")) assert.equal(new Set(got).size, 1, what);
      }
    });

    test("a matrix that does not fit is refused with its shape", () => {
      const shape = hasCode("SOCLAB_SHAPE");
      const detector = createDetector(name);
      assert.throws(() => detector.fit({ rowCount: 3, names: [], values: new Float64Array(0) }), /no columns/);
      assert.throws(() => detector.fit({ rowCount: 0, names: ["a"], values: new Float64Array(0) }), /no rows/);
      assert.throws(() => detector.fit({ rowCount: 2, names: ["a", "b"], values: new Float64Array(3) }), shape);
      assert.throws(() => fitted.score(cloud(1, 10, 4)), shape);
      assert.throws(() => fitted.score({ ...matrix, names: ["f0", "f1", "f2", "f4", "f3"] }), /column 3 of the matrix is "f4"/);
      assert.throws(() => fitted.scoreInto(new Float64Array(9), 2, new Float64Array(2)), shape);
      assert.throws(() => fitted.scoreInto(new Float64Array(10), 2, new Float64Array(1)), shape);
      assert.throws(() => fitted.scoreInto(new Float64Array(10), 1.5, new Float64Array(2)), shape);
      assert.throws(() => fitted.explain([1, 2, 3]), shape);
      assert.equal(fitted.score({ ...matrix, rowCount: 0, values: new Float64Array(0) }).length, 0);
    });

    test("a parameter that is unknown or out of range is refused with what was expected", () => {
      assert.throws(() => createDetector(name, { nonsense: 1 }), hasCode("SOCLAB_INVALID_VALUE"));
      for (const [parameter, { type }] of Object.entries(parameters)) {
        for (const value of type === "integer" ? [-1, 1.5, Number.NaN, "many", "", null, 1e12] : ["nothing", 3, ""]) {
          assert.throws(() => createDetector(name, { [parameter]: value }), hasCode("SOCLAB_INVALID_VALUE"), `${parameter} ${value}`);
        }
      }
    });
  });
}

test("an unknown detector is refused with the nearest name", () => {
  assert.throws(
    () => createDetector("isolation-forrest"),
    (error) =>
      error instanceof SoclabError && error.code === "SOCLAB_UNKNOWN_DETECTOR" && error.hint === 'Did you mean "isolation-forest"?',
  );
  assert.throws(() => createDetector("constructor"), hasCode("SOCLAB_UNKNOWN_DETECTOR"));
});

test("parameters may come as text", () => {
  assert.equal(createDetector("isolation-forest", { nEstimators: "10" }).params.nEstimators, 10);
});
