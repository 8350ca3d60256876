import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ExecuteOptions, ExecutionResult } from "../../src/client/index.ts";
import {
  execute as executeIn,
  heard,
  printed,
  prints,
  resultText,
  run,
  type StartedKernel,
  start,
  startKernel,
  typesOf,
} from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
});
after(() => started?.stop());

const execute = (code: string, options?: ExecuteOptions): Promise<ExecutionResult> => executeIn(started.kernel, code, options);

test("100,000 lines arrive complete, in order, in few messages and before idle", async () => {
  const begun = performance.now();
  const result = await execute("for (let i = 0; i < 100_000; i++) console.log(i)", { timeoutMs: 60_000 });
  const tookMs = Math.round(performance.now() - begun);
  assert.equal(printed(result), Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(""));
  const streams = typesOf(result).filter((type) => type === "stream").length;
  assert.ok(streams < 1000, `${streams} messages`);
  assert.equal(typesOf(result).at(-1), "idle");
  console.log(`# 100,000 lines: ${tookMs} ms, ${streams} messages`);
});

test("stdout and stderr keep their order, and each its name", async () => {
  const { outputs } = await execute("for (let i = 0; i < 50; i++) { console.log('o' + i); console.error('e' + i); }");
  const seen = outputs.map((output) => (output.output_type === "stream" ? `${output.name}:${output.text.trim()}` : output.output_type));
  assert.deepEqual(seen, Array.from({ length: 50 }, (_, i) => [`stdout:o${i}`, `stderr:e${i}`]).flat());
});

test("displays and text keep their order", async () => {
  const { outputs } = await execute("for (let i = 0; i < 20; i++) { console.log('t' + i); display(i); }\n'end'");
  const seen = outputs.map((output) =>
    output.output_type === "stream" ? output.text.trim() : "data" in output ? output.data["text/plain"] : "",
  );
  assert.deepEqual(seen, [...Array.from({ length: 20 }, (_, i) => [`t${i}`, `${i}`]).flat(), "'end'"]);
});

test("console's own ways of printing: formats, groups, tables, counts, traces, bytes of process.stdout", async () => {
  const text = printed(
    await execute(
      "console.log('%s is %d', 'x', 5);\nconsole.group('g');\nconsole.info('in');\nconsole.groupEnd();\nconsole.table([{ a: 1 }]);\nconsole.count();\nconsole.dir({ deep: 1 });\nprocess.stdout.write('w1');\nprocess.stdout.write(Buffer.from('é\\n'));",
    ),
  );
  assert.match(text, /^x is 5\ng\n {2}in\n/);
  assert.match(text, /\(index\).*a/s);
  assert.match(text, /default: 1\n\{ deep: 1 \}\nw1é\n$/);
});

test("one text of 50 MB arrives whole", async () => {
  const result = await execute("process.stdout.write('0123456789'.repeat(5e6))", { timeoutMs: 60_000 });
  assert.equal(result.reply.content.status, "ok");
  const text = printed(result);
  assert.equal(text.length, 5e7);
  assert.ok(text === "0123456789".repeat(5e6));
});

test("odd characters: NUL, unpaired surrogates, astral planes at a cut, every control code", async () => {
  assert.equal(printed(await execute("console.log('a\\0b')")), "a\0b\n");
  assert.equal(printed(await execute("console.log('x\\ud800y')")), "x\ufffdy\n");
  assert.equal(resultText(await execute("'\\udc00'")), "'\\udc00'");
  assert.equal(
    printed(await execute("console.log(String.fromCharCode(...Array(32).keys()))")),
    `${String.fromCharCode(...Array(32).keys())}\n`,
  );
  for (const at of [0, 1, 2, 3]) {
    const text = printed(await execute(`process.stdout.write('.'.repeat(${at}) + '😀'.repeat(400_000))`));
    assert.ok(text === ".".repeat(at) + "😀".repeat(400_000), `shifted by ${at}`);
  }
  const bytes = printed(await execute("process.stdout.write(Buffer.from([0xff, 0x41]))"));
  assert.match(bytes, /^\ufffdA$/);
});

test("a character whose bytes are written one at a time is one character", async () => {
  assert.equal(printed(await execute("for (const byte of Buffer.from('é😀\\n')) process.stdout.write(Buffer.from([byte]))")), "é😀\n");
});

test("what child processes and fs.writeSync print belongs to the cell", {
  skip: process.platform === "win32" && "named pipes",
}, async () => {
  const result = await execute(
    "import { execSync } from 'node:child_process';\nimport { writeSync } from 'node:fs';\nconsole.log('before');\nexecSync('echo child; echo oops >&2', { stdio: 'inherit' });\nwriteSync(1, 'direct\\n');",
  );
  const text = printed(result);
  assert.deepEqual(text.trim().split("\n").sort(), ["before", "child", "direct"]);
  assert.equal(printed(result, "stderr"), "oops\n");
});

