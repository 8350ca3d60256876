import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { attachedDebuggee, debuggee } from "./debug-client.ts";

test("a breakpoint of a cell that has not run stops it there, with its variables", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "const a: number = 1;\nlet b = a + 1;\nb += 40;\nb";
  assert.deepEqual(await client.breakpoints(source, 3), [3]);
  const done = client.run(source);
  const { reason, at, frames } = await client.stopped();
  assert.equal(reason, "breakpoint");
  assert.deepEqual(at, ["cell-1:3"]);
  const { sourcePath } = await client.request<{ sourcePath: string }>("dumpCell", { code: source });
  assert.equal(frames[0]?.source.path, sourcePath);
  const { Globals = [] } = await client.scopes();
  assert.deepEqual(
    Globals.map(({ name, value, type }) => [name, value, type]),
    [
      ["a", "1", "number"],
      ["b", "2", "number"],
    ],
  );
  await client.continue();
  assert.equal(await done, "42");
});

test("a breakpoint where nothing can stop moves to the next line that can, and says so", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "// a comment\n\ninterface Host {\n  name: string;\n}\nconst host: Host = { name: 'a' };\nhost";
  assert.deepEqual(await client.breakpoints(source, 1), [1]);
  const done = client.run(source);
  const { breakpoint } = (await client.next("breakpoint")) as { breakpoint: { line: number; verified: boolean } };
  assert.deepEqual([breakpoint.line, breakpoint.verified], [6, true]);
  assert.deepEqual((await client.stopped()).at, ["cell-1:6"]);
  await client.continue();
  await done;
  assert.deepEqual(await client.breakpoints(source, 3), [6], "the script is known now");
});

test("a breakpoint on a function's first line stops in the function", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "let calls = 0;\nfunction add(a: number, b: number): number {\n  calls++;\n  return a + b;\n}\nadd(20, 22)";
  await client.breakpoints(source, 2);
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["add:3", "cell-1:6"]);
  const { Locals = [] } = await client.scopes();
  assert.deepEqual(
    Locals.map(({ name, value }) => `${name}=${value}`),
    ["a=20", "b=22"],
  );
  await client.continue();
  assert.equal(await done, "42");
});

test("a breakpoint of an earlier cell stops when a later cell calls its function", async (context) => {
  const client = await attachedDebuggee(context);
  const library = "function twice(x: number) {\n  const y = x * 2;\n  return y;\n}";
  await client.run(library);
  assert.deepEqual(await client.breakpoints(library, 3), [3]);
  const done = client.run("\n\ntwice(21)");
  const { at, frames } = await client.stopped();
  assert.deepEqual(at, ["twice:3", "cell-2:3"]);
  assert.notEqual(frames[0]?.source.path, frames[1]?.source.path);
  await client.continue();
  assert.equal(await done, "42");
});

test("a cell that ran before the debugger was attached takes breakpoints too", async (context) => {
  const client = await debuggee(context);
  const library = "function half(x: number) {\n  return x / 2;\n}";
  await client.run(library);
  await client.attach();
  await client.breakpoints(library, 2);
  const done = client.run("half(84)");
  assert.deepEqual((await client.stopped()).at, ["half:2", "cell-2:1"]);
  await client.continue();
  assert.equal(await done, "42");
});

test("breakpoints hold at every run of the cell, until they are taken away", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "let n = 1;\nn + 1";
  await client.breakpoints(source, 2);
  for (let run = 0; run < 3; run++) {
    const done = client.run(source);
    assert.equal((await client.stopped()).reason, "breakpoint");
    await client.continue();
    await done;
  }
  await client.breakpoints(source);
  assert.equal(await client.run(source), "2");
  const { breakpoints } = await client.request<{ breakpoints: unknown[] }>("debugInfo");
  assert.deepEqual(breakpoints, []);
});

test("execution stops in a timer, after an await, and in a callback of a builtin", async (context) => {
  const client = await attachedDebuggee(context);
  const source = `const late = new Promise<number>((resolve) => {
  setTimeout(() => {
    resolve(20);
  }, 1);
});
let sum = await late;
sum += [1, 2].map((n) => {
  return n * 10;
}).at(-1) ?? 0;
sum`;
  await client.breakpoints(source, 3, 7, 8);
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at.slice(0, 2), ["(anonymous):3", "cell-1 (awaits):2"]);
  await client.continue();
  assert.deepEqual((await client.stopped()).at, ["cell-1:7"]);
  await client.continue();
  for (let n = 0; n < 2; n++) {
    assert.deepEqual((await client.stopped()).at, ["(anonymous):8", "cell-1:7"]);
    await client.continue();
  }
  assert.equal(await done, "40");
});

