import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { execute as executeIn, printed, resultText, run as runIn, type StartedKernel, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
});
after(() => started?.stop());

const run = (code: string) => runIn(started.kernel, code);
const execute = (code: string) => executeIn(started.kernel, code);

test("%time and %%time print the time, and the result is shown as without them", async () => {
  const call = await run("%time [1, 2].map((x) => x * 2)");
  assert.match(printed(call), /^wall [\d.]+ (?:µs|ms|s), CPU [\d.]+ (?:ns|µs|ms|s)\n$/);
  assert.equal(resultText(call), "[ 2, 4 ]");
  const declaration = await run("%time const timed = 3\ntimed");
  assert.match(printed(declaration), /^wall /);
  assert.equal(resultText(declaration), "3");
  const cell = await run("%%time\nconst a1 = 1;\na1 + 1");
  assert.match(printed(cell), /^wall /);
  assert.equal(resultText(cell), "2");
});

test("%timeit and %%timeit time many runs, synchronous or not", async () => {
  for (const code of [
    "%timeit -n 5 -r 2 Math.sqrt(2)",
    "%%timeit -n 5 -r 2\nconst x = Math.sqrt(2);\nx + 1",
    "%timeit -n 2 -r 2 await Promise.resolve(1)",
  ]) {
    assert.match(printed(await run(code)), / ± .* a run \(mean ± standard deviation of 2 rounds of \d runs\)\n$/, code);
  }
});

test("a magic's own TypeScript is checked", async () => {
  const { reply } = await execute("%time (5).toFixd(1)");
  assert.match(String(reply.content.evalue), /TS2551/);
});

test("%who lists the variables, %reset forgets them, types too", async () => {
  await run("const shown = [1, 2, 3]; interface Gone { a: 1 }; let kept = 5");
  assert.match(String(resultText(await run("%who"))), /name: 'shown', type: 'Array', value: '\[ 1, 2, 3 \]'/);
  await run("%reset shown");
  assert.match(String((await execute("shown")).reply.content.evalue), /TS2304: Cannot find name 'shown'/);
  assert.equal(resultText(await run("kept")), "5");
  await run("%reset");
  assert.match(String((await execute("kept")).reply.content.evalue), /TS2304/);
  assert.match(String((await execute("let g: Gone")).reply.content.evalue), /TS2304/);
  assert.equal(resultText(await run("const kept = 6; kept")), "6");
});

test("%%writefile writes, -a adds, %load brings a file into the cell", async () => {
  await run("%%writefile note.ts\nexport const note = `a`;\n");
  await run("%%writefile -a note.ts\nexport const more = 2;\n");
  const text = "export const note = `a`;\nexport const more = 2;\n";
  assert.equal(readFileSync(join(started.folder, "note.ts"), "utf8"), text);
  assert.equal(resultText(await run('import { more, note } from "./note"; [note, more]')), "[ 'a', 2 ]");
  const { reply } = await run("%load note.ts");
  assert.deepEqual(reply.content.payload, [{ source: "set_next_input", text: `// %load note.ts\n${text}`, replace: true }]);
  assert.match(String((await execute("%load nothing.ts")).reply.content.evalue), /ENOENT/);
});

test("%env reads and sets, !command sees it, prints while it runs and tells its exit code", async () => {
  await run("%env SOCLAB_TEST_VARIABLE=some text");
  assert.equal(resultText(await run("%env SOCLAB_TEST_VARIABLE")), "'some text'");
  const shell = await run('!echo "$SOCLAB_TEST_VARIABLE"; echo wrong >&2; exit 3');
  assert.equal(printed(shell), "some text\n");
  assert.equal(printed(shell, "stderr"), "wrong\n(the command ended with exit code 3)\n");
  assert.equal(resultText(await run("(await kernel.sh('pwd')).output.trim() === kernel.directory")), "true");
});

