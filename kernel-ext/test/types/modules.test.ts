import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CellChecker } from "../../src/types/cell-checker.ts";
import { Notebook } from "./notebook.ts";
import { home, notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder({
  "rows.ts": "export interface Row { host: string; count: number }\nexport const rows: Row[] = [];\nexport default rows;\n",
  "lib/index.ts": "export const fromIndex = 1;\n",
  "uses-later.ts": 'export { later } from "./later.ts";\n',
  "data.json": '{ "hosts": ["a"], "total": 3 }',
  "old.js": "exports.total = 1;\n",
  "node_modules/esm/package.json":
    '{ "name": "esm", "type": "module", "exports": { ".": { "custom": "./custom.ts", "types": "./index.d.ts", "default": "./index.js" } } }',
  "node_modules/esm/index.d.ts": "export declare function esm(x: number): string;\n/** @deprecated */ export declare const old: 1;\n",
  "node_modules/esm/custom.ts": "export const custom = 1;\n",
  "node_modules/common/package.json": '{ "name": "common", "main": "./main.js", "types": "./main.d.ts" }',
  "node_modules/common/main.d.ts":
    "declare function common(x: string): number;\ndeclare namespace common { const version: string }\nexport = common;\n",
  "node_modules/untyped/package.json": '{ "name": "untyped", "main": "./main.js" }',
  "node_modules/untyped/main.js": "module.exports = { a: 1 };\n",
  "node_modules/augments/package.json": '{ "name": "augments", "types": "./index.d.ts" }',
  "node_modules/augments/index.d.ts": "export {};\ndeclare global { interface Date { toFiscal(): string } }\n",
});
after(folder.remove);

describe("what a cell imports", () => {
  const notebook = new Notebook(folder.directory);
  const cell = async (source: string, expected: readonly string[] = []): Promise<void> => {
    assert.deepEqual(await notebook.problems(source), expected, source);
  };

  test("local files are found with and without an extension, and folders by their index", async () => {
    await cell('import { rows } from "./rows.ts"; rows[0]?.host.nope;', ["TS2339 nope"]);
    await cell('import all, { type Row } from "./rows"; const r: Row = { host: 1, count: 2 }; all.length;', ["TS2322 host"]);
    await cell('import { fromIndex } from "./lib"; fromIndex.length;', ["TS2339 length"]);
    await cell("rows.foo; const again: Row = rows[0]!;", ["TS2339 foo"]);
  });

  test("JSON and JavaScript files have the types of what is in them", async () => {
    await cell('import data from "./data.json"; data.total.toFixed(); data.hosts.foo;', ["TS2339 foo"]);
    await cell('import { total } from "./old.js"; total.length;', ["TS2339 length"]);
  });

  test("packages of the notebook's folder are found, ES modules and CommonJS", async () => {
    await cell('import { esm } from "esm"; esm("a");', ['TS2345 "a"']);
    await cell('import common from "common"; common("a").length; common.version.length;', ["TS2339 length"]);
    await cell('const m = await import("common"); m.default("a"); type E = typeof import("esm").esm; const e: E = 1;', ["TS2322 e"]);
  });

  test("a package without types is anything, and one that is not there is an error", async () => {
    await cell('import untyped from "untyped"; untyped.a.b.c;');
    await cell('import nothing from "nothing-of-the-kind";', ['TS2307 "nothing-of-the-kind"']);
    await cell('import { nope } from "./rows";', ["TS2614 nope"]);
  });

  test("what the notebook has not is found in the kernel's own home", async () => {
    await cell('import { displayBundle } from "soclab-kernel"; displayBundle(1).foo;', ["TS2339 foo"]);
    await cell('import ts from "typescript"; ts.version.foo;', ["TS2339 foo"]);
  });

  test("Node's modules are there, those that are read only when imported too", async () => {
    await cell('import { readFileSync } from "node:fs"; import path from "path"; readFileSync(path.join("a"), "utf8").foo;', [
      "TS2339 foo",
    ]);
    await cell('import http2 from "node:http2"; http2.connect(1);', ["TS2345 1"]);
    await cell('import { Session } from "node:inspector"; new Session().post("Runtime.enable"); new Session().nope;', ["TS2339 nope"]);
    await cell('process.getBuiltinModule("node:sqlite").nope;', ["TS2339 nope"]);
    await cell('import { describe } from "node:test"; describe.nope;', ["TS2339 nope"]);
  });

  test("what a package adds to the global scope is known", async () => {
    await cell('import "augments"; new Date().toFiscal().foo;', ["TS2339 foo"]);
  });

  test("a local file that changed is seen by the next cell", async () => {
    folder.write("rows.ts", "export interface Row { host: number }\nexport const rows: Row[] = []; // now a number\n");
    await cell('import { rows } from "./rows.ts"; rows[0]?.host.toFixed(); rows[0]?.count;', ["TS2339 count"]);
  });

  test("a file that was missing is found once it is there", async () => {
    await cell('import { later } from "./later.ts";', ['TS2307 "./later.ts"']);
    await cell('import { later } from "./uses-later.ts"; later.anything;');
    folder.write("later.ts", "export const later = 1;\n");
    await cell('import { later } from "./later.ts"; later.foo;', ["TS2339 foo"]);
    await cell('import { later } from "./uses-later.ts"; later.foo;', ["TS2339 foo"]);
  });

  test("a condition of the kernel decides what a package is", async () => {
    const conditional = new CellChecker({ directory: folder.directory, home, conditions: ["custom"] });
    const { diagnostics } = await conditional.prepare("1", 'import { custom } from "esm"; custom.foo;', "on");
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["TS2339"],
    );
  });
});
