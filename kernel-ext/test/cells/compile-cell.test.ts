import assert from "node:assert/strict";
import { after, test } from "node:test";
import { compileCell } from "../../src/cells/compile-cell.ts";
import { Repl } from "./repl.ts";

const repl = new Repl();
after(() => repl.close());

/** Cells run one after the other in one session; the value of the last expression of each. */
const sessions: readonly { readonly name: string; readonly cells: readonly (readonly [source: string, value: unknown])[] }[] = [
  {
    name: "the last expression is the result, and a declaration has none",
    cells: [
      ["1 + 1", 2],
      ["1; 2;", 2],
      ["1; let noResult = 2", undefined],
      ["'text' as string", "text"],
      ["(5 satisfies number)", 5],
      ["await Promise.resolve(3)", 3],
      ["// nothing", undefined],
      ["", undefined],
      ["7 // why", 7],
      ["export default 8", 8],
      ["function last() {}\nlast.name", "last"],
    ],
  },
  {
    name: "a name may be declared again as anything",
    cells: [
      ["const a = 1", undefined],
      ["let a = 2; a", 2],
      ["var a = 3; a", 3],
      ["function a() { return 4 }\na()", 4],
      ["class a { static n = 5 }\na.n", 5],
      ["enum a { B = 6 }\na.B", 6],
      ["import { sep as a } from 'node:path'; a", "/"],
      ["const { a } = { a: 7 }; a", 7],
      ["const [a, ...rest] = [8, 9]; rest.concat(a)", [9, 8]],
      ["for (var a = 0; a < 3; a++) {}\na", 3],
      ["if (true) { var { a } = { a: 10 } }\na", 10],
      ["for (var a of [11]) {}\na", 11],
      ["let a: number; a", undefined],
    ],
  },
  {
    name: "later cells see and change what earlier ones declared",
    cells: [
      ["let n = 1; const add = () => ++n", undefined],
      ["add(); n", 2],
      ["n += 5; add()", 8],
      ["function twice(x: number) { return helper(x) * 2 }\nfunction helper(x: number) { return x + 1 }", undefined],
      ["twice(1)", 4],
      ["function helper(x: number) { return x }\ntwice(1)", 2],
    ],
  },
  {
    name: "functions are there before their line, and may be assigned to",
    cells: [
      ["const early = later(); function later() { return 'hoisted' }\nearly", "hoisted"],
      ["async function* g() { yield 1 }\n[later.name, g.constructor.name]", ["later", "AsyncGeneratorFunction"]],
      ["function self() { self = () => 2 as never; return 1 }\n[self(), self()]", [1, 2]],
    ],
  },
  {
    name: "names of functions and classes are kept",
    cells: [
      ["const arrow = () => 1; class Named<T> { x!: T }\n[arrow.name, Named.name, new Named() instanceof Named]", ["arrow", "Named", true]],
    ],
  },
  {
    name: "what TypeScript cannot erase is compiled: enums, namespaces, parameter properties, decorators",
    cells: [
      ["enum Color { Red, Blue = 5 }\nColor[5]", "Blue"],
      ["namespace Space { export const x = Color.Blue }\nSpace.x", 5],
      ["class Point { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y } }\nnew Point(1).sum()", 3],
      [
        "function twice(f: (this: D) => number, _: unknown) { return function (this: D) { return f.call(this) * 2 } }\nclass D { @twice m() { return 21 } }\nnew D().m()",
        42,
      ],
    ],
  },
  {
    name: "imports bind as in a module, wherever they stand",
    cells: [
      [
        "import * as path from 'node:path'; import fs, { existsSync as there } from 'node:fs';\n[typeof path.join, typeof fs.readFileSync, there('/')]",
        ["function", "function", true],
      ],
      ["import { type PathLike, statSync } from 'node:fs'\nimport type { Stats } from 'node:fs'\ntypeof statSync", "function"],
      ["const early2 = typeof basename; import { basename } from 'node:path'; early2", "function"],
      ["const m = await import('node:os'); typeof m.cpus", "function"],
      ["import 'node:os'; import.meta.url", "file:///notebook.ts"],
    ],
  },
  {
    name: "lines without semicolons stay apart",
    cells: [
      ["let p = 1\nconst { q } = { q: 2 }\nlet [r] = [3]\np + q + r", 6],
      ["let f1 = () => 1\nimport 'node:os'\n(2)", 2],
      ["const i = 1\ntype T = number\n;[i]", [1]],
    ],
  },
  {
    name: "loops and closures keep their own variables",
    cells: [["const fs3: (() => number)[] = []; for (let k = 0; k < 3; k++) fs3.push(() => k)\nfs3.map((f) => f())", [0, 1, 2]]],
  },
  {
    name: "generic arrows, overloads, abstract classes and assertions are erased",
    cells: [
      [
        "const id = <T,>(x: T): T => x\nfunction over(x: string): string\nfunction over(x: number): number\nfunction over(x: unknown) { return x }\nabstract class Base { abstract m(): void; declare y: number }\nclass Impl extends Base { m() {} }\nover(id(5))!",
        5,
      ],
    ],
  },
];

