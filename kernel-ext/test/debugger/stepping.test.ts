import assert from "node:assert/strict";
import { test } from "node:test";
import { attachedDebuggee } from "./debug-client.ts";

const program = `let total = 0;
function add(n: number) {
  const before = total;
  total = before + n;
}
for (const n of [1, 2]) add(n);
await Promise.resolve();
const text = String(total);
text`;

test("next goes from line to line, over calls and awaits, to the end of the cell", async (context) => {
  const client = await attachedDebuggee(context);
  await client.breakpoints(program, 1);
  const done = client.run(program);
  assert.deepEqual((await client.stopped()).at, ["cell-1:1"]);
  for (const line of [6, 7, 8, 9]) assert.deepEqual(await client.step("next", done), [`cell-1:${line}`]);
  assert.equal(await client.step("next", done), "3");
  assert.equal(await client.run("total"), "3", "the step does not stop the next cell");
});

test("stepIn enters the user's function and not Node's, stepOut returns to the caller", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "function shout(text: string) {\n  console.log(text);\n  return text;\n}\nconst said = shout('a');\nsaid";
  await client.breakpoints(source, 5);
  const done = client.run(source);
  await client.stopped();
  assert.deepEqual(await client.step("stepIn", done), ["shout:2", "cell-1:5"]);
  assert.deepEqual(await client.step("stepIn", done), ["shout:3", "cell-1:5"]);
  assert.deepEqual(await client.step("stepOut", done), ["cell-1:6"]);
  assert.equal(await client.step("stepIn", done), "a");
  assert.equal(client.output, "a\n");
});

test("a recursive function is stepped over at its own depth", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "function fib(n: number): number {\n  if (n < 2) return n;\n  return fib(n - 1) + fib(n - 2);\n}\nfib(6)";
  await client.breakpoints(source, { line: 3, condition: "n === 5" });
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["fib:3", "fib:3", "cell-1:5"]);
  assert.deepEqual(await client.step("next", done), ["fib:3", "cell-1:5"]);
  await client.continue();
  assert.equal(await done, "8");
});

test("a breakpoint whose hit condition does not hold and a caught exception do not end a step", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "function f() {\n  try {\n    throw 1;\n  } catch {}\n  return 2;\n}\nconst a = f();\na";
  await client.breakpoints(source, 7, { line: 5, hitCondition: "9" });
  await client.request("setExceptionBreakpoints", { filters: ["uncaught"] });
  const done = client.run(source);
  await client.stopped();
  assert.deepEqual(await client.step("next", done), ["cell-1:8"]);
  await client.continue();
  await done;
});

test("a step goes on where an awaited function returns, and stops inside at a breakpoint", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "async function load() {\n  await null;\n  const rows = 3;\n  return rows;\n}\nconst n = await load();\nn";
  await client.breakpoints(source, 3, 6);
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["cell-1:6"]);
  assert.deepEqual(await client.step("next", done), ["load:3", "cell-1 (awaits):6"]);
  assert.deepEqual(await client.step("next", done), ["load:4", "cell-1 (awaits):6"]);
  assert.deepEqual(await client.step("stepOut", done), ["cell-1:7"]);
  await client.continue();
  assert.equal(await done, "3");
});

test("one step is one statement where the client asks for that", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "let a = 1; let b = 2; let c = 3;\na + b + c";
  await client.breakpoints(source, 1);
  const done = client.run(source);
  const columns = [(await client.stopped()).frames[0]?.column];
  for (let n = 0; n < 2; n++) {
    await client.step("next", done, { granularity: "statement" });
    columns.push((await client.frames())[0]?.column);
  }
  assert.deepEqual(columns, [5, 16, 27]);
  await client.continue();
  assert.equal(await done, "6");
});

test("every line of a compiled cell is stepped at the user's place", async (context) => {
  const client = await attachedDebuggee(context);
  const source = `import { basename } from "node:path";
import { sep } from "node:path";

export const base: string = basename("/a/🧪");
const { length: size, ...rest } = base;
let later;
class Host<T> { constructor(readonly name: T) {} }
enum Level { Low = 1, High }
const host = new Host(base) as Host<string>;
switch (size) {
  case 2:
    later = Level.High satisfies Level;
    break;
}
export default later`;
  await client.breakpoints(source, 4);
  const done = client.run(source);
  const lines: (string | undefined)[] = [(await client.stopped()).at[0]];
  for (;;) {
    const at = await client.step("next", done);
    if (typeof at === "string") break;
    lines.push(at[0]);
  }
  assert.deepEqual(
    lines.filter((line) => line !== "cell-1:7" && line !== "cell-1:8").map((line) => Number(line?.split(":")[1])),
    [4, 5, 6, 9, 10, 12, 13, 15],
  );
  assert.equal(await done, "2");
});

test("pause stops a spinning cell, and a pause asked for while nothing runs stops the next cell", async (context) => {
  const client = await attachedDebuggee(context);
  // V8 keeps what a tight loop reads in registers: a call makes it look again.
  const done = client.run("let goes = 'on', turns = 0;\nwhile (JSON.stringify({ goes }).includes('on')) {\n  turns++;\n}\n'ended'");
  const evaluated = async (expression: string) => (await client.respond("evaluate", { expression })).body;
  while (JSON.stringify(await evaluated("turns > 0")).includes("true") === false) await client.request("threads");
  await client.request("pause", { threadId: 1 });
  const { reason, at } = await client.stopped();
  assert.equal(reason, "pause");
  assert.match(at[0] ?? "", /^cell-1:[23]$/);
  await evaluated("goes = ''");
  await client.continue();
  assert.equal(await done, "ended");
  await client.request("pause", { threadId: 1 });
  const next = client.run("const x = 1;\nx");
  assert.deepEqual((await client.stopped()).at, ["cell-2:1"]);
  await client.continue();
  assert.equal(await next, "1");
});
