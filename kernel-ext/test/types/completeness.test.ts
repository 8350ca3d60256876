import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completenessOf } from "../../src/types/completeness.ts";

const texts: Readonly<Record<string, readonly string[]>> = {
  complete: [
    "",
    "1 + 1",
    "const x = 1;",
    "x\n  .y()",
    "if (a) { b }",
    "%time 1",
    "!ls -l",
    "?name",
    "%%sql\nSELECT",
    "{ a: 1 }",
    "class A {}",
    "`a\nb`",
    "// only",
    "await x",
    "const x",
  ],
  incomplete: [
    "const x =",
    "1 +",
    "f(",
    "f(1,",
    "[1, 2",
    "if (x)",
    "if (x) {",
    "else_ = {",
    "function f() {\n  return 1;",
    "class A {\n  x = 1;",
    "@sealed",
    "`text",
    "`${a",
    "/* note",
    "a.",
    "a ? b :",
    "try {",
    "try { a }",
    "do {",
    "import { a }",
    "let t: {",
    "type T =",
    "x => {",
    "new",
    "async () => {\n  await y;",
  ],
  invalid: ["}", "a b", "const 1 = 2;", "f(1))", '"text', "let x = ;", "if (] {", "% 5"],
};

describe("completeness of a cell", () => {
  for (const [status, list] of Object.entries(texts)) {
    for (const text of list) test(`${JSON.stringify(text)} is ${status}`, () => assert.equal(completenessOf(text).status, status));
  }

  test("the next line is indented where something was opened", () => {
    const indents = [
      "if (x) {",
      "  if (x) {",
      "f(",
      "const x =",
      "if (x)",
      "} else {",
      "function f() {\n  const a = 1;",
      "`text",
      "for (const a of b) { // note",
    ].map((text) => completenessOf(text).indent);
    assert.deepEqual(indents, ["  ", "    ", "  ", "  ", "  ", "", "  ", "", "  "]);
  });
});
