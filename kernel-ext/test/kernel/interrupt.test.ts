import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { ExecuteOptions, ExecutionResult } from "../../src/client/index.ts";
import { execute as executeIn, printed, resultText, run, type StartedKernel, start, startKernel } from "./kernel.ts";

const posix = { skip: process.platform === "win32" && "POSIX signals" };
let started: StartedKernel;
before(async () => {
  started = await startKernel();
  await run(started.kernel, "let kept = 0");
});
after(() => started?.stop());

const execute = (code: string, options?: ExecuteOptions): Promise<ExecutionResult> => executeIn(started.kernel, code, options);

/** Runs a cell that prints when it is where it would stay, interrupts it, and sees that the next one runs. @returns milliseconds until the reply */
async function stops(code: string, options?: ExecuteOptions): Promise<number> {
  const { started: begun, ended } = start(started.kernel, code, { stopOnError: false, ...options });
  await begun;
  const sentMs = performance.now();
  const interrupted = started.kernel.interrupt();
  const { reply } = await ended;
  const tookMs = performance.now() - sentMs;
  assert.deepEqual([reply.content.status, reply.content.ename], ["error", "Interrupted"], code);
  assert.equal((await interrupted)?.content.status, "ok");
  assert.ok(tookMs < 5000, `${code} took ${tookMs} ms to stop`);
  return tookMs;
}

const say = "console.log('here');";

for (const [name, code] of [
  ["a loop", `${say} while (true) {}`],
  ["a pending await", `${say} await new Promise(() => {})`],
  ["a loop of microtasks", `${say} while (true) await null`],
  [
    "microtasks that follow each other",
    `${say} const follow = (): void => { void Promise.resolve().then(follow); }; follow(); await new Promise(() => {})`,
  ],
  ["ticks that follow each other", `${say} const tick = (): void => process.nextTick(tick); tick(); await new Promise(() => {})`],
  ["a timer that spins", `setTimeout(() => { ${say} while (true) {} }, 1); await new Promise(() => {})`],
  ["a promise callback that spins", `${say} await Promise.resolve().then(() => { while (true) {} })`],
  ["a synchronous sleep", `${say} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100_000)`],
  ["a catch-all in a loop", `${say} while (true) { try { while (true) {} } catch {} finally { continue; } }`],
  ["a regular expression without end", `${say} /^(a+)+$/.test('a'.repeat(60) + 'b')`],
  ["deep recursion in a loop", `${say} function deep(): void { try { deep(); } catch {} } while (true) deep()`],
  ["a generator", `${say} function* g() { while (true) yield 1; } for (const _ of g());`],
] as const) {
  test(`${name} is stopped, and the kernel goes on`, async (t: TestContext) => {
    t.diagnostic(`stopped after ${(await stops(code)).toFixed(1)} ms`);
    assert.equal(resultText(await execute("++kept > 0")), "true");
  });
}

test("a promise that a cell awaits and a child process that it waits for are stopped", posix, async (t) => {
  const tookMs = await stops(`import { execSync } from 'node:child_process'; ${say} execSync('sleep 100')`);
  t.diagnostic(`execSync: ${tookMs.toFixed(1)} ms`);
  const next = performance.now();
  assert.equal(resultText(await execute("'next'")), "'next'");
  assert.ok(performance.now() - next < 10_000);
  t.diagnostic(`!sleep: ${(await stops(`${say}\n!sleep 100`)).toFixed(1)} ms`);
});

test("busy native code is answered for, and the kernel is usable when it returns", async (t) => {
  const tookMs = await stops(`import { pbkdf2Sync } from 'node:crypto'; ${say} pbkdf2Sync('a', 'b', 3_000_000, 64, 'sha512').length`);
  t.diagnostic(`replied after ${tookMs.toFixed(1)} ms`);
  assert.equal(resultText(await execute("'next'")), "'next'");
});

test("what a stopped cell would have printed later is not printed by the next", async () => {
  await stops(`${say} await new Promise(() => {}); console.log('never')`);
  assert.equal(printed(await execute("await new Promise((resolve) => setTimeout(resolve, 20)); console.log('mine')")), "mine\n");
});

test("an interrupt aborts the cells that wait behind", async () => {
  const { started: begun, ended } = start(started.kernel, `${say} while (true) {}`);
  const waiting = Array.from({ length: 5 }, () => execute("1"));
  await begun;
  await started.kernel.interrupt();
  assert.equal((await ended).reply.content.ename, "Interrupted");
  assert.deepEqual([...new Set((await Promise.all(waiting)).map(({ reply }) => reply.content.status))], ["aborted"]);
  assert.equal((await execute("1")).reply.content.status, "ok");
});

test("an interrupt while no cell runs does nothing, and does not stop the next", async () => {
  for (let i = 0; i < 10; i++) {
    assert.equal((await started.kernel.interrupt())?.content.status, "ok");
    assert.equal(resultText(await execute(`${i}`)), `${i}`);
  }
});

test("interrupts that come in a heap while short cells run lose no reply", async () => {
  const statuses = new Set<unknown>();
  for (let i = 0; i < 20; i++) {
    const cells = Array.from({ length: 5 }, (_, j) =>
      execute(`let z = 0; for (let i = 0; i < ${j} * 1e6; i++) z += i; z`, { stopOnError: false }),
    );
    const interrupts = Array.from({ length: 5 }, () => started.kernel.interrupt());
    for (const { reply } of await Promise.all(cells)) statuses.add(reply.content.status);
    await Promise.all(interrupts);
  }
  for (const status of statuses) assert.ok(status === "ok" || status === "error", String(status));
  assert.equal(resultText(await execute("'alive'")), "'alive'");
});

test("fifty loops in a row are stopped, and the variables are kept", async (t) => {
  await run(started.kernel, "let many = 0");
  const took: number[] = [];
  for (let i = 0; i < 50; i++) took.push(await stops(`many++; ${say} while (true) {}`));
  assert.equal(resultText(await execute("many")), "50");
  took.sort((a, b) => a - b);
  t.diagnostic(`p50 ${took[25]?.toFixed(1)} ms, most ${took.at(-1)?.toFixed(1)} ms`);
});

test("an interrupt right behind the request stops the cell, wherever it is", async () => {
  for (let i = 0; i < 20; i++) {
    const ended = execute(`const big${i} = 1; while (true) {}`, { stopOnError: false });
    // It is on another socket, and may overtake the cell: then it is said again.
    const again = setInterval(() => void started.kernel.interrupt().catch(() => {}), 200);
    try {
      await started.kernel.interrupt();
      assert.equal((await ended).reply.content.ename, "Interrupted");
    } finally {
      clearInterval(again);
    }
  }
});

test("a running timer of a cell that has ended is stopped, and the cell after it runs", async () => {
  await execute("setTimeout(() => { console.log('spins'); while (true) {} }, 1); undefined");
  await started.kernel.request("control", "kernel_info_request");
  const next = execute("'after'", { stopOnError: false });
  const again = setInterval(() => void started.kernel.interrupt().catch(() => {}), 100);
  await next.finally(() => clearInterval(again));
  assert.equal(resultText(await execute("'usable'")), "'usable'");
});

test("the cell's signal is aborted, so that what it started can end", async () => {
  await stops(
    `let heardAbort = false; kernel.signal.addEventListener('abort', () => { heardAbort = true; }); ${say} await new Promise(() => {})`,
  );
  assert.equal(resultText(await execute("heardAbort")), "true");
});
