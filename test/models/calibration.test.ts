import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../src/core/index.ts";
import { calibrate, calibratedRelevance, scoreAtRelevance, tailShareOf } from "../../src/models/index.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

function exponential(seed: number, n: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => -Math.log(1 - random.next()));
}

test("50, 90 and 99 mean one in 4, in 100 and in 10,000 training events at or above", () => {
  const scores = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const calibration = calibrate(scores);
  for (const [relevance, share] of [
    [50, 1 / 4],
    [90, 1 / 100],
    [99, 1 / 10_000],
  ] as const) {
    assert.ok(Math.abs(calibratedRelevance(calibration, 100_000 * (1 - share)) - relevance) < 0.01);
  }
  assert.equal(calibratedRelevance(calibration, 0), 0);
  assert.equal(calibratedRelevance(calibration, -5), 0);
});

test("the share of a training score is the share of training scores at or above it", () => {
  const scores = exponential(1, 90);
  const calibration = calibrate(scores);
  for (const score of scores) {
    const share = scores.filter((other) => other >= score).length / scores.length;
    assert.ok(Math.abs(tailShareOf(calibration, score) - share) < 1e-12);
  }
});

test("with knots 2 % of ranks apart no share is off by more than 2 % of itself", () => {
  const scores = exponential(2, 20_000);
  const calibration = calibrate(scores);
  assert.ok(calibration.scores.length < 500);
  const sorted = scores.slice().sort();
  for (let i = 0; i < sorted.length; i += 7) {
    const share = (sorted.length - i) / sorted.length;
    assert.ok(Math.abs(tailShareOf(calibration, sorted[i]!) / share - 1) < 0.02);
  }
});

test("relevance never falls with the score, stays within 0 and 100 and is finite", () => {
  fc.assert(
    fc.property(
      fc.array(finite, { minLength: 1, maxLength: 200 }),
      fc.array(fc.double(), { minLength: 2, maxLength: 30 }),
      (training, asked) => {
        const calibration = calibrate(Float64Array.from(training));
        const relevances = [...asked.filter((x) => !Number.isNaN(x)), ...training]
          .sort((a, b) => a - b)
          .map((score) => calibratedRelevance(calibration, score));
        for (const [i, relevance] of relevances.entries()) {
          assert.ok(relevance >= 0 && relevance <= 100, `${relevance}`);
          if (i > 0) assert.ok(relevance >= relevances[i - 1]!, `${relevance} after ${relevances[i - 1]}`);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test("relevance tells apart whatever the raw score tells apart, also beyond the greatest training score", () => {
  for (const [seed, n] of [
    [1, 30],
    [2, 5000],
  ] as const) {
    const scores = exponential(seed, n);
    const calibration = calibrate(scores);
    const sorted = scores.slice().sort();
    const greatest = sorted.at(-1)!;
    const ladder = [...sorted, ...Array.from({ length: 400 }, (_, k) => greatest + (k + 1) * 0.05)];
    for (let i = 1; i < ladder.length; i++)
      assert.ok(calibratedRelevance(calibration, ladder[i]!) > calibratedRelevance(calibration, ladder[i - 1]!), `at ${ladder[i]}`);
  }
});

test("beyond the training scores the share is what fresh data show", () => {
  // 20 calibrations on 2,000 exponential scores each; the true share at the score 11 is e^−11, one in 60,000.
  const shares = Array.from({ length: 20 }, (_, seed) => tailShareOf(calibrate(exponential(seed, 2000)), 11));
  const middle = shares.sort((a, b) => a - b)[10]!;
  assert.ok(middle > Math.exp(-11) / 4 && middle < Math.exp(-11) * 4, `${middle}`);
});

test("a few anomalies among the training rows do not flatten what lies beneath them", () => {
  const scores = exponential(3, 10_000);
  const calibration = calibrate(scores);
  const spoiled = scores.slice();
  spoiled.fill(1000, 0, 5);
  assert.ok(Math.abs(calibratedRelevance(calibrate(spoiled), 4) - calibratedRelevance(calibration, 4)) < 0.5);
  assert.ok(calibratedRelevance(calibrate(spoiled), 2000) < 100);
});

test("scores that do not differ have no relevance, a greater one has", () => {
  const calibration = calibrate(new Float64Array(50).fill(0.5));
  assert.equal(calibratedRelevance(calibration, 0.5), 0);
  assert.ok(calibratedRelevance(calibration, 0.6) > 80);
  assert.ok(calibratedRelevance(calibration, 0.7) > calibratedRelevance(calibration, 0.6));
});

test("the score at a relevance is the least one that reaches it", () => {
  const calibration = calibrate(exponential(4, 3000));
  for (const relevance of [1, 25, 50, 90, 99, 99.9, 99.99]) {
    const score = scoreAtRelevance(calibration, relevance);
    assert.ok(calibratedRelevance(calibration, score) >= relevance);
    assert.ok(calibratedRelevance(calibration, score * (1 - 1e-12)) <= relevance);
  }
  assert.throws(() => scoreAtRelevance(calibration, 100), /SOCLAB_INVALID_VALUE/);
});

test("without scores, or with one that is not finite, there is no calibration", () => {
  assert.throws(() => calibrate(new Float64Array(0)), /SOCLAB_INVALID_VALUE/);
  assert.throws(() => calibrate(Float64Array.of(1, Infinity)), /training score 1 is Infinity/);
});
