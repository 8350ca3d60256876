import assert from "node:assert/strict";
import { test } from "node:test";
import { SoclabError } from "../../src/core/index.ts";
import { detect, trainModel } from "../../src/models/index.ts";
import { events, june } from "./feature-matrices.ts";

const matrix = events(1, 480);
const later = events(2, 240, june + 20 * 86_400_000_000);

test("a model is measured on its own rows and on a later period, each named", () => {
  const model = trainModel(matrix, { name: "conn", detector: "isolation-forest", params: { seed: 1 }, later, alertsPerDay: [2] });
  const [training, unseen] = model.metrics;
  assert.equal(training!.split, "training");
  assert.deepEqual(training!.window, { from: june, until: matrix.eventTimes.at(-1)! + 1 });
  assert.equal(unseen!.split, "later");
  assert.equal(unseen!.rows + unseen!.unlabelled, 240);
  assert.ok(unseen!.auc! > 0.9);
  assert.equal(unseen!.budgets[0]!.days, 10);
  assert.equal(unseen!.budgets[0]!.alerts, 20);
});

test("labels are never learned from", () => {
  const relabelled = { ...matrix, labels: matrix.labels.map(() => "malicious") };
  const scores = (from: typeof matrix) => trainModel(from, { name: "conn", detector: "isolation-forest" }).detector.score(matrix);
  assert.deepEqual(scores(relabelled), scores(matrix));
});

test("a later period that begins within the training period is refused", () => {
  assert.throws(
    () => trainModel(matrix, { name: "conn", detector: "ecod", later: events(2, 50) }),
    (error) =>
      error instanceof SoclabError && error.code === "SOCLAB_INVALID_VALUE" && /begins at 2022-06-01T00:00:00.000Z/.test(error.message),
  );
});

test("scores, relevance and explanation agree", () => {
  const model = trainModel(matrix, { name: "conn", detector: "isolation-forest" });
  const out = new Float64Array(matrix.rowCount);
  model.scoreInto(matrix.values, matrix.rowCount, out);
  const top = out.indexOf(Math.max(...out));
  const { score, relevance, contributions } = model.explain(matrix.values.subarray(top * 3, top * 3 + 3));
  assert.equal(score, out[top]);
  assert.equal(relevance, model.relevance(score));
  assert.ok(relevance > 95);
  assert.equal(model.features[contributions.indexOf(Math.max(...contributions))], "packets");
});

test("golden rows are rows of the training period with their scores", () => {
  const { golden, detector } = trainModel(matrix, { name: "conn", detector: "ecod" });
  assert.equal(golden.scores.length, 16);
  const scores = detector.score(matrix);
  assert.equal(Math.min(...golden.scores), Math.min(...scores));
  assert.equal(Math.max(...golden.scores), Math.max(...scores));
});

test("one row is enough for a model", () => {
  const one = { ...matrix, rowCount: 1, values: matrix.values.slice(0, 3), eventTimes: matrix.eventTimes.slice(0, 1), labels: ["benign"] };
  const model = trainModel(one, { name: "conn", detector: "isolation-forest" });
  assert.equal(model.metrics[0]!.auc, null);
  assert.equal(model.golden.scores.length, 1);
});

test("detect scores the table it was fitted on, or another one, and judges by the labels of what it scored", () => {
  const truth = Uint8Array.from(matrix.labels, (label) => (label === "malicious" ? 1 : 0));
  const own = detect({ matrix, labels: truth, detector: "isolation-forest", seed: 3 });
  assert.equal(own.rows, 480);
  assert.deepEqual(own.features, matrix.names);
  assert.ok(own.auc! > 0.9 && own.ap! > 0.5 && own.fitSeconds >= 0 && own.scoreSeconds >= 0);
  assert.equal(own.params.seed, 3);
  const other = detect({ matrix, labels: truth, test: later, detector: "ecod", seed: 3 });
  assert.equal(other.rows, 240);
  assert.equal(other.trainRows, 480);
  assert.equal(other.auc, null);
  assert.throws(() => detect({ matrix, labels: [1], detector: "ecod" }), /SOCLAB_SHAPE/);
});
