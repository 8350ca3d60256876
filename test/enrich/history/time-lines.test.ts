import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TimeLinesBuilder } from "../../../src/enrich/index.ts";
import { type Interval, linearLookUp } from "./linear-twin.ts";

const open = Number.POSITIVE_INFINITY;
const times = [-open, ...Array.from({ length: 25 }, (_, i) => i - 1), open];

const interval: fc.Arbitrary<Interval> = fc
  .record({
    key: fc.nat(2),
    value: fc.nat(3),
    from: fc.oneof(fc.constant(-open), fc.nat(20)),
    length: fc.oneof(fc.constant(open), fc.integer({ min: 1, max: 12 })),
    end: fc.nat(20),
    knownAt: fc.oneof(fc.constant(-open), fc.nat(20)),
  })
  .map(({ key, value, from, length, end, knownAt }) => ({
    key,
    value,
    from,
    until: from === -open ? (length === open ? open : end) : from + length,
    knownAt,
  }));

function built(rows: readonly Interval[], knownAt?: number) {
  const builder = new TimeLinesBuilder();
  for (const { key, value, from, until, knownAt } of rows) builder.add(key, value, from, until, knownAt);
  return builder.build(knownAt);
}

test("a look-up finds what a scan of all rows finds, with overlaps, gaps, open ends and rows that come late", () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 24 }), fc.oneof(fc.constant(open), fc.nat(20)), (rows, knownAt) => {
      const lines = built(rows, knownAt);
      for (let key = 0; key < lines.keyCount; key++)
        for (const time of times) assert.equal(lines.at(key, time), linearLookUp(rows, key, time, knownAt) ?? -1, `key ${key} at ${time}`);
    }),
    { numRuns: 1000 },
  );
});

test("changes are sorted, distinct and real", () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 24 }), (rows) => {
      const lines = built(rows);
      for (let key = 0; key < lines.keyCount; key++) {
        const [changes, values] = [lines.changes(key), lines.values(key)];
        for (let i = 0; i < changes.length; i++) {
          if (i > 0) assert.ok(changes[i - 1]! < changes[i]!);
          assert.notEqual(values[i], i === 0 ? -1 : values[i - 1]);
        }
      }
    }),
  );
});

test("one interval for all time is one change", () => {
  const lines = built([{ key: 0, value: 7, from: -open, until: open, knownAt: -open }]);
  assert.equal(lines.changeCount, 1);
  assert.deepEqual([lines.at(0, -open), lines.at(0, 0), lines.at(0, open)], [7, 7, 7]);
});

test("an interval holds from its first microsecond to the one before its end", () => {
  const lines = built([{ key: 0, value: 7, from: 10, until: 20, knownAt: -open }]);
  assert.deepEqual(
    [9, 10, 19, 20, open].map((time) => lines.at(0, time)),
    [-1, 7, 7, -1, -1],
  );
});

test("what was covered comes back when the cover ends, and rows of one start give way to the last of them", () => {
  const row = { key: 0, knownAt: -open };
  const covered = built([
    { ...row, value: 1, from: 0, until: open },
    { ...row, value: 2, from: 10, until: 20 },
  ]);
  assert.deepEqual(
    [5, 15, 25].map((time) => covered.at(0, time)),
    [1, 2, 1],
  );
  const together = built([
    { ...row, value: 1, from: 0, until: 30 },
    { ...row, value: 2, from: 0, until: 10 },
  ]);
  assert.deepEqual(
    [5, 15].map((time) => together.at(0, time)),
    [2, 1],
  );
});

test("ten thousand intervals that all overlap are packed", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ key: 0, value: i, from: i, until: 30_000 - i, knownAt: -open }));
  const lines = built(rows);
  assert.deepEqual(
    [0, 9_999, 20_000, 20_001, 29_999, 30_000].map((time) => lines.at(0, time)),
    [0, 9_999, 9_999, 9_998, 0, -1],
  );
});
