import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cellMagics, lineMagics } from "../../src/cells/magic-forms.ts";
import { magicNames, translateMagics } from "../../src/cells/magics.ts";
import { parseSource, syntaxErrors } from "../../src/cells/source-file.ts";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: cells and what they become
const translations: readonly (readonly [cell: string, typescript: string])[] = [
  ["%time foo(1)", "await kernel.time(async () => (foo(1)));"],
  ["let x = 5\n%time let y = x + 1\ny", "let x = 5\nkernel.timeCell(); let y = x + 1\ny"],
  ["%%time\nf()", "kernel.timeCell();\nf()"],
  ["%timeit -n 10 -r 3 f()", "await kernel.timeit(() => (f()), { number: 10, repeat: 3 });"],
  ["%%timeit\nawait f()", "await kernel.timeit(async () => {\nawait f()\n}, {  });"],
  ["x\n%who", "x\nkernel.who()"],
  ["%reset -f a b", 'await kernel.reset("a", "b");'],
  ["%load 'a file.ts'", 'await kernel.load("a file.ts");'],
  ["%env", "kernel.env()"],
  ["%env HOME", 'kernel.env("HOME")'],
  ["%env A=b c", 'kernel.env("A", "b c")'],
  ["!ls -la", 'await kernel.sh("ls -la");'],
  ["?fs.readFileSync", 'await kernel.help("fs.readFileSync");'],
  ["kernel??", 'await kernel.help("kernel");'],
  ["%%sql --lake l --into t\nSELECT `a`, ${v} FROM conn", "const t = await l.sql`\nSELECT \\`a\\`, ${v} FROM conn`.rows();\nt"],
  ["%%sql\nSELECT 1", "lake.sql`\nSELECT 1`"],
  ["%limit time=5 memory=1GB", "kernel.limit({ seconds: 5, heapBytes: 1073741824 });"],
  ["%typecheck warn", 'kernel.typecheck("warn");'],
  ["%%writefile -a out.txt\nline\n", 'await kernel.writefile("out.txt", "line\\n", { append: true });'],
  ["%nope 1", 'kernel.unknownMagic("%nope");'],
  ["{ a: 1, b: [2] }", "({ a: 1, b: [2] })"],
];

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: cells and what they become
for (const [cell, typescript] of translations) {
  test(`${JSON.stringify(cell)} is translated`, () => assert.equal(translateMagics(cell).text, typescript));
}

for (const cell of [
  "a\n% b",
  "const s = `\n%time x\n`",
  "/*\n%who\n!ls\n*/",
  "const ok = a &&\n!b",
  "f(\n!x)",
  "{ let x = 1 }",
  "const t = a\n? b\n: c",
  "x ? y : z",
  "  %who",
]) {
  test(`${JSON.stringify(cell)} is TypeScript as it stands`, () => assert.equal(translateMagics(cell).text, cell));
}

test("a magic's own TypeScript keeps its place", () => {
  const cell = "1\n%time compute(x)";
  const { text, map } = translateMagics(cell);
  assert.equal(map.toSource(text.indexOf("compute")), cell.indexOf("compute"));
  assert.equal(map.toMade(cell.indexOf("x)")), text.indexOf("x)"));
});

test("a %typecheck line holds for its own cell", () =>
  assert.equal(translateMagics("%typecheck off\nlet x: number = 'a'").typecheck, "off"));

test("all magics are listed, with their sign", () => {
  const known = [...Object.keys(lineMagics).map((name) => `%${name}`), ...Object.keys(cellMagics).map((name) => `%%${name}`)];
  assert.deepEqual([...magicNames].sort(), known.sort());
});

test("any text is translated, and one without magic lines is left alone", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          "%",
          "%%",
          "!",
          "?",
          "time",
          "sql",
          "who",
          " ",
          "\n",
          "`",
          "${",
          "}",
          "{",
          "x",
          "1",
          ";",
          "//",
          "'",
          "\\",
          "\u{1f600}",
        ),
        { maxLength: 30 },
      ),
      (words) => {
        const cell = words.join("");
        const { text, map } = translateMagics(cell);
        assert.equal(
          map.pieces.reduce((sum, piece) => sum + piece.length, 0),
          text.length,
        );
        if (!/[%!?{]/.test(cell)) assert.equal(text, cell);
      },
    ),
  );
});

test("what is put in parses", () => {
  for (const [cell] of translations) {
    const { text } = translateMagics(cell);
    assert.deepEqual(syntaxErrors(parseSource(text)), [], text);
  }
});
