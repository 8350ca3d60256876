import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { LaunchedKernel } from "../../src/client/index.ts";
import { execute, printed, resultText, run, type StartedKernel, startKernel } from "./kernel.ts";

let started: StartedKernel;
let overridden: StartedKernel;
before(async () => {
  [started, overridden] = await Promise.all([startKernel(), startKernel()]);
});
after(() => Promise.all([started?.stop(), overridden?.stop()]));

/** All of what a kernel is for. */
async function isWhole(kernel: LaunchedKernel, code: string): Promise<void> {
  const printing = await execute(kernel, "console.log('out'); console.error('err'); [1, { a: 'b' }]", { timeoutMs: 10_000 });
  assert.equal(printing.reply.content.status, "ok", `${code}: ${JSON.stringify(printing.reply.content.evalue)}`);
  assert.equal(printed(printing), "out\n", code);
  assert.equal(printed(printing, "stderr"), "err\n", code);
  assert.equal(resultText(printing), "[ 1, { a: 'b' } ]", code);
  const failing = await execute(kernel, "throw new RangeError('seen')", { stopOnError: false, timeoutMs: 10_000 });
  assert.deepEqual([failing.reply.content.ename, failing.reply.content.evalue], ["RangeError", "seen"], code);
  const awaiting = await execute(kernel, "await new Promise((resolve) => setTimeout(resolve, 1)); display('shown'); new Map([[1, 2]])", {
    timeoutMs: 10_000,
  });
  assert.equal(resultText(awaiting), "Map(1) { 1 => 2 }", code);
  const expressions = await execute(kernel, "", { userExpressions: { two: "1 + 1" }, timeoutMs: 10_000 });
  assert.equal(Object(expressions.reply.content.user_expressions).two.data["text/plain"], "2", code);
}

test("a session whose cells declare names of globals goes on, and the packages that they use keep the real ones", async () => {
  const own = await startKernel();
  writeFileSync(
    join(own.folder, "waits.ts"),
    "export const wait = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve(typeof process.pid), ms));",
  );
  const { kernel } = own;
  const next = (code: string) => execute(kernel, `// @ts-nocheck\n${code}`, { stopOnError: false, timeoutMs: 10_000 });
  try {
    for (const code of [
      "import { setTimeout } from 'node:timers/promises'; await setTimeout(1)",
      "let process = 1",
      "const performance = 'mine'",
      "class Buffer {}",
      "function structuredClone() { throw new Error('mine') }",
      "let JSON = 1, Map = 2, Set = 3, Error = 4, Promise = 5, Object = 6, Array = 7, Symbol = 8, String = 9, Number = 10, Reflect = 11, Atomics = 12",
      "let globalThis = null, console = null",
    ]) {
      const { reply } = await next(code);
      assert.equal(reply.content.status, "ok", `${code}: ${String(reply.content.evalue)}`);
      assert.equal(resultText(await next("1 + 1")), "2");
      assert.equal((await next("null.x")).reply.content.ename, "TypeError");
      assert.equal((await kernel.interrupt())?.content.status, "ok");
      assert.equal(resultText(await next("[2]")), "[ 2 ]");
    }
    assert.equal(
      resultText(await next("[process, performance, typeof setTimeout, Array, globalThis]")),
      "[ 1, 'mine', 'function', 7, null ]",
    );
    assert.equal(resultText(await next("process = 'changed'; process")), "'changed'");
    assert.equal(resultText(await next("process")), "'changed'");
    assert.equal(resultText(await next("import { wait } from './waits.ts'; await wait(1)")), "'number'");
    assert.match(JSON.stringify((await next("%who")).outputs), /process/);
    await next("%reset");
    assert.equal(resultText(await next("typeof process.pid")), "'number'");
    await isWhole(kernel, "after a reset");
  } finally {
    await own.stop();
  }
});

for (const [code, restore] of [
  ["const own = process.stdout.write; process.stdout.write = () => true", "process.stdout.write = own"],
  ["const own = globalThis.Promise; globalThis.Promise = null", "globalThis.Promise = own"],
  ["const own = globalThis.JSON; globalThis.JSON = null", "globalThis.JSON = own"],
  ["const own = globalThis.Error; globalThis.Error = class {}", "globalThis.Error = own"],
  ["const own = Array.prototype.map; Array.prototype.map = () => { throw new Error('map') }", "Array.prototype.map = own"],
  ["const own = Array.prototype.join; Array.prototype.join = () => 'joined'", "Array.prototype.join = own"],
  ["const own = globalThis.process; globalThis.process = undefined", "globalThis.process = own"],
  ["const own = globalThis.setTimeout; globalThis.setTimeout = () => { throw new Error('timer') }", "globalThis.setTimeout = own"],
  ["const own = Error.prepareStackTrace; Error.prepareStackTrace = () => { throw new Error('stack') }", "Error.prepareStackTrace = own"],
  ["const own = 10; Error.stackTraceLimit = 0", "Error.stackTraceLimit = own"],
  [
    "const own = Object.prototype.toString; Object.prototype.extra = 'inherited'; Object.prototype.then = undefined",
    "delete Object.prototype.extra; delete Object.prototype.then",
  ],
  ["const own = process.emit; process.emit = () => { throw new Error('emit') }", "process.emit = own"],
  ["const own = 1; process.removeAllListeners()", "1"],
  ["const own = 1; Object.defineProperty(globalThis, '__kernel__', { value: null })", "1"],
  ["const own = 1; delete globalThis.__kernel__", "1"],
  ["const own = 1; process.chdir('/')", "1"],
] as const) {
  test(`a session that overrides what the kernel could use goes on: ${code.slice(13, 70)}`, async () => {
    const own = overridden;
    await execute(own.kernel, `// @ts-nocheck\n${code}`, { stopOnError: false, timeoutMs: 10_000 });
    assert.equal(resultText(await execute(own.kernel, "// @ts-nocheck\n1 + 1", { timeoutMs: 10_000 })), "2");
    const failed = await execute(own.kernel, "// @ts-nocheck\nnull.x", { stopOnError: false, timeoutMs: 10_000 });
    assert.equal(failed.reply.content.status, "error");
    await execute(own.kernel, `// @ts-nocheck\n${restore}`, { stopOnError: false, timeoutMs: 10_000 });
    await isWhole(own.kernel, code);
  });
}

