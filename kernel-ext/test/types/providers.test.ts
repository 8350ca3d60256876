import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { startTypes, type TypesClient } from "../../src/types/client.ts";
import { attachProviderHost, type ProviderHostSession } from "../../src/types/provider-host.ts";
import { notebookFolder } from "./notebook-folder.ts";

const provider = `
const asked = (globalThis.__asked__ ??= []);
export const typeProviders = [
  {
    name: "shelf",
    methods: ["table", "sql"],
    async provide(cell, session) {
      asked.push(cell);
      const tables = session.value("shelf")?.tables ?? { conn: "{ host: string }" };
      const found = cell.uses.map((use) => ({ use, literal: use.args[0], type: use.args[0] && tables[use.args[0].text] }));
      return {
        declarations: "interface Shelf_conn { host: string; count: number }",
        insertions: found.flatMap(({ use, type }) => (type && use.typeArgumentsAt !== undefined ? [{ at: use.typeArgumentsAt, text: "<" + type + ">" }] : [])),
        diagnostics: found.flatMap(({ literal, type }) =>
          literal && !type ? [{ start: literal.start, end: literal.end, code: "SHELF_UNKNOWN", message: 'no table "' + literal.text + '". Did you mean "conn"?' }] : []),
      };
    },
    async complete(cell, offset) {
      const literal = cell.uses.flatMap((use) => use.args).find((one) => one && offset >= one.start && offset <= one.end);
      return literal && { start: literal.start, end: literal.end, items: [{ label: "conn", kind: "table", detail: "2 columns" }, { label: "dns", kind: "table" }] };
    },
  },
];
`;

const bad = `export const typeProviders = [
  { name: "thrower", methods: ["explode"], async provide() { throw new Error("boom"); } },
  { name: "sleeper", methods: ["sleep"], provide: () => new Promise(() => {}) },
  { name: "garbler", methods: ["garble"], async provide(cell) { return { declarations: "", insertions: [{ at: cell.uses[0].end, text: ")))" }], diagnostics: [] }; } },
];`;

const folder = notebookFolder({
  "node_modules/shelf/package.json":
    '{ "name": "shelf", "type": "module", "exports": "./index.js", "types": "./index.d.ts", "jupyter": { "typeProviders": { "never": "./nothing.js", "default": "./providers.js" } } }',
  "node_modules/shelf/index.js": "",
  "node_modules/shelf/index.d.ts":
    "export interface Shelf { table<Row = unknown>(name: string): Row[]; sql<Row = unknown>(strings: TemplateStringsArray, ...values: unknown[]): Row[] }\nexport declare function openShelf(path: string): Shelf;\n",
  "node_modules/shelf/providers.js": provider,
  "node_modules/bad/package.json":
    '{ "name": "bad", "type": "module", "exports": "./index.js", "types": "./index.d.ts", "jupyter": { "typeProviders": "./providers.js" } }',
  "node_modules/bad/index.js": "",
  "node_modules/bad/index.d.ts":
    "export declare function explode(x: string): void;\nexport declare function sleep(x: string): void;\nexport declare function garble(x: string): void;\n",
  "node_modules/bad/providers.js": bad,
  "node_modules/broken/package.json":
    '{ "name": "broken", "type": "module", "exports": "./index.js", "types": "./index.d.ts", "jupyter": { "typeProviders": "./missing.js" } }',
  "node_modules/broken/index.js": "",
  "node_modules/broken/index.d.ts": "export declare const x: 1;",
});
after(folder.remove);

