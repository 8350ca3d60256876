import assert from "node:assert/strict";
import { test } from "node:test";
import { progress } from "../../src/index.ts";
import { recorded } from "./recorder.ts";

/** A clock that only the test moves. */
function clock() {
  let time = 0;
  return {
    now: () => time,
    pass(ms: number) {
      time += ms;
    },
  };
}

test("a loop's progress is one output, changed in place, with rate, time left and end", async () => {
  const { now, pass } = clock();
  const recorder = await recorded(() => {
    for (const _ of progress(["a", "b", "c", "d"], { label: "read", now })) pass(500);
  });
  assert.deepEqual(recorder.texts(), [
    "read: ░░░░░░░░░░░░░░░░░░░░ 0 %, 0 of 4",
    "read: █████░░░░░░░░░░░░░░░ 25 %, 1 of 4, 2.0/s, 1.5 s left",
    "read: ██████████░░░░░░░░░░ 50 %, 2 of 4, 2.0/s, 1.0 s left",
    "read: ███████████████░░░░░ 75 %, 3 of 4, 2.0/s, 0.5 s left",
    "read: ████████████████████ 100 %, 4 of 4, 2.0/s",
    "read: ████████████████████ 100 %, 4 of 4, 2.0/s, done after 2.0 s",
  ]);
  assert.deepEqual(
    recorder.shown.map((one) => one.kind),
    ["display", "update", "update", "update", "update", "update"],
  );
  assert.match(String(recorder.shown[2]?.bundle?.["text/html"]), /<progress aria-label="read" value="2" max="4">50 %, 2 of 4/);
});

test("it changes at most ten times a second", async () => {
  const { now, pass } = clock();
  const { shown } = await recorded(() => {
    for (const _ of progress(Array.from({ length: 10_000 }), { now })) pass(0.1);
  });
  assert.ok(shown.length >= 10 && shown.length <= 13, `${shown.length} outputs in a second`);
});

test("a loop that is left says where it stopped, one whose values fail says so", async () => {
  const left = await recorded(() => {
    for (const n of progress([1, 2, 3])) if (n === 2) break;
  });
  assert.match(left.texts().at(-1) ?? "", /1 of 3.*stopped after/);
  const thrown = await recorded(() => {
    assert.throws(() => {
      for (const _ of progress(new Set([1, 2]))) throw new Error("body");
    }, /body/);
  });
  assert.match(thrown.texts().at(-1) ?? "", /0 of 2.*stopped after/);
  function* broken() {
    yield 1;
    throw new Error("source");
  }
  const failed = await recorded(() => assert.throws(() => [...progress(broken())], /source/));
  assert.match(failed.texts().at(-1) ?? "", /^1, .*failed after/);
});

test("asynchronous values count as well, and end their source when they are left", async () => {
  let isClosed = false;
  async function* source() {
    try {
      yield* [1, 2, 3];
    } finally {
      isClosed = true;
    }
  }
  const taken: number[] = [];
  const recorder = await recorded(async () => {
    for await (const n of progress(source(), { total: 3 })) {
      taken.push(n);
      if (n === 2) break;
    }
  });
  assert.deepEqual(taken, [1, 2]);
  assert.ok(isClosed);
  assert.match(recorder.texts().at(-1) ?? "", /1 of 3.*stopped/);
});

test("a bar can be moved by hand; its last state is shown though nobody moves it on", async () => {
  const { now, pass } = clock();
  const recorder = await recorded(async ({ shown }) => {
    const bar = progress(10, { label: "a", now });
    bar.set(3);
    bar.label = "b";
    assert.equal(shown.length, 1);
    pass(60);
    while (shown.length === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    bar[Symbol.dispose]();
    bar.end("failed");
    bar.advance();
  });
  assert.match(recorder.texts()[1] ?? "", /^b: ██████░+ 30 %, 3 of 10/);
  assert.equal(recorder.shown.length, 3);
  assert.match(recorder.texts()[2] ?? "", /stopped/);
});

test("a count without end has a bar without a value", async () => {
  const { shown } = await recorded(() => progress().end());
  assert.match(String(shown[0]?.bundle?.["text/html"]), /<progress aria-label="progress">0<\/progress>/);
});
