import assert from "node:assert/strict";
import { test } from "node:test";
import { attachedDebuggee, type DebugClient, debuggee } from "./debug-client.ts";

const source = `const label = "session";
function weigh(items: number[]) {
  const factor = 2;
  let sum = 0;
  for (const item of items) {
    sum += item * factor;
  }
  return sum;
}
weigh([1, 2])`;

/** Stands in the loop of `weigh`. */
async function paused(client: DebugClient): Promise<{ readonly frameId: number; readonly done: Promise<string> }> {
  await client.breakpoints(source, { line: 6, condition: "item === 2" });
  const done = client.run(source);
  const { frames } = await client.stopped();
  return { frameId: frames[0]?.id ?? -1, done };
}

async function value(client: DebugClient, expression: string, more: object = {}): Promise<string> {
  const { success, message, body } = await client.respond("evaluate", { expression, ...more });
  return success ? (body as { result: string }).result : `refused: ${message}`;
}

test("an expression is evaluated in the frame asked for, and in the session while nothing is paused", async (context) => {
  const client = await attachedDebuggee(context);
  const { frameId, done } = await paused(client);
  assert.equal(await value(client, "sum + factor", { frameId }), "4");
  assert.equal(await value(client, "sum = 40", { frameId }), "40");
  assert.equal(await value(client, "factor", { frameId: frameId + 1 }), "refused: ReferenceError: factor is not defined");
  assert.equal(await value(client, "items.map((n) => n + 1)"), "(2) [2, 3]");
  await client.continue();
  assert.equal(await done, "44");
  assert.equal(await value(client, "label"), '"session"');
  assert.equal(await value(client, "await new Promise((resolve) => setTimeout(resolve, 1, 7))"), "7");
  assert.match(await value(client, "label +"), /^refused: SyntaxError/);
  assert.match(await value(client, "null.x"), /^refused: TypeError: Cannot read properties of null/);
  assert.equal(await value(client, "'x'.repeat(2000)", { context: "clipboard" }), "x".repeat(2000));
});

test("what the client only looks at cannot change anything, and nothing runs for ever", async (context) => {
  const client = await attachedDebuggee(context);
  const { frameId, done } = await paused(client);
  assert.match(await value(client, "sum = 1", { frameId, context: "hover" }), /^refused: EvalError/);
  assert.equal(await value(client, "sum", { frameId, context: "watch" }), "2");
  assert.match(await value(client, "(() => { while (true) {} })()", { frameId }), /^refused/);
  assert.equal(await value(client, "sum", { frameId }), "2");
  await client.continue();
  assert.equal(await done, "6");
  assert.match(await value(client, "await new Promise(() => {})"), /^refused: no value within/);
});

test("variables of a function, of the session and of objects are set", async (context) => {
  const client = await attachedDebuggee(context);
  const { frameId, done } = await paused(client);
  const { scopes } = await client.request<{ scopes: { name: string; variablesReference: number }[] }>("scopes", { frameId });
  const locals = scopes.find(({ name }) => name === "Locals")?.variablesReference ?? -1;
  assert.partialDeepStrictEqual(await client.request("setVariable", { variablesReference: locals, name: "sum", value: "30 + 8" }), {
    value: "38",
  });
  const items = (await client.variables(locals)).find(({ name }) => name === "items")?.variablesReference;
  await client.request("setVariable", { variablesReference: items, name: "0", value: "{ big: 9n }" });
  assert.equal(await value(client, "items"), "(2) [{…}, 2]");
  const constant = await client.request("setVariable", { variablesReference: locals, name: "factor", value: "3" });
  assert.equal(constant.value, "3", "V8 lets a debugger set a function's constant");
  const odd = await client.respond("setVariable", { variablesReference: locals, name: "a; b", value: "3" });
  assert.match(odd.message ?? "", /"a; b" cannot be set/);
  await client.continue();
  assert.equal(await done, "44");
});

test("a local variable is copied to the session, new or over an old one", async (context) => {
  const client = await attachedDebuggee(context);
  const { frameId, done } = await paused(client);
  const copy = (srcVariableName: string, dstVariableName: string) =>
    client.respond("copyToGlobals", { srcVariableName, dstVariableName, srcFrameId: frameId });
  assert.equal((await copy("items", "kept")).success, true);
  assert.equal((await copy("sum", "kept")).success, true);
  assert.equal((await copy("items", "items")).success, true);
  assert.match((await copy("items", "let")).message ?? "", /"let" is no name/);
  assert.match((await copy("nowhere", "x")).message ?? "", /nowhere is not defined/);
  await client.continue();
  await done;
  assert.equal(await client.run("let again = [kept, items.length]; kept = 1; String(again)"), "2,2");
  assert.equal(await client.run("let items = 'declared again';\nitems"), "declared again");
  assert.equal(await client.run("Object.keys(globalThis).filter((name) => name.includes('copy')).length"), "0");
});

test("a variable is shown as the notebook would show it", async (context) => {
  const client = await debuggee(context);
  const rows = `const rows = [{ host: "<b>", n: 1 }];
class Later { async [Symbol.for("Jupyter.display")]() { return { "text/html": "<i>later</i>" }; } }
const later = new Later();`;
  await client.run(rows);
  const rich = async (variableName: string, frameId?: number): Promise<{ readonly [mime: string]: string }> =>
    (await client.request<{ data: { [mime: string]: string } }>("richInspectVariables", { variableName, frameId })).data;
  assert.match((await rich("rows"))["text/html"] ?? "", /&lt;b&gt;/);
  assert.equal((await rich("later"))["text/html"], "<i>later</i>");
  assert.deepEqual(await rich("nowhere"), {});
  assert.deepEqual(await rich("rows.length; 1"), {});
  await client.attach();
  const done = client.run("function f(local: object[]) {\n  debugger;\n}\nf([{ a: 1 }])");
  const { frames } = await client.stopped();
  assert.match((await rich("local", frames[0]?.id))["text/html"] ?? "", /<table/);
  assert.deepEqual(await rich("later"), { "text/plain": "Later {}" }, "no promise settles while a cell is paused");
  await client.continue();
  await done;
});