test("a child's 5 MB arrive whole before idle", { skip: process.platform === "win32" && "named pipes" }, async () => {
  const result = await execute(
    "import { spawnSync } from 'node:child_process';\nspawnSync(process.execPath, ['-e', 'process.stdout.write(\"abcdefghi\\\\n\".repeat(5e5))'], { stdio: 'inherit' }).status",
    { timeoutMs: 60_000 },
  );
  assert.equal(resultText(result), "0");
  assert.equal(printed(result).length, 5e6);
});

test("output of a cell that spins is seen while it spins", async () => {
  const { started: begun, ended } = start(started.kernel, "console.log('spinning'); while (true) {}");
  await begun;
  await started.kernel.interrupt();
  assert.equal(printed(await ended), "spinning\n");
});

test("a cell that prints without end is stopped, and what follows is its own", async () => {
  const { started: begun, ended } = start(started.kernel, "while (true) console.log('x'.repeat(1000))", { stopOnError: false });
  await begun;
  await started.kernel.interrupt();
  assert.equal((await ended).reply.content.status, "error");
  assert.equal(printed(await run(started.kernel, "console.log('mine')")), "mine\n");
});

test("late output of timers and promises belongs to the cell that started them", async () => {
  const late = heard(started.kernel, ({ header, content }) => header.msg_type === "stream" && String(content.text).includes("late-timer"));
  const lateDisplay = heard(started.kernel, ({ header }) => header.msg_type === "display_data");
  const first = await run(
    started.kernel,
    "let open = () => {}; const opened = new Promise<void>((resolve) => { open = resolve; });\nopened.then(() => { setTimeout(() => { console.log('late-timer'); display('late-display'); }, 1); });\n'first'",
  );
  const second = await run(started.kernel, "open(); await new Promise((resolve) => setTimeout(resolve, 30)); console.log('own')");
  assert.equal((await late).parentHeader.msg_id, first.reply.parentHeader.msg_id);
  assert.equal((await lateDisplay).parentHeader.msg_id, first.reply.parentHeader.msg_id);
  assert.equal(printed(second), "own\n");
});

test("an error of a timer or a promise that nobody caught is shown under its cell, and the next cell lives", async () => {
  for (const code of [
    "setTimeout(() => { throw new Error('stray-1'); }, 1)",
    "void Promise.reject(new Error('stray-2'))",
    "process.nextTick(() => { throw new Error('stray-3'); })",
    "queueMicrotask(() => { throw new Error('stray-4'); })",
    "setImmediate(async () => { await null; throw new Error('stray-5'); })",
    "import { EventEmitter } from 'node:events'; setTimeout(() => new EventEmitter().emit('error', new Error('stray-6')), 1)",
  ]) {
    const shown = prints(started.kernel, "stray-");
    const { reply } = await execute(`${code};\nundefined`);
    assert.equal(reply.content.status, "ok", code);
    const message = await shown;
    assert.equal(message.parentHeader.msg_id, reply.parentHeader.msg_id, code);
    assert.equal(message.content.name, "stderr");
    assert.equal(resultText(await execute("'alive'")), "'alive'");
  }
});

test("clear_output asks the front end, at once or with the next output", async () => {
  const now = await run(started.kernel, "import { clearOutput } from 'soclab-kernel'; console.log(1); clearOutput(); console.log(2)");
  assert.equal(printed(now), "2\n");
  assert.deepEqual(now.messages.find(({ header }) => header.msg_type === "clear_output")?.content, { wait: false });
  const waiting = await run(started.kernel, "import { clearOutput } from 'soclab-kernel'; console.log(1); clearOutput({ wait: true })");
  assert.equal(printed(waiting), "1\n");
  assert.deepEqual(waiting.messages.find(({ header }) => header.msg_type === "clear_output")?.content, { wait: true });
});

test("a display is updated by its id, from its own cell and from another", async () => {
  const first = await run(started.kernel, "const shown = display('one', { displayId: 'd1' }); shown.update('two')");
  const displayed = first.messages.find(({ header }) => header.msg_type === "display_data");
  assert.deepEqual(displayed?.content.transient, { display_id: "d1" });
  assert.equal(Object(first.outputs[0]).data["text/plain"], "'two'");
  const second = await run(started.kernel, "shown.update('three')");
  const update = second.messages.find(({ header }) => header.msg_type === "update_display_data");
  assert.deepEqual([Object(update?.content.transient).display_id, Object(update?.content.data)["text/plain"]], ["d1", "'three'"]);
  assert.equal(update?.parentHeader.msg_id, second.reply.parentHeader.msg_id);
});