test("console taken apart by a cell is only that cell's loss", async () => {
  const own = await startKernel();
  try {
    await run(own.kernel, "console.log = () => {}; console.log('lost'); process.stdout.write('kept\\n')");
    assert.equal(resultText(await execute(own.kernel, "'next'")), "'next'");
  } finally {
    await own.stop();
  }
});

test("values that do harm when they are shown do not", async () => {
  for (const code of [
    "new Proxy({}, { get() { throw new Error('trap') }, ownKeys() { throw new Error('trap') }, getPrototypeOf() { throw new Error('trap') } })",
    "new Proxy(function () {}, { apply() { throw new Error('trap') } })",
    "({ get x() { throw new Error('getter') } })",
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('inspect') } })",
    "({ [Symbol.for('Jupyter.display')]() { throw new Error('display') } })",
    "({ [Symbol.for('Jupyter.display')]: () => new Promise((_, no) => no(new Error('late'))) })",
    "({ then: 5 })",
    "const cycle: { self?: unknown } = {}; cycle.self = cycle; cycle",
    "Array.from({ length: 1e6 }, (_, i) => i)",
    "'x'.repeat(5e7)",
    "let deep: unknown = 1; for (let i = 0; i < 1e5; i++) deep = [deep]; deep",
    "new Array(4e9)",
    "Object.create(null)",
    "new Uint8Array(1e8)",
    "globalThis",
    "process",
    "new WeakMap()",
    "(function* () { yield 1 })()",
    "Symbol('s')",
    "-0",
    "10n ** 500n",
    "new Date(NaN)",
    "import.meta",
    "await import('node:fs')",
  ]) {
    const { reply } = await execute(started.kernel, code, { stopOnError: false, timeoutMs: 30_000 });
    assert.ok(["ok", "error"].includes(String(reply.content.status)), code);
    assert.ok(JSON.stringify(reply.content).length < 2_000_000, code);
  }
  await isWhole(started.kernel, "values");
});

test("cells of odd form: empty, comments, no newline, CRLF, BOM, deep nesting, a megabyte, unpaired surrogates, NUL", async () => {
  for (const code of [
    "",
    "\n\n",
    ";",
    "// only",
    "/* open",
    "`",
    "'",
    "}",
    ")(",
    "#!/usr/bin/env node\n1",
    "\ufeff1 + 1",
    "const crlf = 1\r\ncrlf",
    "'\ud800'",
    "'a\0b'",
    `${"(".repeat(2000)}1${")".repeat(2000)}`,
    `${"[".repeat(20_000)}`,
    `const mb = "${"x".repeat(1e6)}"`,
    `${"1;\n".repeat(20_000)}`,
    "return 5",
    "await",
    "import x from",
    "export default 1",
    "export {}",
    "with (Math) { PI }",
    "let let = 1",
    "\u2028\u2029",
    "%no_such_magic",
    "!exit 3",
    "?",
    "%%writefile",
    "%",
  ]) {
    const { reply } = await execute(started.kernel, code, { stopOnError: false, timeoutMs: 30_000 });
    assert.ok(["ok", "error"].includes(String(reply.content.status)), JSON.stringify(code.slice(0, 50)));
  }
  await isWhole(started.kernel, "odd cells");
});

test("a stack that overflows and an array that is too long are errors", async () => {
  for (const [code, ename] of [
    ["function over(): number { return 1 + over(); }\nover()", "RangeError"],
    ["new Array(-1)", "RangeError"],
    ["'x'.repeat(2 ** 30)", "RangeError"],
    ["new Proxy({}, { get: (t, k, r) => Reflect.get(r, k) }).a", "RangeError"],
  ] as const) {
    assert.equal((await execute(started.kernel, `// @ts-nocheck\n${code}`, { stopOnError: false })).reply.content.ename, ename, code);
  }
  await isWhole(started.kernel, "overflow");
});

test("a cell cannot close the descriptors that the kernel works with and hang it", async () => {
  const own = await startKernel();
  try {
    await execute(own.kernel, "import { closeSync } from 'node:fs'; closeSync(1); closeSync(2)", { stopOnError: false });
    assert.equal(printed(await run(own.kernel, "console.log('by the ring')")), "by the ring\n");
  } finally {
    await own.stop();
  }
});

test("a worker thread of a cell prints into it, and its end does not end the kernel", async () => {
  const result = await run(
    started.kernel,
    "import { Worker } from 'node:worker_threads'; import { once } from 'node:events';\nconst worker = new Worker('console.log(\"from the worker\"); process.exit(3)', { eval: true });\nconst [code] = await once(worker, 'exit'); code",
  );
  assert.equal(resultText(result), "3");
  await isWhole(started.kernel, "worker");
});
