import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { service } from "../../../test/services.ts";
import { formatNotebook, overwritten } from "../../src/notebook/format-notebook.ts";
import { NotebookError } from "../../src/notebook/notebook-error.ts";
import { parseNotebook } from "../../src/notebook/parse-notebook.ts";
import { checkWritable, writeWhole } from "../../src/notebook/save-notebook.ts";
import { markdownCell, notebookText } from "./notebook-text.ts";

const python = service("python", ["nbformat"]);
const folder = mkdtempSync(join(tmpdir(), "notebook-file-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const outputs = [
  { output_type: "stream", name: "stdout", text: ["one\n", "two"] },
  {
    output_type: "execute_result",
    execution_count: 3,
    metadata: {},
    data: { "text/plain": ["a\n", "b"], "application/json": { a: ["x", "y"] } },
  },
  { output_type: "display_data", metadata: { isolated: true }, data: { "image/svg+xml": ["<svg>\n", "</svg>"], "image/png": "aGk=" } },
  { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mE\u001b[0m"] },
];

test("a file is written as nbformat writes it, byte for byte", { skip: python.skip }, () => {
  const text = notebookText(
    [
      "1 + 1\n// é 𝔘 \u2028",
      { source: ["a\n", "b"], outputs, execution_count: 3 },
      markdownCell("# T\ntext"),
      "",
      markdownCell("x", { attachments: { "a.png": { "image/png": "aGk=" } } }),
    ],
    {
      kernelspec: { name: "soclab", display_name: "T", language: "typescript" },
      ours: { z: 1, a: [{ d: 1, c: 2 }] },
    },
  );
  const program = `
import nbformat, sys
notebook = nbformat.reads(sys.stdin.read(), as_version=4)
nbformat.validate(notebook)
sys.stdout.write(nbformat.writes(notebook) + "\\n")
`;
  const written = formatNotebook(parseNotebook(text, "a.ipynb"));
  const run = spawnSync(python.path, ["-c", program], { input: written, encoding: "utf8", env: { ...process.env, PYTHONUTF8: "1" } });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(written, run.stdout);
});

test("reading what was written gives the same notebook", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 5 }), fc.string(), (sources, stream) => {
      const shown = [{ output_type: "stream", name: "stderr", text: stream.replaceAll("\r", "") }];
      const notebook = parseNotebook(notebookText(sources.map((source) => ({ source, outputs: shown }))), "a.ipynb");
      assert.deepEqual(parseNotebook(formatNotebook(notebook), "a.ipynb"), notebook);
    }),
  );
});

test("an older notebook becomes 4.5: each cell gets an id of its own, twins too", () => {
  const old = {
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [1, 2].map(() => ({ cell_type: "code", metadata: {}, source: [], outputs: [], execution_count: null })),
  };
  const upgraded = parseNotebook(JSON.stringify(old), "a.ipynb");
  assert.equal(upgraded.nbformat_minor, 5);
  const twins = parseNotebook(notebookText(["1", { source: "2", id: "cell-1" }, { source: "3", id: "not an id!" }]), "a.ipynb");
  for (const { cells } of [upgraded, twins]) {
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
    for (const { id } of cells) assert.match(id, /^[a-zA-Z0-9_-]{1,64}$/);
  }
  assert.equal(twins.cells[0]?.id, "cell-1");
});

test("a file that is no notebook is named, with the cell that is wrong and how", () => {
  const cells = (...list: unknown[]) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: list });
  for (const [text, message] of [
    ["", /a\.ipynb is no notebook/],
    ["{", /a\.ipynb is no notebook/],
    ["[]", /it holds a list, not a JSON object/],
    ["null", /it holds null/],
    ["{}", /has notebook format missing; it must be 4/],
    [JSON.stringify({ nbformat: 3, worksheets: [] }), /has notebook format 3; it must be 4/],
    [JSON.stringify({ nbformat: 4 }), /cells is missing; it must be a list/],
    [JSON.stringify({ nbformat: 4, cells: {} }), /cells is an object/],
    [JSON.stringify({ nbformat: 4, cells: [], metadata: [] }), /metadata is a list/],
    [cells(5), /cell 1 is 5; it must be an object/],
    [cells({ cell_type: "code" }, { cell_type: "heading" }), /cell 2: cell_type is "heading"; it must be "code", "markdown" or "raw"/],
    [cells({ cell_type: "code", source: 5 }), /cell 1: source is 5/],
    [cells({ cell_type: "code", source: ["a", 5] }), /cell 1: source is a list/],
    [cells({ cell_type: "code", metadata: "x" }), /cell 1: metadata is "x"/],
    [cells({ cell_type: "code", outputs: {} }), /cell 1: outputs is an object/],
    [cells({ cell_type: "code", outputs: [null] }), /cell 1: an output is null/],
    [cells({ cell_type: "code", outputs: [{ output_type: "pyout" }] }), /cell 1: an output has output_type "pyout"/],
  ] as const) {
    assert.throws(
      () => parseNotebook(text, "a.ipynb"),
      (error) => error instanceof NotebookError && message.test(error.message),
      text,
    );
  }
});

test("NaN and Infinity, which Python writes into a notebook, are read as null", () => {
  const text = notebookText([{ source: '"NaN, -Infinity"', metadata: { a: 0.5 } }]).replace("0.5", "[NaN, -Infinity, Infinity]");
  const [cell] = parseNotebook(text, "a.ipynb").cells;
  assert.deepEqual([cell?.metadata.a, cell?.source], [[null, null, null], '"NaN, -Infinity"']);
  assert.throws(() => parseNotebook('{"a": NaN', "a.ipynb"), NotebookError);
});

test("no JSON crashes the reader in another way", () => {
  const cell = fc.record(
    { cell_type: fc.constantFrom("code", "markdown", "raw", "x"), source: fc.jsonValue(), outputs: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(cell, fc.jsonValue())), (cells) => {
      try {
        formatNotebook(parseNotebook(JSON.stringify({ nbformat: 4, cells }), "a.ipynb"));
      } catch (error) {
        assert.ok(error instanceof NotebookError, String(error));
      }
    }),
  );
});

test("a line that was written over shows its last state, as a terminal does", () => {
  for (const [text, shown] of [
    ["10 %\r20 %\rdone\n", "done\n"],
    ["a\r\nb\r\n", "a\nb\n"],
    ["10 %\r", "10 %"],
    ["plain\n\n", "plain\n\n"],
  ] as const) {
    assert.equal(overwritten(text), shown);
  }
});

test("a file is replaced as a whole, and nothing is left where it cannot be", () => {
  const path = join(folder, "out.ipynb");
  writeWhole(path, "first");
  writeWhole(path, "second");
  checkWritable(path);
  assert.equal(readFileSync(path, "utf8"), "second");
  assert.deepEqual(readdirSync(folder), ["out.ipynb"]);
  assert.throws(() => checkWritable(join(folder, "none", "out.ipynb")), /there is no folder/);
  assert.throws(() => checkWritable(folder), /it is a folder/);
  writeFileSync(join(folder, "file"), "");
  assert.throws(() => checkWritable(join(folder, "file", "out.ipynb")), /there is no folder/);
});
