import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dailyBudget, evaluate, scoreHistogram, truthOf } from "../../src/models/index.ts";

const day = 86_400_000_000;

test("precision and recall count the k highest scores of each UTC day", () => {
  const scores = Float64Array.of(9, 8, 7, 1, 5, 4);
  const truth = [1, 0, 1, 1, 0, 1];
  const times = Float64Array.of(0, 1, day - 1, 5, day, day + 1);
  assert.deepEqual(dailyBudget(scores, truth, times, 2), { alertsPerDay: 2, days: 2, alerts: 4, hits: 2, precision: 0.5, recall: 0.5 });
  assert.deepEqual(dailyBudget(scores, truth, times, 100), { alertsPerDay: 100, days: 2, alerts: 6, hits: 4, precision: 4 / 6, recall: 1 });
});

test("rows tied at the cut count by their chance to be shown", () => {
  const budget = dailyBudget(Float64Array.of(9, 5, 5, 5, 5), [0, 1, 0, 0, 0], new Float64Array(5), 3);
  assert.equal(budget.hits, 0.5);
});

test("days before 1970 are days too, and rows of unknown truth or time are left out", () => {
  const budget = dailyBudget(Float64Array.of(1, 2, 3, 4), [1, 0, -1, 1], Float64Array.of(-1, 1, 1, Number.NaN), 1);
  assert.deepEqual(budget, { alertsPerDay: 1, days: 2, alerts: 2, hits: 1, precision: 0.5, recall: 1 });
});

test("hits equal the plain sort of every day, where no scores are tied", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 60 }),
      fc.infiniteStream(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1))),
      fc.integer({ min: 1, max: 9 }),
      (scores, stream, k) => {
        const rows = scores.map((score) => ({ score, at: stream.next().value as [number, number] }));
        const shown = [0, 1, 2, 3].flatMap((d) =>
          rows
            .filter((row) => row.at[0] === d)
            .sort((a, b) => b.score - a.score)
            .slice(0, k),
        );
        const budget = dailyBudget(
          Float64Array.from(scores),
          rows.map((row) => row.at[1]),
          Float64Array.from(rows, (row) => row.at[0] * day),
          k,
        );
        assert.equal(budget.alerts, shown.length);
        assert.equal(budget.hits, shown.filter((row) => row.at[1] === 1).length);
      },
    ),
  );
});

test("an evaluation says what it rests on", () => {
  const scores = Float64Array.of(0.9, 0.4, 0.6, 0.1, 0.5);
  const evaluation = evaluate(scores, [1, 0, 0, 0, -1], { eventTimes: new Float64Array(5), alertsPerDay: [1] });
  assert.deepEqual(evaluation, {
    rows: 4,
    positives: 1,
    unlabelled: 1,
    baseRate: 0.25,
    auc: 1,
    ap: 1,
    budgets: [{ alertsPerDay: 1, days: 1, alerts: 1, hits: 1, precision: 1, recall: 1 }],
  });
  assert.equal(evaluate(new Float64Array(0), []).baseRate, null);
  assert.throws(() => dailyBudget(scores, [1, 0, 0, 0, 0], new Float64Array(5), 0), /alertsPerDay is 0/);
});

test("malicious is anomalous, no label is unknown, all else is not", () => {
  assert.deepEqual([...truthOf(["malicious", "benign", "background", null])], [1, 0, 0, -1]);
});

test("a histogram holds every score once, under its label", () => {
  const scores = Float64Array.of(0, 0.1, 0.5, 1, 1);
  const { edges, counts } = scoreHistogram(scores, ["benign", "benign", null, "malicious", "benign"], { bins: 2 });
  assert.deepEqual([...edges], [0, 0.5, 1]);
  assert.deepEqual(Object.fromEntries([...counts].map(([label, bins]) => [label, [...bins]])), {
    benign: [2, 1],
    unlabelled: [0, 1],
    malicious: [0, 1],
  });
  assert.deepEqual([...scoreHistogram(Float64Array.of(3, 3), ["a", "a"], { bins: 2 }).counts.get("a")!], [2, 0]);
  assert.equal(scoreHistogram(new Float64Array(0), []).counts.size, 0);
});
