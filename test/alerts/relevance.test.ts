import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { explainRelevance, relevanceOf, type Severity } from "../../src/alerts/index.ts";
import { isError } from "./suite.ts";

const model = fc.double({ min: 0, max: 100, noNaN: true });
const confidence = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: Number.NaN });
const level = fc.option(fc.integer({ min: 1, max: 5 }), { nil: Number.NaN });
const evidence = fc.tuple(fc.oneof(model, fc.constant(Number.NaN)), confidence, level, level);
const nothing = Number.NaN;

describe("relevance", () => {
  it("is the model's own where nothing else is known", () => {
    fc.assert(fc.property(model, (value) => assert.ok(Math.abs(relevanceOf(value, nothing, nothing, nothing) - value) <= 1 / 2048)));
  });

  it("stays within 0 and 100 for every number, infinite ones too", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.double(), fc.double(), (...input) => {
        const relevance = relevanceOf(...input);
        assert.ok(relevance >= 0 && relevance <= 100, `${relevance}`);
      }),
    );
  });

  it("never falls when any one input rises", () => {
    fc.assert(
      fc.property(evidence, evidence, fc.integer({ min: 0, max: 3 }), (one, other, which) => {
        const [low, high] = [[...one], [...one]] as [typeof one, typeof one];
        const [a, b] = [one[which]!, other[which]!];
        fc.pre(!Number.isNaN(a) && !Number.isNaN(b));
        low[which] = Math.min(a, b);
        high[which] = Math.max(a, b);
        assert.ok(relevanceOf(...low) <= relevanceOf(...high));
      }),
    );
  });

  it("is explained by parts that add up to it exactly, in any order", () => {
    fc.assert(
      fc.property(evidence, ([score, threatConfidence, criticality, severity]) => {
        const explained = explainRelevance({ model: score, threatConfidence, criticality, severity: severity as Severity });
        assert.equal(explained.relevance, relevanceOf(score, threatConfidence, criticality, severity));
        const points = explained.contributions.map((part) => part.points);
        assert.equal(
          points.reduce((sum, part) => sum + part, 0),
          explained.relevance,
        );
        assert.equal(
          points.toReversed().reduce((sum, part) => sum + part, 0),
          explained.relevance,
        );
        for (const part of points) assert.ok(Math.abs(part) <= 100);
      }),
    );
  });

  it("credits each part in the direction of its evidence", () => {
    const { relevance, contributions } = explainRelevance({ model: 60, threatConfidence: 0.8, criticality: 5, severity: 2 });
    const points = Object.fromEntries(contributions.map((part) => [part.name, part.points]));
    assert.ok(points.model! > 59.9 && points["threat intelligence"]! > 0 && points["asset criticality"]! > 0);
    assert.ok(points["signature severity"]! < 0);
    assert.ok(relevance > 60);
    const cancelled = explainRelevance({ model: 50, criticality: 5, severity: 1 }).contributions.map((part) => Math.sign(part.points));
    assert.deepEqual(cancelled, [1, 1, -1]);
  });

  it("gives the documented figures", () => {
    assert.equal(relevanceOf(50, 1, nothing, nothing).toFixed(1), "95.3");
    assert.equal(relevanceOf(90, nothing, 5, nothing).toFixed(1), "95.3");
    assert.equal(relevanceOf(nothing, nothing, nothing, 4).toFixed(1), "66.7");
    assert.equal(relevanceOf(0, 1, 5, 5).toFixed(1), "8.2");
    assert.equal(relevanceOf(100, nothing, 1, 1).toFixed(1), "99.6");
  });

  it("refuses to explain a number out of its range", () => {
    assert.throws(() => explainRelevance({ model: 101 }), isError("SOCLAB_INVALID_VALUE", /101/));
    assert.throws(() => explainRelevance({ threatConfidence: 55 }), isError("SOCLAB_INVALID_VALUE", /55, expected 0 to 1/));
  });
});
