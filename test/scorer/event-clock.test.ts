import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EventClock } from "../../src/scorer/event-clock.ts";

const minute = 60e6;
const year = 365 * 86_400e6;
const start = 1_655_000_000e6;

function admitAll(times: readonly number[], cuts: readonly number[] = []): { times: number[]; late: number[]; clock: EventClock } {
  let clock = new EventClock(5 * minute);
  const out: number[] = [];
  const late: number[] = [];
  for (const [from, until] of pieces(times.length, cuts)) {
    // As a restart does it.
    clock = new EventClock(5 * minute, JSON.parse(JSON.stringify(clock.state)));
    const piece = Float64Array.from(times.slice(from, until));
    late.push(...clock.admit(piece, piece));
    out.push(...piece);
  }
  return { times: out, late, clock };
}

function pieces(length: number, cuts: readonly number[]): [number, number][] {
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (length + 1)), length])].sort((a, b) => a - b);
  return edges.slice(1).map((until, i) => [edges[i]!, until]);
}

test("a record within the bound keeps its time; a later one is counted in at the bound", () => {
  const { times, late } = admitAll([start, start + 10 * minute, start + 5 * minute, start + 4 * minute]);
  assert.deepEqual(times, [start, start + 10 * minute, start + 5 * minute, start + 5 * minute]);
  assert.deepEqual(late, [0, 0, 0, 1]);
});

test("one record with a time far ahead makes nothing late", () => {
  const { late, clock } = admitAll([start, start + 100 * year, start + minute, start + 2 * minute]);
  assert.deepEqual(late, [0, 0, 0, 0]);
  assert.equal(clock.newest, start + 2 * minute);
});

test("after a long silence the clock goes on when a hundred records agree", () => {
  const silent = Array.from({ length: 120 }, (_, i) => start + year + i * minute);
  const { late, clock } = admitAll([start, ...silent]);
  assert.ok(late.every((value) => value === 0));
  assert.equal(clock.newest, silent.at(-1));
});

test("a source without records of the model's table is as far as its other records", () => {
  const clock = new EventClock(5 * minute);
  clock.passOthers(Float64Array.of(start, start + minute, Number.NaN));
  assert.equal(clock.watermark, start - 4 * minute - 1);
});

test("times and lateness do not depend on how the records were cut, with a restart at every cut", () => {
  const record = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.constant(2_000_000));
  fc.assert(
    fc.property(fc.array(record, { maxLength: 300 }), fc.array(fc.nat(), { maxLength: 20 }), (minutes, cuts) => {
      const times = minutes.map((value) => start + value * minute);
      const [whole, cut] = [admitAll(times), admitAll(times, cuts)];
      assert.deepEqual(cut.times, whole.times);
      assert.deepEqual(cut.late, whole.late);
      assert.deepEqual(cut.clock.state, whole.clock.state);
    }),
  );
});
