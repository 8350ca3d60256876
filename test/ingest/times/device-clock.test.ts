import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceClock } from "../../../src/ingest/times/device-clock.ts";

const at = (clock: DeviceClock, month: number, day: number, hour: number, minute = 0) =>
  new Date(clock.micros(0, month, day, hour * 3600 + minute * 60, 0) / 1000).toISOString();

test("a time without a year is of the latest year that is not after the reference time, a day's error of a clock allowed", () => {
  const clock = new DeviceClock({ referenceTime: Date.UTC(2017, 0, 2) });
  assert.equal(at(clock, 12, 31, 23), "2016-12-31T23:00:00.000Z");
  assert.equal(at(clock, 1, 1, 0), "2017-01-01T00:00:00.000Z");
  assert.equal(at(clock, 1, 2, 23), "2017-01-02T23:00:00.000Z");
  assert.equal(at(clock, 1, 3, 1), "2016-01-03T01:00:00.000Z");
  assert.equal(at(clock, 2, 29, 1), "2016-02-29T01:00:00.000Z");
  assert.ok(Number.isNaN(clock.micros(0, 2, 30, 0, 0)));
});

test("a clock without a reference time goes with the day, so that a source can be followed into a new year", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 11, 30, 12) });
  const clock = new DeviceClock();
  assert.equal(at(clock, 12, 30, 12), "2026-12-30T12:00:00.000Z");
  context.mock.timers.setTime(Date.UTC(2027, 0, 3, 12));
  assert.equal(at(clock, 1, 3, 12), "2027-01-03T12:00:00.000Z");
  assert.equal(at(clock, 12, 31, 23), "2026-12-31T23:00:00.000Z");
});

test("local times follow the zone's rules: summer, winter, the hour that is twice there and the one that is not", () => {
  const clock = new DeviceClock({ zone: "Europe/Berlin", referenceTime: Date.UTC(2026, 11, 1) });
  assert.equal(at(clock, 1, 15, 12), "2026-01-15T11:00:00.000Z");
  assert.equal(at(clock, 7, 15, 12), "2026-07-15T10:00:00.000Z");
  assert.equal(at(clock, 10, 25, 1, 59), "2026-10-24T23:59:00.000Z");
  assert.ok(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"].includes(at(clock, 10, 25, 2, 30)));
  assert.equal(at(clock, 10, 25, 3, 0), "2026-10-25T02:00:00.000Z");
  assert.equal(at(clock, 3, 29, 1, 59), "2026-03-29T00:59:00.000Z");
  assert.ok(["2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"].includes(at(clock, 3, 29, 2, 30)));
  assert.equal(at(clock, 3, 29, 3, 0), "2026-03-29T01:00:00.000Z");
  assert.throws(() => new DeviceClock({ zone: "Europa/Berlin" }), { code: "SOCLAB_INVALID_VALUE" });
});
