import assert from "node:assert/strict";
import { test } from "node:test";
import { attachedDebuggee, type DebugClient, debuggee, type ShownVariable } from "./debug-client.ts";

const shown = (variables: readonly ShownVariable[]): { readonly [name: string]: string } =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));

/** The session's variables while nothing is paused. */
async function inspected(client: DebugClient): Promise<readonly ShownVariable[]> {
  return (await client.request<{ variables: readonly ShownVariable[] }>("inspectVariables")).variables;
}

async function opened(
  client: DebugClient,
  variables: readonly ShownVariable[],
  ...path: readonly string[]
): Promise<readonly ShownVariable[]> {
  let found = variables;
  for (const name of path) {
    found = await client.variables(found.find((variable) => variable.name === name)?.variablesReference ?? -1);
  }
  return found;
}

test("values of every kind are shown in one line", async (context) => {
  const client = await debuggee(context);
  await client.run(`const text = "a\\nb", long = "x".repeat(123_456), n = -0, nan = NaN, big = 10n, yes = true, none = null, nothing = undefined;
const sym = Symbol("s"), list = [1, "two", { three: 3 }], bytes = new Uint8Array(3), map = new Map([["a", 1], ["b", { c: 2 }]]), set = new Set([1]);
const plain = { a: 1, b: { c: 2 }, get d() { return 1; } }, date = new Date(0), re = /x/g, error = new TypeError("no");
class Host { #secret = 1; constructor(readonly name: string) {} }
const host = new Host("a"), settled = Promise.resolve(7), waiting = new Promise(() => {}), weak = new WeakMap();
function add(a: number, b = 2) { return a + b; }
const arrow = async (x: number) => x, made = new Proxy({}, {});`);
  assert.deepEqual(shown(await inspected(client)), {
    text: '"a\\nb"',
    long: `"${"x".repeat(1000)}"… (123,456 characters)`,
    n: "-0",
    nan: "NaN",
    big: "10n",
    yes: "true",
    none: "null",
    nothing: "undefined",
    sym: "Symbol(s)",
    list: '(3) [1, "two", {…}]',
    bytes: "Uint8Array(3) [0, 0, 0]",
    map: 'Map(2) {"a" => 1, "b" => {…}}',
    set: "Set(1) {1}",
    plain: "{a: 1, b: {…}, d: (…)}",
    date: "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)",
    re: "/x/g",
    error: "TypeError: no",
    Host: "class Host",
    host: 'Host {#secret: 1, name: "a"}',
    settled: "Promise {fulfilled: 7}",
    waiting: "Promise {pending}",
    weak: "WeakMap",
    add: "ƒ (a, b = 2)",
    arrow: "ƒ async (x)",
    made: "Proxy(Object)",
  });
});

test("an object opens to its fields, private ones and the getters of its class, which run only when they are opened", async (context) => {
  const client = await debuggee(context);
  await client.run(`let runs = 0;
class Base { get upper() { runs++; return this.name.toUpperCase(); } name = "a"; }
class Host extends Base { #secret = 1; ports = [22, 80]; #close() {} open() {} }
const host = new Host();`);
  const variables = await inspected(client);
  assert.deepEqual(shown(await opened(client, variables, "host")), { name: '"a"', ports: "(2) [22, 80]", "#secret": "1", upper: "(…)" });
  assert.equal(shown(await inspected(client)).runs, "0");
  assert.deepEqual(shown(await opened(client, variables, "host", "upper")), { value: '"A"' });
  assert.equal(shown(await inspected(client)).runs, "1");
});

test("variables name the expression that they stand for", async (context) => {
  const client = await debuggee(context);
  await client.run(`const root = { list: [{ "a b": 1 }], map: new Map<unknown, number>([["k", 1], [2, 2], [{}, 3]]) };`);
  const variables = await inspected(client);
  const names = async (...path: readonly string[]): Promise<readonly (string | undefined)[]> =>
    (await opened(client, variables, ...path)).map(({ evaluateName }) => evaluateName);
  assert.deepEqual(await names("root"), ["root.list", "root.map"]);
  assert.deepEqual(await names("root", "list", "0"), ['root.list[0]["a b"]']);
  assert.deepEqual(await names("root", "map"), ['root.map.get("k")', "root.map.get(2)", undefined]);
});

test("a million elements open page by page", async (context) => {
  const client = await debuggee(context);
  await client.run(
    `const list = Array.from({ length: 1_000_000 }, (_, i) => i * 2), holes = new Array(1e9);
holes[999_999_999] = "last"; list.note = "named";
const map = new Map(list.slice(0, 250).map((n) => [n, String(n)]));`.replace("list.note", "(list as any).note"),
  );
  const variables = await inspected(client);
  const pages = await opened(client, variables, "list");
  assert.deepEqual([pages[0]?.name, pages[99]?.name, pages.length], ["[0 … 9999]", "[990000 … 999999]", 102]);
  assert.equal(shown(pages).note, '"named"');
  const elements = await opened(client, pages, "[990000 … 999999]", "[999900 … 999999]");
  assert.deepEqual([elements.length, elements.at(-1)?.value, elements.at(-1)?.evaluateName], [100, "1999998", "list[999999]"]);
  const path = ["[900000000 … 999999999]", "[999000000 … 999999999]", "[999990000 … 999999999]", "[999999900 … 999999999]"];
  const last = await opened(client, variables, "holes", ...path);
  assert.deepEqual(shown(last), { 999999999: '"last"' });
  const entries = await opened(client, variables, "map", "[200 … 249]");
  assert.deepEqual([entries.length, entries[49]?.name, entries[49]?.value], [50, "498", '"498"']);
});