describe("type providers", () => {
  let client: TypesClient | undefined;
  let detach: (() => void) | undefined;
  const values = new Map<string, unknown>();
  let count = 0;

  const start = (session: Partial<ProviderHostSession> = {}): void => {
    const { port1, port2 } = new MessageChannel();
    detach = attachProviderHost(port1, {
      value: (name) => values.get(name),
      directory: folder.directory,
      importModule: (url) => import(url),
      ...session,
    });
    client = startTypes({ directory: folder.directory, providers: port2 });
  };
  afterEach(async () => {
    detach?.();
    await client?.close();
    values.clear();
  });

  const run = async (source: string): Promise<string[]> => {
    count += 1;
    assert.ok(client);
    const { diagnostics } = await client.prepare(String(count), source, "on");
    client.commit(String(count));
    return diagnostics.map(({ code, severity, start, end }) =>
      `${severity === "error" ? "" : "warning "}${code} ${source.slice(start, end)}`.trim(),
    );
  };

  test("what a cell names has the type that its data have", async () => {
    start();
    assert.deepEqual(
      await run('import { openShelf } from "shelf"; const shelf = openShelf("a"); const rows = shelf.table("conn"); rows[0]?.nope;'),
      ["TS2339 nope"],
    );
    assert.deepEqual(await run("rows[0]?.host.toFixed(); // 😀"), ["TS2551 toFixed"]);
    values.set("shelf", { tables: { conn: "Shelf_conn", "SELECT 1": "{ one: 1 }" } });
    assert.deepEqual(await run('const typed = shelf.table("conn"); typed[0]?.count.toFixed(); typed[0]?.nope;'), ["TS2339 nope"]);
    assert.deepEqual(await run("const one = shelf.sql`SELECT 1`; one[0]?.one.toFixed(); one[0]?.two;"), ["TS2339 two"]);
    assert.deepEqual(await run("let later: typeof typed = []; later[0]?.nope;"), ["TS2339 nope"]);
  });

  test("a wrong name is an error at its place", async () => {
    start();
    await run('import { openShelf } from "shelf"; const shelf = openShelf("a");');
    assert.deepEqual(await run('%time 1\n/* 😀 */ shelf.table("cnon").length;'), ["SHELF_UNKNOWN cnon"]);
  });

  test("literals, receivers and initialisers are found, and cells without a known method are not shown", async () => {
    start();
    const { __asked__: asked = [] } = globalThis as {
      __asked__?: { uses: { callee: string; receiver?: string; args: unknown[] }[]; initialisers: unknown[] }[];
    };
    asked.length = 0;
    await run('import { openShelf } from "shelf"; const mine = await openShelf("a"); 1 + 1;');
    await run("const table = 1; 'sql';");
    assert.equal(asked.length, 0);
    await run(`const again = openShelf('b'); mine.table('conn'); mine.sql\`SELECT \${1} x\`; mine.table<1>('conn');`);
    assert.deepEqual(
      asked[0]?.uses.map(({ callee, receiver, args }) => [callee, receiver, args.length]),
      [
        ["mine.table", "mine", 1],
        ["mine.sql", "mine", 2],
        ["mine.table", "mine", 1],
      ],
    );
    assert.deepEqual(asked[0]?.initialisers, [{ name: "again", callee: "openShelf", args: [{ text: "b", start: 25, end: 26 }] }]);
  });

  test("tables are completed inside the quotes, by what is already there", async () => {
    start();
    await run('import { openShelf } from "shelf"; const shelf = openShelf("a");');
    const source = 'shelf.table("co")';
    const { matches, cursorStart, cursorEnd, types } = (await client?.complete(source, 15)) ?? assert.fail();
    assert.deepEqual([matches, cursorStart, cursorEnd, types[0]?.type, types[0]?.signature], [["conn"], 13, 15, "table", "2 columns"]);
    assert.deepEqual((await client?.complete('shelf.table("', 13))?.matches, ["conn", "dns"]);
  });

  test("a provider that throws, sleeps or writes nonsense is named once and stops no cell", async () => {
    start({ limitMs: 100 });
    const first = await client?.prepare("bad", 'import { explode, sleep, garble } from "bad"; explode("a"); sleep("b");', "on");
    client?.commit("bad");
    assert.deepEqual(first?.diagnostics.map(({ severity, message }) => `${severity} ${message}`).sort(), [
      'warning the type provider "sleeper" did not answer within 0.1 s',
      'warning the type provider "thrower" failed: boom',
    ]);
    assert.match(first?.script ?? "", /explode/);
    assert.deepEqual(await run('explode("a"); sleep("b");'), []);
    assert.deepEqual(await run('garble("c"); garble(1);'), ["TS2345 1", "warning TYPE_PROVIDER"]);
  });

  test("a package whose providers cannot be loaded is named once", async () => {
    start();
    assert.deepEqual(await run('import { x } from "broken"; x.foo;'), ["TS2339 foo", "warning TYPE_PROVIDER"]);
    assert.deepEqual(await run('import { x } from "broken";'), []);
  });

  test("a thread that is busy delays no completion for long, and the last answer is used", async () => {
    const { port1, port2 } = new MessageChannel();
    client = startTypes({ directory: folder.directory, providers: port2 });
    detach = attachProviderHost(port1, { value: () => undefined, directory: folder.directory, importModule: (url) => import(url) });
    await run('import { openShelf } from "shelf"; const shelf = openShelf("a");');
    assert.deepEqual((await client.complete('shelf.table("d")', 14))?.matches, ["dns"]);
    detach();
    assert.deepEqual((await client.complete('shelf.table("c")', 14))?.matches, ["conn"]);
  });
});
