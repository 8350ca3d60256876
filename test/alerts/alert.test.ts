import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alertToJson, alertViolations, toAlert } from "../../src/alerts/index.ts";
import { sampleAlert } from "./alerts.ts";
import { isError } from "./suite.ts";

describe("the alert document", () => {
  it("survives JSON", () => {
    const alert = sampleAlert(3);
    assert.deepEqual(toAlert(JSON.parse(alertToJson(alert))), alert);
  });

  it("is equal bytes for equal alerts, whatever the order of their fields", () => {
    const alert = sampleAlert(3);
    const reversed = Object.fromEntries(Object.entries(alert).reverse());
    const enrichment = Object.fromEntries(Object.entries(alert.enrichment).reverse());
    assert.equal(alertToJson(toAlert({ ...reversed, enrichment })), alertToJson(alert));
  });

  it("has no field for a wall clock, and takes none that it does not know", () => {
    assert.deepEqual(alertViolations({ ...sampleAlert(1), created_at: 1 }), ["created_at is no field of an alert"]);
  });

  it("is checked field by field", () => {
    const wrong: [string, unknown][] = [
      ["id", "../x"],
      ["source", ""],
      ["timestamp", Number.NaN],
      ["ip_src_addr", "10.0.0.256"],
      ["ip_dst_port", 65_536],
      ["original_string", null],
      ["severity", 6],
      ["relevance", -0.1],
      ["contributions", [{ name: "model" }]],
      ["features", [{ name: "x", value: "1", contribution: 1 }]],
      ["model", { name: "m" }],
      ["enrichment", []],
      ["late", 0],
      ["links", null],
    ];
    for (const [field, value] of wrong) {
      const violations = alertViolations({ ...sampleAlert(1), [field]: value });
      assert.equal(violations.length, 1, field);
      assert.match(violations[0]!, new RegExp(`^${field} is `));
    }
    for (const value of [null, undefined, "x", 3, []]) assert.equal(alertViolations(value).length, 1);
    assert.throws(() => toAlert({}), isError("SOCLAB_INVALID_VALUE", /this is no alert: id is missing/));
  });
});
