import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ExecuteOptions, ExecutionResult } from "../../src/client/index.ts";
import { execute as executeIn, printed, resultText, run, type StartedKernel, startKernel, typesOf } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
});
after(() => started?.stop());

const execute = (code: string, options?: ExecuteOptions): Promise<ExecutionResult> => executeIn(started.kernel, code, options);

test("a cell publishes busy, its code, its output, its result, then idle; all name the request as their parent", async () => {
  const result = await execute("console.log('out')\n6 * 7");
  assert.deepEqual(typesOf(result), ["busy", "execute_input", "stream", "execute_result", "idle"]);
  const { reply, messages } = result;
  const parent = reply.parentHeader.msg_id;
  assert.ok(messages.every(({ parentHeader }) => parentHeader.msg_id === parent && parentHeader.msg_type === "execute_request"));
  const count = reply.content.execution_count;
  assert.deepEqual(messages[1]?.content, { code: "console.log('out')\n6 * 7", execution_count: count });
  assert.deepEqual(messages[3]?.content, { data: { "text/plain": "42" }, metadata: {}, execution_count: count });
  assert.deepEqual(reply.content, { status: "ok", execution_count: count, user_expressions: {}, payload: [] });
  assert.equal(reply.header.msg_type, "execute_reply");
  assert.equal(reply.header.version, "5.4");
});

test("the count goes up with each stored cell, an erroneous one too, and not with an empty, silent or unstored one", async () => {
  const count = async (code: string, options?: ExecuteOptions) => Number((await execute(code, options)).reply.content.execution_count);
  const first = await count("1");
  assert.equal(await count("throw new Error('x')", { stopOnError: false }), first + 1);
  assert.equal(await count("let = ;", { stopOnError: false }), first + 2);
  assert.equal(await count(""), first + 2);
  assert.equal(await count("  \n\t "), first + 2);
  assert.equal(await count("1", { silent: true }), first + 2);
  assert.equal(await count("1", { storeHistory: false }), first + 2);
  assert.equal(await count("1"), first + 3);
});

test("a cell without a value has no result; a cell with one shows it, undefined apart", async () => {
  assert.equal(resultText(await execute("const a = 1;")), undefined);
  assert.equal(resultText(await execute("undefined")), undefined);
  assert.equal(resultText(await execute("null")), "null");
  assert.equal(resultText(await execute("await Promise.resolve('later')")), "'later'");
  assert.equal(resultText(await execute("// a comment only")), undefined);
});

test("an error is published and replied with the same name, message and traceback of the cell's own lines", async () => {
  const result = await execute("const b = 1;\nfunction thrower(): never {\n  throw new RangeError('too far');\n}\nthrower();", {
    stopOnError: false,
  });
  const { reply, outputs } = result;
  assert.deepEqual(typesOf(result), ["busy", "execute_input", "error", "idle"]);
  const { status, ename, evalue, traceback, execution_count } = reply.content;
  assert.deepEqual([status, ename, evalue], ["error", "RangeError", "too far"]);
  assert.deepEqual(outputs, [{ output_type: "error", ename, evalue, traceback }]);
  const lines = Array.isArray(traceback) ? traceback.map(String) : [];
  const text = lines.join("\n");
  assert.match(text, new RegExp(`thrower.*cell ${execution_count}, line 3`));
  assert.match(text, new RegExp(`cell ${execution_count}, line 5`));
  assert.doesNotMatch(text, /node:internal|src[/\\]session|__kernel__/);
});

test("what is thrown need not be an error", async () => {
  for (const [code, evalue] of [
    ["throw 'text'", /text/],
    ["throw null", /null/],
    ["throw undefined", /undefined/],
    ["throw { code: 5 }", /code: 5/],
    ["throw Object.create(null)", /null prototype/],
    ["throw Object.assign(new Error('odd'), { name: 3, stack: null })", /odd/],
    ["throw new Proxy(new Error('p'), { get() { throw new Error('trap'); } })", /./],
    ["throw Symbol('s')", /Symbol\(s\)/],
    ["await Promise.reject(new Error('rejected'))", /rejected/],
    ["class Custom extends Error { override name = 'Custom' }\nthrow new Custom('own')", /own/],
  ] as const) {
    const { reply } = await execute(code, { stopOnError: false });
    assert.equal(reply.content.status, "error", code);
    assert.match(String(reply.content.evalue), evalue, code);
    assert.equal(typeof reply.content.ename, "string");
  }
});

test("a syntax error is an error like any other, and nothing of its cell runs", async () => {
  const { reply, outputs } = await execute("console.log('ran');\nlet 1x = ;", { stopOnError: false });
  assert.equal(reply.content.ename, "SyntaxError");
  assert.deepEqual(
    outputs.map(({ output_type }) => output_type),
    ["error"],
  );
  assert.match(JSON.stringify(reply.content.traceback), /line 2/);
});

test("a silent cell publishes no input, no result and no error, but runs", async () => {
  const quiet = await execute("let silentRan = true; 5", { silent: true });
  assert.deepEqual(typesOf(quiet), ["busy", "idle"]);
  assert.equal(quiet.reply.content.status, "ok");
  assert.equal(resultText(await execute("silentRan")), "true");
  const failed = await execute("throw new Error('unseen')", { silent: true, stopOnError: false });
  assert.deepEqual(typesOf(failed), ["busy", "idle"]);
  assert.deepEqual([failed.reply.content.status, failed.reply.content.evalue], ["error", "unseen"]);
});