test("a function that awaits another is shown behind it", async (context) => {
  const client = await attachedDebuggee(context);
  const source =
    "async function inner() {\n  await null;\n  return 42;\n}\nasync function outer() {\n  return await inner();\n}\nawait outer()";
  await client.breakpoints(source, 3);
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["inner:3", "outer (awaits):6", "cell-1 (awaits):8"]);
  const { Globals = [] } = await client.scopes(1);
  assert.ok(Globals.some(({ name }) => name === "outer"));
  await client.continue();
  assert.equal(await done, "42");
});

test("an imported TypeScript file stops at its own lines, whether it is loaded before or after", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "debugger-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "hosts.ts");
  const text =
    'interface Host {\n  name: string;\n}\nexport function greet(host: Host): string {\n  const text: string = "hello " + host.name;\n  return text;\n}\n';
  writeFileSync(path, text);
  const client = await attachedDebuggee(context);
  const set = async (line: number): Promise<unknown> =>
    (await client.request("setBreakpoints", { source: { path }, breakpoints: [{ line }] })).breakpoints;
  assert.partialDeepStrictEqual(await set(4), [{ verified: false }]);
  const use = `const { greet } = await import(${JSON.stringify(pathToFileURL(path).href)});\ngreet({ name: "a" })`;
  const done = client.run(use);
  const { at, frames } = await client.stopped();
  assert.deepEqual(at, ["greet:5", "cell-1:2"]);
  assert.equal(frames[0]?.source.path, path);
  assert.equal((await client.request("source", { source: frames[0]?.source })).content, text);
  const { modules } = await client.request<{ modules: { path: string }[] }>("modules");
  assert.deepEqual(
    modules.map((module) => module.path),
    [path],
  );
  await client.continue();
  assert.equal(await done, "hello a");
  assert.partialDeepStrictEqual(await set(1), [{ line: 5, verified: true }]);
});

test("a condition, a hit count and a log message decide whether a breakpoint stops", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "let total = 0;\nfor (let i = 0; i < 10; i++) {\n  total += i;\n}\ntotal";
  const runs = async (breakpoint: object): Promise<readonly string[]> => {
    await client.breakpoints(source, { line: 3, ...breakpoint });
    const done = client.run(source);
    const seen: string[] = [];
    for (;;) {
      const stopped = await Promise.race([client.next("stopped"), done]);
      if (typeof stopped === "string") return seen;
      const { Locals = [] } = await client.scopes();
      seen.push(Locals.map(({ name, value }) => `${name}=${value}`).join());
      await client.continue();
    }
  };
  assert.deepEqual(await runs({ condition: "i === 7" }), ["i=7"]);
  assert.deepEqual(await runs({ hitCondition: "% 4" }), ["i=3", "i=7"]);
  assert.deepEqual(await runs({ hitCondition: ">8", condition: "i > 0" }), ["i=9"]);
  assert.deepEqual(await runs({ condition: "nowhere.at.all" }), []);
  assert.deepEqual(await runs({ logMessage: "i is {i} of {total} `{`" }), []);
  const lines = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `i is ${i} of ${(i * (i - 1)) / 2} \`{\`\n`);
  assert.equal(client.output, lines.join(""));
});

test("a breakpoint that cannot work says why", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "let x = 1;\nx";
  await client.run(source);
  const { sourcePath } = await client.request<{ sourcePath: string }>("dumpCell", { code: source });
  const { breakpoints } = await client.request<{ breakpoints: { verified: boolean; message: string }[] }>("setBreakpoints", {
    source: { path: sourcePath },
    breakpoints: [{ line: 1, condition: "x ===" }, { line: 1, hitCondition: "often" }, { line: 7 }],
  });
  assert.deepEqual(
    breakpoints.map(({ verified, message }) => [verified, message.slice(0, 30)]),
    [
      [false, "SyntaxError: Unexpected token "],
      [false, 'hit condition "often" is not a'],
      [false, "no code from here on"],
    ],
  );
});

test("breakpoints are at the user's lines where the script has other ones", async (context) => {
  const client = await attachedDebuggee(context);
  const source =
    "import { join } from 'node:path';\r\nconst emoji = '🧪🧪'; let after = join('a', 'b');\r\nenum Color {\r\n  Red = 7,\r\n}\r\nclass A {\r\n  constructor(readonly x: number) {}\r\n}\r\nconst a = new A(Color.Red);\r\na.x";
  await client.breakpoints(source, 2, 9, 10);
  const done = client.run(source);
  for (const line of [2, 9, 10]) {
    assert.deepEqual((await client.stopped()).at, [`cell-1:${line}`]);
    await client.continue();
  }
  assert.equal(await done, "7");
});

test("a debugger statement stops only while the debugger is attached", async (context) => {
  const client = await debuggee(context);
  const source = "let x = 41;\ndebugger;\nx + 1";
  assert.equal(await client.run(source), "42");
  await client.attach();
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["cell-2:2"]);
  await client.continue();
  assert.equal(await done, "42");
  await client.request("disconnect", {});
  assert.equal(await client.run(source), "42");
});
