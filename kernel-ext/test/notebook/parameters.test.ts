import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { service } from "../../../test/services.ts";
import { injectParameters, parametersSource } from "../../src/notebook/inject-parameters.ts";
import { isCodeCell } from "../../src/notebook/notebook.ts";
import { NotebookError } from "../../src/notebook/notebook-error.ts";
import { type ParameterValue, parameterExpression, parameterJson, parseParameterValue } from "../../src/notebook/parameter-value.ts";
import { parseNotebook } from "../../src/notebook/parse-notebook.ts";
import { notebookText, taggedCell } from "./notebook-text.ts";

const papermill = service("python", ["papermill"]);

const evaluated = (source: string): unknown => new Function(`return (${source})`)();

test("a word is the value that papermill takes it for", { skip: papermill.skip }, () => {
  const words = [
    "5",
    "-5",
    "+7",
    "007",
    "1_000",
    "1__0",
    "_1",
    "1e5",
    "1E-5",
    "1.",
    ".5",
    "-.5",
    ".",
    "1.2.3",
    "1_0.5_0",
    "",
    " 5 ",
    "x",
    "2022-06-10",
    "0x10",
    "True",
    "False",
    "None",
    "TRUE",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "Infinity",
    "-0",
    "12345678901234567890",
    "9007199254740991",
    "9007199254740992",
    "5n",
    "1e",
    "e5",
    "-",
  ];
  const program = `
import json, sys
from papermill.cli import _resolve_type
def named(value):
    return [type(value).__name__, str(value) if isinstance(value, float) else value if not isinstance(value, int) or isinstance(value, bool) else str(value)]
json.dump([named(_resolve_type(word)) for word in json.load(sys.stdin)], sys.stdout)
`;
  const run = spawnSync(papermill.path, ["-c", program], { input: JSON.stringify(words), encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const theirs: [string, string | boolean | null][] = JSON.parse(run.stdout);
  for (const [index, word] of words.entries()) {
    const [type, value] = theirs[index] ?? [];
    const ours = parseParameterValue(word);
    if (type === "int") assert.equal(String(ours), value, word);
    else if (type === "float")
      assert.ok(
        Object.is(ours, evaluated(String(value).replace("nan", "NaN").replace("inf", "Infinity"))),
        `${word}: ${ours} and ${value}`,
      );
    else assert.equal(ours, value, word);
  }
});

test("TypeScript's own true, false and null are values too", () => {
  assert.deepEqual(["true", "false", "null", "undefined"].map(parseParameterValue), [true, false, null, "undefined"]);
});

test("any value is the same when TypeScript evaluates its expression, hostile text included", () => {
  const { value } = fc.letrec<{ value: ParameterValue; leaf: ParameterValue }>((tie) => ({
    leaf: fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.constant('"; process.exit(); "'),
      fc.constant("</script>`\u2028"),
    ),
    value: fc.oneof(
      tie("leaf"),
      fc.array(tie("leaf")),
      fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), tie("leaf"), { noNullPrototype: true }),
    ),
  }));
  fc.assert(fc.property(value, (given) => assert.deepEqual(evaluated(parameterExpression(given)), given)));
});

test("the notebook's metadata takes what JSON can hold, and the rest as text", () => {
  assert.deepEqual(parameterJson({ big: 5n, not: Number.NaN, list: [1n, null], text: "x" }), {
    big: "5",
    not: "NaN",
    list: ["1", null],
    text: "x",
  });
});

test("parameters go behind the cell that declares them, and name what it does not know", () => {
  const notebook = parseNotebook(
    notebookText(["0", taggedCell("let day = '1'; const { n, m } = x;\nfunction f() {}", "parameters"), "1"]),
    "a",
  );
  assert.deepEqual(injectParameters(notebook, { day: "2022-06-10", n: 3, dya: true }), [
    'Unknown parameter "dya": the parameters cell does not declare it. Did you mean "day"?',
  ]);
  assert.deepEqual(notebook.cells.map(({ source }) => source).slice(1, 4), [
    "let day = '1'; const { n, m } = x;\nfunction f() {}",
    '// Parameters\nlet day = "2022-06-10";\nlet n = 3;\nlet dya = true;',
    "1",
  ]);
  assert.deepEqual(notebook.cells[2]?.metadata, { tags: ["injected-parameters"] });
});

test("parameters that were set before are replaced in place, outputs and all", () => {
  const notebook = parseNotebook(
    notebookText([taggedCell("let a = 1", "parameters"), "x", taggedCell("let a = 2", "injected-parameters")]),
    "a",
  );
  injectParameters(notebook, { a: 3 });
  injectParameters(notebook, { a: 4 });
  assert.deepEqual(
    notebook.cells.map(({ source }) => source),
    ["let a = 1", "x", "// Parameters\nlet a = 4;"],
  );
});

test("without a parameters cell they stand at the top, and that is said", () => {
  const notebook = parseNotebook(notebookText(["x"]), "a");
  assert.match(String(injectParameters(notebook, { a: 1 })), /no cell with the tag "parameters"/);
  assert.equal(notebook.cells[0]?.source, "// Parameters\nlet a = 1;");
  assert.equal(notebook.cells.filter(isCodeCell).length, 2);
});

test("only a TypeScript name can be a parameter", () => {
  for (const name of ["day", "π", "$x", "_", "type", "of", "async"]) assert.match(parametersSource({ [name]: 1 }), /let .* = 1;/);
  for (const name of ["", "a b", "a;b", "1a", "class", "let", "await", "x\n", "a=1,b", "eval", "a.b", "/**/a"]) {
    assert.throws(() => parametersSource({ [name]: 1 }), NotebookError, JSON.stringify(name));
  }
});
