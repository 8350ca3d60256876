import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DashboardEvaluation } from "../../src/dashboards/index.ts";
import { renderDashboard } from "../../src/dashboards/index.ts";
import { sampleDashboard } from "./sample.ts";

function said(changes: Partial<DashboardEvaluation>): string {
  const page = renderDashboard(sampleDashboard({ evaluation: { ...sampleDashboard().evaluation!, ...changes } }));
  return /id="honesty">[\s\S]*?<\/section>/.exec(page)?.[0].replaceAll("\u00a0", " ") ?? "";
}

describe("what the page says about its own figures", () => {
  it("names split, base rate, source of labels and what was left out", () => {
    const text = said({});
    assert.match(text, /Split by time: trained on 2022-06-10 00:00 UTC to 2022-06-13 00:00 UTC/);
    assert.match(text, /100 of 770 labelled events are malicious, a base rate of 13\.0 %/);
    assert.match(text, /the data set&#39;s own flow labels/);
    assert.match(text, /130 events without a label are left out/);
    assert.match(text, /not a probability of an attack/);
  });

  it("warns of a split that leaks, and of one that is not known", () => {
    const { test } = sampleDashboard().evaluation!;
    assert.match(said({ training: test }), /overlap, so these figures flatter the model/);
    assert.match(said({ training: null }), /split of training and measurement is not known/);
  });

  it("warns of a base rate that flatters, and is quiet about a low one", () => {
    assert.match(said({ positives: 400, baseRate: 400 / 770 }), /far more than a live network has/);
    assert.doesNotMatch(said({ positives: 10, baseRate: 10 / 770 }), /far more than a live network has/);
  });

  it("says when the ranking is worse than chance, no better, or cannot be judged", () => {
    assert.match(said({ auc: 0.08 }), /below 0\.5: on this data the model ranks malicious events lower/);
    assert.match(said({ ap: 0.131 }), /hardly above chance \(0\.130\)/);
    assert.match(said({ positives: 0, baseRate: 0, auc: null, ap: null }), /of one class/);
  });
});
