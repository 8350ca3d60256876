import assert from "node:assert/strict";
import { test } from "node:test";
import { progressLine } from "../../src/cli/terminal.ts";
import { textTable } from "../../src/cli/text-table.ts";

test("progress shows share, amount, rate and the time left", () => {
  const line = progressLine({ step: "ingest conn.log", done: 250_000, total: 1_000_000, unit: "bytes" }, 2);
  assert.match(line, /^ingest conn\.log {2}━{6}─{18} 25 % {2}250,000 bytes {2}125,000\/s {2}0:06 left$/);
});

test("progress of a stream without an end shows amount and rate", () => {
  assert.equal(progressLine({ step: "score", done: 1_000, unit: "events" }, 0.5), "score  1,000 events  2,000/s");
});

test("a table is aligned, and control characters of the data cannot reach the terminal", () => {
  assert.deepEqual(
    textTable(
      ["name", "n"],
      [
        ["a\u001b[31mr\u202eed\n", 5],
        [null, 12],
      ],
    ),
    ["name          n", "───────────  ──", "a·[31mr·ed·   5", "             12"],
  );
});
