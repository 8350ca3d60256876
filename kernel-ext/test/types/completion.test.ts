import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { completeCell } from "../../src/types/complete-cell.ts";
import type { Completions } from "../../src/types/service.ts";
import { Notebook } from "./notebook.ts";
import { notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder({
  "rows.ts": "export const rows = [1];\nexport const other = 2;\n",
  "node_modules/esm/package.json": '{ "name": "esm", "types": "./index.d.ts" }',
  "node_modules/esm/index.d.ts":
    "export declare const useful: 1;\nexport declare const shortened: 2;\n/** @deprecated */ export declare const usable: 1;\n",
});
after(folder.remove);

describe("completion", () => {
  let notebook: Notebook;
  before(async () => {
    notebook = new Notebook(folder.directory);
    await notebook.run("const measurement = { first: 1, second: 'a', 'id.orig_h': 1 };");
    await notebook.run(
      "function measure(unit: 'mm' | 'inch', options: { exact?: boolean; places: number }) {} class Meter { /** How far. */ reading = 1; #hidden = 2 } type Measure = 1;",
    );
    await notebook.run("import { useful } from 'esm';");
    notebook.checker.tidy();
  });

  /** The matches at the bar in the text. */
  const complete = async (text: string): Promise<Completions> => {
    const cursor = text.indexOf("|");
    return completeCell(notebook.checker, text.slice(0, cursor) + text.slice(cursor + 1), cursor);
  };
  const matches = async (text: string): Promise<readonly string[]> => (await complete(text)).matches;

  test("members come with their types, those that are no names in brackets", async () => {
    assert.deepEqual(await matches("measurement.s|"), ["second"]);
    assert.deepEqual(await matches("measurement.|"), [".first", '["id.orig_h"]', ".second"]);
    const { types } = await complete("measurement.fi|");
    assert.deepEqual(types, [{ text: "first", type: "property", start: 12, end: 14, signature: "number" }]);
    assert.deepEqual(await matches("new Meter().|"), ["reading"]);
  });

  test("names of earlier cells come before globals and keywords", async () => {
    assert.deepEqual((await matches("meas|")).slice(0, 2), ["measure", "measurement"]);
    assert.deepEqual(await matches("const mine = 1; mi|"), ["mine"]);
    assert.ok((await matches("con|")).includes("const"));
    assert.deepEqual((await complete("const m: Meas|")).types.map(({ text, type }) => `${text} ${type}`)[0], "Measure type");
  });

  test("the range is the word's, in the user's text", async () => {
    const { cursorStart, cursorEnd } = await complete("/* 😀 */ measurement.se|c");
    assert.deepEqual([cursorStart, cursorEnd], [21, 23]);
    const magic = await complete("%time measurement.se|");
    assert.deepEqual([magic.matches, magic.cursorStart, magic.cursorEnd], [["second"], 18, 20]);
  });

  test("typing on gives what a new question gives", async () => {
    for (const text of ["m", "me", "mea", "measu", "measurement", "measurement.f", "measurement.fi", "x", "me"]) {
      const fresh = new Notebook(folder.directory);
      fresh.checker.visible.declare("1", new Map([...notebook.checker.visible.entries()].map(([name, { symbol }]) => [name, symbol])));
      const expected = (await completeCell(fresh.checker, text, text.length)).matches.filter((match) => !match.startsWith("(await"));
      assert.deepEqual(
        (await matches(`${text}|`)).filter((match) => !match.startsWith("(await")),
        expected,
        text,
      );
    }
  });

  test("string literals of a union, and property names of an object", async () => {
    assert.deepEqual(await matches('measure("|'), ["inch", "mm"]);
    assert.deepEqual(await matches('measure("mm", { e|'), ["exact"]);
    assert.deepEqual(await matches('measurement["id|"]'), ["id.orig_h"]);
  });

  test("imports: their names and their paths", async () => {
    assert.deepEqual(await matches("import { us| } from 'esm'"), ["useful", "usable"]);
    assert.deepEqual(await matches("import { o| } from './rows'"), ["other"]);
    assert.ok((await matches("import x from './r|'")).some((match) => match.startsWith("rows")));
    assert.ok((await matches("import x from 'es|'")).includes("esm"));
    assert.ok((await matches("import x from 'node:ht|'")).includes("node:http2"));
    assert.ok((await matches("await import('node:fs/p|')")).some((match) => match.endsWith("promises")));
  });

  test("a name that is not imported yet brings its import along", async () => {
    const { matches: found, types } = await complete("readFileS|");
    assert.deepEqual(found, ['(await import("node:fs")).readFileSync']);
    assert.equal(types[0]?.type, "auto-import");
    assert.deepEqual(await matches("function f() { readFileS| }"), ['process.getBuiltinModule("node:fs").readFileSync']);
    assert.ok((await matches("let p: PathLik|")).includes('import("node:fs").PathLike'));
    assert.deepEqual(await matches("shortene|"), ['(await import("esm")).shortened']);
    assert.deepEqual(await matches("const readFileS|"), []);
    assert.deepEqual(await matches("measurement.readFileS|"), []);
    const cell = found[0] ?? "";
    assert.deepEqual(await notebook.problems(`${cell}("a").foo`), ["TS2339 foo"]);
  });

  test("nothing comes inside a comment or a plain string", async () => {
    for (const text of ["// mea|", "/* mea| */", '"mea|"', "`mea|`", "1 + 2.|"]) assert.deepEqual(await matches(text), [], text);
  });

  test("what is deprecated comes last", async () => {
    assert.deepEqual((await matches("import * as all from 'esm'; all.|")).at(-1), "usable");
  });

  test("magics are completed where a line may begin with one", async () => {
    assert.ok((await matches("%ti|")).includes("%time"));
    assert.ok((await matches("%%sq|")).includes("%%sql"));
    assert.deepEqual(await matches("1\n%%sq|"), []);
    assert.ok(!(await matches("5 %ti|")).includes("%time"));
  });

  test("half-written cells are completed as well", async () => {
    assert.deepEqual(await matches("if (measurement.fi|"), ["first"]);
    assert.deepEqual(await matches("const a = [measurement.fi|\nconst b = 2;"), ["first"]);
    assert.deepEqual(await matches("`${measurement.fi|"), ["first"]);
    assert.deepEqual(await matches("measurement.first.toF|; )"), ["toFixed"]);
  });

  test("no cursor and no text does harm", async () => {
    for (const [text, cursor] of [
      ["", 0],
      ["a", -5],
      ["a", 99],
      ["\u0000\u0000", 1],
      ["\ud800.", 2],
      ["((((((", 6],
    ] as const) {
      await completeCell(notebook.checker, text, cursor);
    }
  });
});
