import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspectCell } from "../../src/types/inspect-cell.ts";
import type { Inspection } from "../../src/types/service.ts";
import { Notebook } from "./notebook.ts";
import { notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder({
  "node_modules/esm/package.json": '{ "name": "esm", "types": "./index.d.ts" }',
  "node_modules/esm/index.d.ts":
    "/**\n * Rounds a number.\n * @param x - what is rounded\n * @example\n * round(1.5) // 2\n */\nexport declare function round(x: number): number;\n",
});
after(folder.remove);

describe("inspection", () => {
  let notebook: Notebook;
  before(async () => {
    notebook = new Notebook(folder.directory);
    await notebook.run(
      "/** Adds two numbers. */\nfunction add(a: number, b = 2): number {\n  return a + b;\n}\nclass Box<T> {\n  /** Inside. */\n  value!: T }",
    );
    await notebook.run("import { round } from 'esm';");
  });

  const inspect = (text: string, detail: 0 | 1 = 0): Promise<Inspection | undefined> => {
    const cursor = text.indexOf("|");
    return inspectCell(notebook.checker, text.slice(0, cursor) + text.slice(cursor + 1), cursor, detail);
  };

  test("a name has its signature and its documentation, at its start, inside and at its end", async () => {
    for (const text of ["|add(1)", "a|dd(1)", "add|(1)"]) {
      assert.match((await inspect(text))?.text ?? "", /^function add\(a: number, b\?: number\): number\n\nAdds two numbers\./, text);
    }
    assert.match((await inspect("ad|d"))?.markdown ?? "", /^```typescript\nfunction add\(.*\n```\n\nAdds two numbers\.$/);
  });

  test("documentation of libraries is there, with its tags", async () => {
    const { markdown = "", text = "" } = (await inspect("rou|nd")) ?? {};
    assert.match(
      markdown,
      /Rounds a number\.\n\n\*@param\* `x` — what is rounded\n\n\*@example\*\n```typescript\nround\(1\.5\) \/\/ 2\n```/,
    );
    assert.match(text, /Rounds a number\.\n\n@param x - what is rounded\n\n@example round/);
    assert.match((await inspect("Math.ma|x"))?.text ?? "", /Returns the larger/);
    assert.match((await inspect("[1].ma|p"))?.text ?? "", /Calls a defined callback function/);
  });

  test("members, types, variables of this cell and keywords of classes", async () => {
    assert.match((await inspect("new Box<string>().val|ue"))?.text ?? "", /Box<string>\.value: string\n\nInside\./);
    assert.match((await inspect("let b: Bo|x<1>"))?.text ?? "", /class Box<T>/);
    assert.match((await inspect("const here = [1]; her|e"))?.text ?? "", /^const here: number\[\]/);
    assert.match((await inspect("class A { m() { return thi|s } }"))?.text ?? "", /this/);
  });

  test("inside the parentheses the call is described", async () => {
    assert.match((await inspect("add(|"))?.text ?? "", /^add\(a: number, b\?: number\): number\n\nAdds two numbers\./);
    assert.match((await inspect("add(1, |)"))?.text ?? "", /^add\(/);
    assert.match((await inspect("new Box<number>(|)"))?.text ?? "", /Box/);
  });

  test("more detail tells where and how it is declared", async () => {
    assert.match(
      (await inspect("ad|d", 1))?.text ?? "",
      /cell 1, line 2\nfunction add\(a: number, b = 2\): number \{\n {2}return a \+ b;\n\}$/,
    );
    assert.match((await inspect("const own = 1; ow|n", 1))?.text ?? "", /this cell, line 1\nconst own = 1;/);
    assert.match((await inspect("rou|nd", 1))?.text ?? "", /esm/);
  });

  test("nothing is said about nothing", async () => {
    for (const text of ["|", "1 + |2", "   |  ", "// add|", '"add|"', "missing_nam|e", "+|"])
      assert.equal(await inspect(text), undefined, text);
  });
});
