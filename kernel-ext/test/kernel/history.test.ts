import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../../src/protocol/message.ts";
import { execute, run, type StartedKernel, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
  await run(started.kernel, "1 + 1");
  await run(started.kernel, "const table = 'conn'");
  await run(started.kernel, "'silent'", { silent: true });
  await run(started.kernel, "'unstored'", { storeHistory: false });
  await execute(started.kernel, "throw new Error('kept all the same')");
  await run(started.kernel, "1 + 1");
  await started.kernel.shutdown({ restart: true });
  await run(started.kernel, "'of the second session'");
  await run(started.kernel, "const odd = 'ü 😀 [x] * ?'");
});
after(() => started?.stop());

async function history(content: JsonObject): Promise<unknown> {
  const reply = await started.kernel.request("shell", "history_request", { output: false, raw: true, ...content });
  assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
  return reply.content.history;
}

test("the tail holds the last cells of all sessions, oldest first", async () => {
  assert.deepEqual(await history({ hist_access_type: "tail", n: 3 }), [
    [1, 4, "1 + 1"],
    [2, 1, "'of the second session'"],
    [2, 2, "const odd = 'ü 😀 [x] * ?'"],
  ]);
  assert.deepEqual(await history({ hist_access_type: "tail", n: 0 }), []);
});

test("silent and unstored cells are not kept, failed ones are", async () => {
  assert.deepEqual(await history({ hist_access_type: "tail", n: 100 }), [
    [1, 1, "1 + 1"],
    [1, 2, "const table = 'conn'"],
    [1, 3, "throw new Error('kept all the same')"],
    [1, 4, "1 + 1"],
    [2, 1, "'of the second session'"],
    [2, 2, "const odd = 'ü 😀 [x] * ?'"],
  ]);
});

test("a range is of this session, one before it, or one by number, its end not included", async () => {
  assert.deepEqual(await history({ hist_access_type: "range", session: 0, start: 1, stop: 2 }), [[2, 1, "'of the second session'"]]);
  assert.deepEqual(await history({ hist_access_type: "range", session: -1, start: 2, stop: 4 }), [
    [1, 2, "const table = 'conn'"],
    [1, 3, "throw new Error('kept all the same')"],
  ]);
  assert.deepEqual(await history({ hist_access_type: "range", session: 1, start: 4 }), [[1, 4, "1 + 1"]]);
  assert.deepEqual(await history({ hist_access_type: "range", session: 99, start: 0 }), []);
});

test("results come along where they are asked for", async () => {
  assert.deepEqual(await history({ hist_access_type: "range", session: 1, start: 1, stop: 4, output: true }), [
    [1, 1, ["1 + 1", "2"]],
    [1, 2, ["const table = 'conn'", null]],
    [1, 3, ["throw new Error('kept all the same')", null]],
  ]);
});

test("a search finds by a glob over the whole cell, n of them, each text once where asked", async () => {
  const found = (pattern: string, more: JsonObject = {}) => history({ hist_access_type: "search", pattern, ...more });
  assert.deepEqual(await found("*table*"), [[1, 2, "const table = 'conn'"]]);
  assert.deepEqual(await found("1*"), [
    [1, 1, "1 + 1"],
    [1, 4, "1 + 1"],
  ]);
  assert.deepEqual(await found("1*", { unique: true }), [[1, 4, "1 + 1"]]);
  assert.deepEqual(await found("*", { n: 1 }), [[2, 2, "const odd = 'ü 😀 [x] * ?'"]]);
  assert.deepEqual(await found("? + ?", { n: 1 }), [[1, 4, "1 + 1"]]);
  assert.deepEqual(await found("*[[]x]*"), [[2, 2, "const odd = 'ü 😀 [x] * ?'"]]);
  assert.deepEqual(await found("*ü ?*"), [[2, 2, "const odd = 'ü 😀 [x] * ?'"]]);
  assert.deepEqual(await found("TABLE"), []);
  assert.deepEqual(await found("*[!0-9]1"), [
    [1, 1, "1 + 1"],
    [1, 4, "1 + 1"],
  ]);
});

test("hostile patterns and numbers are answered in no time", async () => {
  await run(started.kernel, `"${"a".repeat(20_000)}"`);
  for (const pattern of [
    `${"*a".repeat(2000)}*b`,
    "[".repeat(10_000),
    "*".repeat(100_000),
    "x".repeat(2_000_000),
    "'; DROP TABLE history; --",
    "\0",
    "[!]",
    "[]",
    "\\",
    "[z-a]",
  ]) {
    const begun = performance.now();
    await history({ hist_access_type: "search", pattern });
    assert.ok(performance.now() - begun < 5000, pattern.slice(0, 30));
  }
  for (const n of [-1, 1e308, 1.5, "5", null, [], {}, -0]) assert.ok(Array.isArray(await history({ hist_access_type: "tail", n })));
  for (const session of [1e308, -1e308, "1", null, 0.5])
    assert.ok(Array.isArray(await history({ hist_access_type: "range", session, start: -5, stop: 1e300 })));
  assert.ok(Array.isArray(await history({ hist_access_type: "tail", n: 3 })));
});

test("whatever the fields hold, there is an answer", async () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom("range", "tail", "search"));
  await fc.assert(
    fc.asyncProperty(
      fc.record(
        { hist_access_type: field, n: field, session: field, start: field, stop: field, pattern: field, unique: field, output: field },
        { requiredKeys: [] },
      ),
      async (content) => {
        const { status } = (await started.kernel.request("shell", "history_request", content)).content;
        assert.ok(status === "ok" || status === "error");
      },
    ),
    { numRuns: 100 },
  );
});

test("two kernels write one history, each its own session", async () => {
  const path = join(started.folder, "history.sqlite");
  const other = await startKernel({ SOCLAB_KERNEL_HISTORY: path });
  try {
    await Promise.all(Array.from({ length: 20 }, (_, i) => run(i % 2 === 0 ? other.kernel : started.kernel, `"cell ${i}"`)));
    const reply = await other.kernel.request("shell", "history_request", { hist_access_type: "search", pattern: '"cell *"' });
    assert.equal(Object(reply.content.history).length, 20);
  } finally {
    await other.stop();
  }
});

test("a history that cannot be opened is one of this session alone", async () => {
  const folder = join(started.folder, "a-folder.sqlite");
  mkdirSync(folder);
  const garbage = join(started.folder, "garbage.sqlite");
  writeFileSync(garbage, "this is no database, but long enough to be taken for one".repeat(100));
  for (const path of [folder, garbage, "/dev/null/history.sqlite"]) {
    const other = await startKernel({ SOCLAB_KERNEL_HISTORY: path });
    try {
      await run(other.kernel, "'here'");
      const reply = await other.kernel.request("shell", "history_request", { hist_access_type: "tail", n: 5 });
      assert.deepEqual(reply.content.history, [[1, 1, "'here'"]]);
    } finally {
      await other.stop();
    }
  }
});