test("user expressions are evaluated after the cell, each for itself", async () => {
  const { reply } = await run(started.kernel, "let ue = 20;", {
    userExpressions: {
      twice: "ue * 2",
      awaited: "await Promise.resolve(ue)",
      wrong: "(() => { throw new TypeError('no'); })()",
      syntax: "1 +",
      nothing: "undefined",
    },
  });
  const { twice, awaited, wrong, syntax, nothing } = Object(reply.content.user_expressions);
  assert.deepEqual(twice, { status: "ok", data: { "text/plain": "40" }, metadata: {} });
  assert.equal(awaited.data["text/plain"], "20");
  assert.deepEqual([wrong.status, wrong.ename, wrong.evalue], ["error", "TypeError", "no"]);
  assert.ok(Array.isArray(wrong.traceback));
  assert.deepEqual([syntax.status, syntax.ename], ["error", "SyntaxError"]);
  assert.equal(nothing.status, "ok");
  const silent = await execute("", { silent: true, userExpressions: { sum: "ue + 1" } });
  assert.equal(Object(silent.reply.content.user_expressions).sum.data["text/plain"], "21");
  const failed = await execute("throw new Error('x')", { userExpressions: { a: "1" }, stopOnError: false });
  assert.deepEqual(failed.reply.content.user_expressions, {});
});

test("a failed cell aborts what was sent with it, cells alone, and a cell sent afterwards runs", async () => {
  const cells = ["const ran: number[] = []", "throw new Error('stop')", ...Array.from({ length: 40 }, (_, i) => `ran.push(${i})`)];
  const sent = cells.map((code) => execute(code));
  const info = started.kernel.request("shell", "kernel_info_request");
  const results = await Promise.all(sent);
  assert.deepEqual(
    results.slice(0, 2).map(({ reply }) => reply.content.status),
    ["ok", "error"],
  );
  for (const result of results.slice(2)) {
    assert.equal(result.reply.content.status, "aborted");
    assert.deepEqual(typesOf(result), ["busy", "idle"]);
  }
  assert.equal((await info).content.status, "ok");
  assert.equal(resultText(await execute("ran.length")), "0");
});

test("a cell that fails before it runs aborts the others as well", async () => {
  const results = await Promise.all([execute("let 1x"), ...Array.from({ length: 200 }, () => execute("1"))]);
  assert.deepEqual([...new Set(results.slice(1).map(({ reply }) => reply.content.status))], ["aborted"]);
  assert.equal((await execute("1")).reply.content.status, "ok");
});

test("with stop_on_error false the next cells run", async () => {
  const [failed, next] = await Promise.all([execute("throw new Error('go on')", { stopOnError: false }), execute("'ran'")]);
  assert.equal(failed?.reply.content.status, "error");
  assert.equal(resultText(next), "'ran'");
});

test("a cell sent when the failure has been seen runs, however soon", async () => {
  for (let i = 0; i < 20; i++) {
    assert.equal((await execute("throw new Error('x')")).reply.content.status, "error");
    assert.equal((await execute(`${i}`)).reply.content.status, "ok");
  }
});

test("cells run in the order in which they were sent", async () => {
  await execute("const order: number[] = []");
  const sent = Array.from({ length: 30 }, (_, i) =>
    execute(i % 3 === 0 ? `await new Promise((resolve) => setTimeout(resolve, 3)); order.push(${i})` : `order.push(${i})`),
  );
  const counts = (await Promise.all(sent)).map(({ reply }) => Number(reply.content.execution_count));
  assert.deepEqual(
    counts,
    counts.map((_, i) => (counts[0] ?? 0) + i),
  );
  assert.equal(printed(await execute("console.log(order.join())")), `${Array.from({ length: 30 }, (_, i) => i).join()}\n`);
});

test("is_complete tells complete from incomplete, with its indent, and from invalid", async () => {
  const status = async (code: string) => (await started.kernel.request("shell", "is_complete_request", { code })).content;
  assert.deepEqual(await status("const a = 1"), { status: "complete" });
  assert.deepEqual(await status("function f() {"), { status: "incomplete", indent: "  " });
  assert.equal((await status("const s = `open")).status, "incomplete");
  assert.equal((await status("/* open")).status, "incomplete");
  assert.equal((await status("let 1x = )")).status, "invalid");
  assert.deepEqual(await status(""), { status: "complete" });
});

test("variables, functions, classes and imports of a cell are seen and redeclared by later ones", async () => {
  await run(
    started.kernel,
    "const c1 = 1; let l1 = 2; var v1 = 3; function f1() { return c1 + l1; }\nclass K1 { x = v1 }\nimport { basename } from 'node:path'",
  );
  assert.equal(resultText(await execute("[f1(), new K1().x, basename('/a/b')]")), "[ 3, 3, 'b' ]");
  await run(started.kernel, "const c1 = 'again'; function f1(): string { return c1; }\nclass K1 { y = 1 }");
  assert.equal(resultText(await execute("[f1(), new K1().y]")), "[ 'again', 1 ]");
});