test("?name and name? show type and documentation; %magics explains all of them", async () => {
  await run("/** Adds one. */\nfunction increment(x: number): number { return x + 1 }");
  for (const code of ["?increment", "increment?"]) {
    const [page] = Object((await run(code)).reply.content.payload);
    assert.equal(page.source, "page");
    assert.match(page.data["text/plain"], /increment\(x: number\): number[\s\S]*Adds one\./);
  }
  assert.match(printed(await run("?nothingHasThisName")), /nothing is known of nothingHasThisName/);
  assert.match(printed(await run("%magics")), /%timeit[\s\S]*kernel\.timeit/);
});

test("%typecheck off and warn let a cell run, on stops it, also in the cell that says so", async () => {
  assert.equal(resultText(await run("%typecheck off\nconst n1: number = 'text'\nn1")), "'text'");
  await run("const n2: number = 'text'");
  const warned = await run("%typecheck warn\nconst n3: number = 'text'\nn3");
  assert.match(printed(warned, "stderr"), /TS2322/);
  assert.equal(resultText(warned), "'text'");
  const stopped = await execute("%typecheck on\nconsole.log('ran')\nconst n4: number = 'text'");
  assert.match(String(stopped.reply.content.evalue), /TS2322/);
  assert.equal(printed(stopped), "");
  await run("%typecheck on");
  assert.match(String((await execute("%typecheck sometimes")).reply.content.evalue), /TS2345/);
});

test("a magic that there is not is an error that names those there are", async () => {
  for (const [code, magic] of [
    ["%tiem x", "%tiem"],
    ["%%sqll\nSELECT 1", "%%sqll"],
  ] as const) {
    const { evalue } = (await execute(code)).reply.content;
    assert.ok(String(evalue).startsWith(`there is no magic ${magic}. `) && String(evalue).includes("%time"), String(evalue));
  }
});

test("%limit stops a cell that runs too long, and says so", async () => {
  await run("%limit time=0.5");
  const { reply } = await execute("let rounds = 0; while (true) rounds++");
  assert.match(String(reply.content.evalue), /longer than its limit of 0\.5 s/);
  assert.match(String((await execute("await new Promise(() => {})")).reply.content.evalue), /longer than its limit/);
  await run("%limit off");
  assert.equal(resultText(await run("await new Promise((r) => setTimeout(r, 700)); rounds > 0")), "true");
  assert.match(String((await execute("%limit tiem=5")).reply.content.evalue), /does not know 'tiem=5'/);
});

test("a cell that fills the heap is stopped before the process dies, and the variables live", async () => {
  await run("const before = 'still here'; %limit memory=150MB".replace("; ", "\n"));
  const { reply } = await execute("let hoard: number[][] = []; while (true) hoard.push(Array.from({ length: 1000 }, (_, i) => i))");
  assert.match(String(reply.content.evalue), /heap grew to \d+ MiB, its limit is 150 MiB/);
  await run("%limit off\nhoard = []");
  assert.equal(resultText(await run("before")), "'still here'");
});

test("memory is reported", async () => {
  assert.match(String(resultText(await run("%memory"))), /rss: \d+, heapUsed: \d+, heapLimit: \d+/);
  const usage = await started.kernel.request("control", "usage_request");
  assert.ok(Number(usage.content.kernel_memory) > 10_000_000);
});

test("what using binds is disposed of when its name is declared again, on %reset, and at the end", async () => {
  const other = await startKernel();
  const file = join(other.folder, "disposed");
  writeFileSync(file, "");
  try {
    await runIn(other.kernel, 'import { appendFileSync } from "node:fs"');
    const cell = (name: string) =>
      `await using resource = { name: "${name}", async [Symbol.asyncDispose]() { await null; appendFileSync("disposed", "${name} ") } }\nresource.name`;
    assert.equal(resultText(await runIn(other.kernel, cell("first"))), "'first'");
    assert.equal(resultText(await runIn(other.kernel, "resource.name")), "'first'");
    await runIn(other.kernel, cell("second"));
    await runIn(other.kernel, "%reset resource");
    await runIn(other.kernel, cell("third"));
    await other.kernel.shutdown();
    assert.equal(readFileSync(file, "utf8"), "first second third ");
  } finally {
    await other.stop();
  }
  assert.ok(!existsSync(other.folder));
});
