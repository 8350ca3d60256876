import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Notebook } from "./notebook.ts";
import { notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder();
after(folder.remove);

describe("types across cells", () => {
  let notebook: Notebook;
  before(() => {
    notebook = new Notebook(folder.directory);
  });

  const cell = async (source: string, expected: readonly string[] = []): Promise<void> => {
    assert.deepEqual(await notebook.problems(source), expected, source);
  };

  test("a name has the type of the cell that declared it last", async () => {
    await cell("const a = 1;");
    await cell("a.toFixed(); a.length;", ["TS2339 length"]);
    await cell("const a = 'text';");
    await cell("a.length; a.description;", ["TS2339 description"]);
    await cell("function a() { return true; }");
    await cell("a().valueOf(); a.length; a.foo;", ["TS2339 foo"]);
  });

  test("an earlier cell's let can be assigned to, and its const cannot", async () => {
    await cell("let counter = 1; const fixed = 1; function twice() {} class Kind {}");
    await cell("counter = 2; counter += 1; counter++; [counter] = [3];");
    await cell("counter = 'two';", ["TS2322 counter"]);
    const { diagnostics } = await notebook.run("fixed = 2;");
    assert.equal(diagnostics[0]?.message.split("\n")[0], "Cannot assign to 'fixed' because it is a constant.");
  });

  test("a cell that redeclares a name which it also uses is told so", async () => {
    await cell("const x = 1;");
    assert.ok((await notebook.problems("const x = x + 1;")).includes("TS2448 x"));
    await cell("let y = x;");
  });

  test("a type and a value of one name from two cells live side by side", async () => {
    await cell("const User = { id: 1 };");
    await cell("type User = typeof User; const one: User = { id: 'a' };", ["TS2322 id"]);
    await cell("User.id.toFixed(); const two: User = { id: 2 };");
    await cell("interface Point { x: number }");
    await cell("const Point = (x: number): Point => ({ x });");
    await cell("const p: Point = Point(1); Point('a');", ["TS2345 'a'"]);
    await cell("class Point { y = 1 }");
    await cell("new Point().y; new Point().x;", ["TS2339 x"]);
  });

  test("an empty list or variable can be filled by any later cell", async () => {
    await cell("const rows = []; let best; let none = null;");
    await cell("rows.push(1); rows.push('a'); best = 4; none = { a: 1 };");
    await cell("rows[0].anything; best.toFixed(); none.a;");
    await cell("rows.nothing;", ["TS2339 nothing"]);
  });

  test("a name that a cell forgot is unknown", async () => {
    await cell("const gone = 1; const stays = 2;");
    notebook.checker.forget(["gone"]);
    await cell("stays; gone;", ["TS2552 gone"]);
    notebook.checker.forget();
    await cell("stays;", ["TS2304 stays"]);
  });

  test("a cell that was prepared and did not run declares nothing", async () => {
    await notebook.checker.prepare("never", "const unseen = 1;", "on");
    await cell("unseen;", ["TS2304 unseen"]);
  });

  test("near names are found after many wrong ones", async () => {
    await cell("const measurement = 1; interface Measured { a: 1 }");
    for (let time = 0; time < 15; time += 1) await cell(`wrong${time};`, [`TS2304 wrong${time}`]);
    const { diagnostics } = await notebook.run("measurment; let m: Mesured;");
    assert.deepEqual(
      diagnostics.map(({ code, message }) => [code, message.split("\n")[0]]),
      [
        ["TS2552", "Cannot find name 'measurment'. Did you mean 'measurement'?"],
        ["TS2552", "Cannot find name 'Mesured'. Did you mean 'Measured'?"],
      ],
    );
  });

  test("top-level await, unused names and untyped catch clauses are nobody's error", async () => {
    await cell("const unused = await Promise.resolve(1); import { readFileSync } from 'node:fs'; try { null } catch (e) {}");
  });

  test("comment directives work, and a wrong one is an error", async () => {
    await cell("// @ts-nocheck\nconst n: string = 1; missing;");
    await cell("// @ts-ignore\nmissing;");
    await cell("// @ts-expect-error\nmissing;\n// @ts-expect-error\n1;", ["TS2578 // @ts-expect-error"]);
  });

  test("there is no DOM, and Node's globals and the cells' own are there", async () => {
    await cell("process.pid; Buffer.from('a'); setTimeout(() => {}, 1); fetch('x'); new URL('x:'); structuredClone({}); require('fs');");
    await cell(
      "[1].values().map((x) => x).toArray(); new Set([1]).union(new Set([2])); Promise.withResolvers(); Object.groupBy([1], String);",
    );
    await cell("display(1); md`# a`; html`<b>`; void kernel; void prompt;");
    const { diagnostics } = await notebook.run("document.title;");
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      ["Cannot find name 'document'."],
    );
  });

  test("a diagnostic has its chain, and says in which cell another part of it is", async () => {
    await cell("interface Deep { a: { b: { c: number } } }");
    const { diagnostics } = await notebook.run("const deep: Deep = { a: { b: {} } };");
    assert.match(
      diagnostics[0]?.message ?? "",
      /^Property 'c' is missing in type '{}'.*\n {2}'c' is declared here\. \(cell \d+, line 1\)/s,
    );
    const chain = await notebook.run("const wrong: Deep = { a: { b: { c: 1 } } } as { a: { b: { c: string } } };");
    assert.match(chain.diagnostics[0]?.message ?? "", /^Type .* is not assignable to type 'Deep'\.\n {2}The types of/s);
  });

  test("types of cells are named without their modules", async () => {
    await cell("class Box { #a = 1 } const old = new Box();");
    await cell("class Box { #a = 2 }");
    const { diagnostics } = await notebook.run("const box: Box = old; const f: (b: Box) => void = (b: typeof old) => {};");
    for (const { message } of diagnostics) assert.doesNotMatch(message, /import\(|~/);
  });

  test("offsets are those of the user's text, with characters outside the basic plane too", async () => {
    await cell("/* 😀😀 */ const s = '🎈'; s.foo; // 😀", ["TS2339 foo"]);
    await cell("%time 1 + 1\nconst t: string = 5; // 😀", ["TS2322 t"]);
    await cell("const 变量 = 1; 变量.foo", ["TS2339 foo"]);
  });

  test("a global that a cell declares is known from then on", async () => {
    await cell("declare global { interface Array<T> { second(): T } var shared: number }");
    await cell("[1, 2].second().toFixed(); shared.toFixed(); shared.foo;", ["TS2339 foo"]);
  });

  test("what only the checker refuses is an error before the cell runs", async () => {
    await cell("return 1;", ["TS1108 return"]);
    await cell("function f() { await 1; }", ["TS1308 await"]);
  });
});

describe("what a prepared cell holds", () => {
  const notebook = new Notebook(folder.directory);

  test("text that is no TypeScript is a syntax error in every mode, and declares nothing", async () => {
    for (const mode of ["on", "warn", "off"] as const) {
      const { isSyntaxError, diagnostics, script } = await notebook.run("const a = ;", mode);
      assert.deepEqual([isSyntaxError, diagnostics[0]?.code, diagnostics[0]?.start, script], [true, "TS1109", 10, ""]);
    }
  });

  test("without checking there are no diagnostics, and names are known all the same", async () => {
    assert.deepEqual(await notebook.problems("const late: string = 1;", "off"), []);
    assert.deepEqual(await notebook.problems("late.foo;"), ["TS2339 foo"]);
    assert.deepEqual(await notebook.problems("%typecheck off\nlate.foo;"), []);
  });

  test("imports that are only types are not in the script", async () => {
    const { script } = await notebook.run(
      "import { readFileSync, PathLike } from 'node:fs'; import { FSWatcher } from 'node:fs';\nlet s: PathLike;",
    );
    assert.match(script, /"readFileSync"/);
    assert.doesNotMatch(script, /PathLike|FSWatcher/);
  });

  test("the map leads from the script to the text with its magics", async () => {
    const source = "%time 1\nconst z: number = 4;\nz";
    const { script, map } = await notebook.run(source);
    assert.equal(map.toSource(script.lastIndexOf("= 4")), source.indexOf("= 4"));
  });

  test("the same text has the same answer as long as its names mean the same", async () => {
    await notebook.run("let n = 1;");
    assert.deepEqual(await notebook.problems("n.toFixed()"), []);
    assert.deepEqual(await notebook.problems("n.toFixed()"), []);
    await notebook.run("let n = 'text';");
    assert.deepEqual(await notebook.problems("n.toFixed()"), ["TS2551 toFixed"]);
  });

  test("a new checker knows what the old one knew", async () => {
    await notebook.run("class Kept { #a = 1; static make() { return new Kept(); } }");
    await notebook.run("const base = { q: 1 };");
    await notebook.run("function derive() { return base; }");
    const { generation } = notebook.checker.standing;
    notebook.checker.standing.renew();
    notebook.checker.warm();
    assert.notEqual(notebook.checker.standing.generation, generation);
    assert.deepEqual(await notebook.problems("const k: Kept = Kept.make(); k.foo; derive().q.bar;"), ["TS2339 foo", "TS2339 bar"]);
  });
});