test("a client that pages gets the length, and the part that it asks for", async (context) => {
  const client = await attachedDebuggee(context);
  await client.run("const list = Array.from({ length: 5_000 }, (_, i) => i);");
  const [list] = await inspected(client);
  assert.equal(list?.indexedVariables, 5000);
  const part = await client.variables(list?.variablesReference ?? 0, { filter: "indexed", start: 4998, count: 10 });
  assert.deepEqual(shown(part), { 4998: "4998", 4999: "4999" });
  assert.deepEqual(shown(await client.variables(list?.variablesReference ?? 0, { filter: "named" })), { length: "5000" });
});

test("nothing of hostile values runs when they are listed and opened", async (context) => {
  const client = await attachedDebuggee(context);
  const source = `let ran: string[] = [];
{
  const trap = (name: string) => () => { ran.push(name); throw new Error(name); };
  const proxy = new Proxy([], { get: trap("get"), ownKeys: trap("ownKeys"), getOwnPropertyDescriptor: trap("descriptor"), getPrototypeOf: trap("prototype"), has: trap("has") });
  const tagged = { get [Symbol.toStringTag]() { ran.push("tag"); return "x"; }, get constructor() { ran.push("constructor"); return 1; }, toString: trap("toString"), [Symbol.toPrimitive]: trap("primitive"), inspect: trap("inspect"), [Symbol.for("nodejs.util.inspect.custom")]: trap("custom") };
  const thing = Object.defineProperty(new Date(0), "toISOString", { get: trap("iso") });
  const list = Object.defineProperty([1], 0, { get: trap("element") });
  const fn = Object.defineProperty(() => 1, "toString", { get: trap("fn") }), cyclic: any = {}; cyclic.self = cyclic;
  Array.prototype.map = trap("map") as never; Object.getOwnPropertyDescriptor = trap("own") as never;
  debugger;
}`;
  const done = client.run(source);
  await client.stopped();
  const { Locals = [] } = await client.scopes();
  assert.deepEqual(
    Locals.map(({ name }) => name),
    ["trap", "proxy", "tagged", "thing", "list", "fn", "cyclic"],
  );
  for (const { variablesReference } of Locals) {
    if (variablesReference === 0) continue;
    for (const child of await client.variables(variablesReference)) {
      if (child.value !== "(…)" && child.variablesReference !== 0) await client.variables(child.variablesReference);
    }
  }
  const { Globals = [] } = await client.scopes();
  assert.equal(shown(Globals).ran, "(0) []");
  await client.continue();
  await done;
});

test("scopes are the function's, what it closes over, and the session; an inner variable hides the outer one", async (context) => {
  const client = await attachedDebuggee(context);
  const source = `const x = "global";
function outer(a: number) {
  const kept = a + 1;
  return function inner(b: number) {
    let x = "function";
    for (const c of [1]) {
      let x = "block";
      debugger;
      x + kept;
    }
    return x;
  };
}
outer(1)(2)`;
  const done = client.run(source);
  await client.stopped();
  const scopes = await client.scopes();
  assert.deepEqual(Object.keys(scopes), ["Locals", "Closure", "Globals"]);
  assert.deepEqual(shown(scopes.Locals ?? []), { x: '"block"', c: "1", b: "2" });
  assert.deepEqual(shown(scopes.Closure ?? []), { kept: "2" });
  assert.equal(shown(scopes.Globals ?? []).x, '"global"');
  await client.continue();
  assert.equal(await done, "function");
});

test("a thousand variables are listed, also while a cell spins", async (context) => {
  const client = await attachedDebuggee(context);
  await client.run(Array.from({ length: 1_000 }, (_, i) => `let v${i} = ${i};`).join("\n"));
  client.run("let page = 'shadows', go = true;\nwhile (go) {}");
  let variables = await inspected(client);
  while (shown(variables).page !== '"shadows"') variables = await inspected(client);
  assert.equal(variables.length, 1_002);
  assert.equal(shown(variables).v999, "999");
});

test("references of an earlier listing are good for a while, and then an error", async (context) => {
  const client = await debuggee(context);
  await client.run("const o = { a: 1 };");
  const [first] = await inspected(client);
  await inspected(client);
  assert.deepEqual(shown(await client.variables(first?.variablesReference ?? 0)), { a: "1" });
  for (let n = 0; n < 4; n++) await inspected(client);
  const { success, message } = await client.respond("variables", { variablesReference: first?.variablesReference });
  assert.equal(success, false);
  assert.match(message ?? "", /any more/);
});
