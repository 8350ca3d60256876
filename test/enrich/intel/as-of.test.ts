import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type AsOf, asOfModes, createEnricher, type Indicator, ThreatIntelBuilder } from "../../../src/enrich/index.ts";
import { type Column, rowAt, withColumns } from "../../../src/event/index.ts";
import { batchOf } from "../batch-of.ts";

function intelOf(indicators: readonly Indicator[]) {
  const builder = new ThreatIntelBuilder();
  for (const indicator of indicators) assert.ok(builder.add(indicator));
  return builder.build();
}

function times(values: readonly (number | null)[]): readonly [string, Column] {
  const validity = new Uint8Array((values.length + 7) >> 3);
  for (const [row, value] of values.entries()) if (value !== null) validity[row >> 3]! |= 1 << (row & 7);
  return ["timestamp", { type: "timestamp", length: values.length, validity, values: Float64Array.from(values, (value) => value ?? 0) }];
}

const instant = fc.option(fc.integer({ min: 0, max: 8 }));
const claim = fc.record({
  value: fc.constantFrom("198.51.100.1", "198.51.100.0/24", "198.51.0.0/16"),
  list: fc.constantFrom("a", "b", "c"),
  confidence: fc.constantFrom(0.2, 0.5, 0.9),
  validFrom: instant,
  validUntil: instant,
  knownAt: instant,
});

function counts(indicator: Indicator, at: number | null, asOf: AsOf): boolean {
  if (at === null || asOf === "any") return true;
  const { validFrom, validUntil, knownAt } = indicator;
  if ((validFrom ?? -1) > at || (validUntil ?? 99) <= at) return false;
  return asOf === "valid" || (knownAt !== null && knownAt <= at);
}

test("at every instant those lists hold an address that a plain look through all claims finds", () => {
  fc.assert(
    fc.property(
      fc.array(claim, { maxLength: 12 }),
      fc.constantFrom(...asOfModes),
      fc.array(instant, { minLength: 1 }),
      (claims, asOf, ats) => {
        const indicators = claims.map((it): Indicator => ({ ...it, kind: "address", feed: it.list }));
        const threatIntel = intelOf(indicators);
        const enriched = createEnricher({ threatIntel, asOf }).enrich(
          withColumns(
            batchOf(
              ats.map(() => "198.51.100.1"),
              ats.map(() => null),
            ),
            [times(ats)],
          ),
        );
        for (const [row, at] of ats.entries()) {
          const expected = [...new Set(indicators.filter((it) => counts(it, at, asOf)).map(({ list }) => list))].sort();
          assert.deepEqual(threatIntel.lookup("address", "198.51.100.1", { at, asOf })?.lists ?? [], expected);
          assert.deepEqual(rowAt(enriched, row).src_threat_lists ?? [], expected);
        }
      },
    ),
  );
});

test("of several claims of one list the strongest one that holds counts", () => {
  const says = (confidence: number, validFrom: number, validUntil: number): Indicator => ({
    ...{ kind: "address", value: "198.51.100.1", list: "a", feed: "a", knownAt: null },
    ...{ confidence, validFrom, validUntil },
  });
  const intel = intelOf([says(0.9, 10, 20), says(0.4, 0, 30)]);
  const confidences = [-1, 0, 10, 19, 20, 29, 30].map((at) => intel.lookup("address", "198.51.100.1", { at })?.confidence ?? null);
  assert.deepEqual(confidences, [null, 0.4, 0.9, 0.9, 0.4, 0.4, null]);
});