for (const { name, cells } of sessions) {
  test(name, async () => {
    for (const [source, value] of cells) assert.deepEqual(await repl.run(source), value, source);
  });
}

test("scripts are strict", async () => {
  await assert.rejects(repl.run("undeclaredName = 1"), /undeclaredName is not defined/);
});

test("a module of which only types are wanted is not loaded", async () => {
  repl.imported.length = 0;
  await repl.run("import type { Stats } from 'node:fs'; import { type PathLike } from 'node:fs'");
  assert.deepEqual(repl.imported, []);
  const isTypeOnly = (name: string) => name === "Stats";
  assert.doesNotMatch(compileCell("import { Stats } from 'node:fs'", { cell: "1", isTypeOnly }).script, /load/);
  assert.match(compileCell("import { Stats, statSync } from 'node:fs'", { cell: "1", isTypeOnly }).script, /\["statSync"\]/);
});

test("declared names are all names of the top, types too, nothing from inside", () => {
  const { declared } = compileCell(
    "import d, { a as b, type T } from 'x'; import * as ns from 'y'; const { p, q: [r] } = z; class C {} interface I {} type A = 1; enum E {} namespace N {} function f(inner: number) { let deep; var deeper } { let block; var escapes } export const e = 1; declare const amb: number; declare global { interface G {} }",
    { cell: "1" },
  );
  assert.deepEqual([...declared].sort(), ["A", "C", "E", "I", "N", "T", "amb", "b", "d", "e", "escapes", "f", "ns", "p", "r"]);
});

test("every character that is copied maps back to itself", () => {
  const source =
    "import { x as y } from 'mod'\nconst answer: number = 42, { z } = y as any\nfunction f<T>(a: T) { return a }\nfor (var i = 0; i < 1; i++) f(i)\nf(answer)";
  const { script, map } = compileCell(source, { cell: "1" });
  for (const word of ["'mod'", "answer         = 42", "return a", "i++", "f(answer)"]) {
    const at = script.lastIndexOf(word);
    assert.notEqual(at, -1, `${word} in ${script}`);
    for (let i = 0; i < word.length; i++) if (word[i] !== " ") assert.equal(source[map.toSource(at + i)], word[i], `${word} at ${i}`);
  }
});

test("positions survive TypeScript's own emit", () => {
  const source = "enum E { A }\n\nfunction fails(x: E): never {\n  throw new Error('here')\n}\nfails(E.A)";
  const { script, map } = compileCell(source, { cell: "1" });
  const at = map.toSource(script.indexOf("throw new Error"));
  assert.equal(source.slice(0, at).split("\n").length, 4);
});

test("a name of a global is the cell's parameter, so that no package loses the global", () => {
  const { script } = compileCell("const process = 1, own = 2", { cell: "1" });
  assert.match(script, /let own;__kernel__\.define\(async\(\{process\}=\{\}\)=>\{__kernel__\.shadow\(\{process:\(\)=>process\}\);/);
  const later = compileCell("process + 1", { cell: "2", shadowed: ["process", "Buffer"] }).script;
  assert.match(later, /define\(async\(\{process=globalThis\.process\}=\{\}\)/);
});
