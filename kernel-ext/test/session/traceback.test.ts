import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { compileCell } from "../../src/cells/compile-cell.ts";
import type { RunnableScript } from "../../src/session/messages.ts";
import { describeError } from "../../src/session/traceback.ts";

const source = "type T = number\n\nfunction fail(x: T) {\n  throw new Error('boom')\n}\nfail(1)";
const compiled = compileCell(source, { cell: "7" });
const cell: RunnableScript = { url: "cell-7.ts", cell: "7", script: compiled.script, source, pieces: compiled.map.pieces, declared: [] };
const cells = new Map([[cell.url, cell]]);
const home = "/kernel/src/";

/** A stack as V8 writes it, at the place of a text in the script. */
function frameAt(text: string, name: string): string {
  const before = compiled.script.slice(0, compiled.script.indexOf(text)).split("\n");
  return `    at ${name} (cell-7.ts:${before.length}:${(before.at(-1)?.length ?? 0) + 1})`;
}

function shown(error: unknown): string[] {
  return describeError(error, cells, home).traceback.map((line) => stripVTControlCharacters(line));
}

test("a traceback has the lines of the cell, and no frame of the kernel", () => {
  const error = Object.assign(new Error("boom"), {
    stack: [
      "Error: boom",
      frameAt("new Error", "fail"),
      frameAt("fail(1)", "Object.body"),
      `    at Session.run (file://${home}session/session.ts:1:1)`,
      "    at node:internal/x:1:1",
      "    at f (file:///data/local.ts:3:4)",
    ].join("\n"),
  });
  assert.deepEqual(shown(error), [
    "Error: boom",
    "  3 │ function fail(x: T) {",
    "→ 4 │   throw new Error('boom')",
    "              ^",
    "  5 │ }",
    "    at fail (cell 7, line 4, column 9)",
    "    at (cell 7, line 6, column 1)",
    "    at f (/data/local.ts:3:4)",
  ]);
});

test("causes, hints, codes and the errors of an aggregate are kept", () => {
  const inner = Object.assign(new Error("disk full"), { code: "ENOSPC", stack: "" });
  const outer = Object.assign(new TypeError("cannot write", { cause: inner }), { hint: "make room", stack: "" });
  assert.deepEqual(shown(outer), ["TypeError: cannot write", "Hint: make room", "Caused by:", "Error [ENOSPC]: disk full"]);
  const many = Object.assign(
    new AggregateError(
      Array.from({ length: 7 }, (_, i) => Object.assign(new Error(`e${i}`), { stack: "" })),
      "all failed",
    ),
    { stack: "" },
  );
  const lines = shown(many);
  assert.equal(lines.filter((line) => line === "One of the errors:").length, 5);
  assert.equal(lines.at(-1), "… 2 more errors");
});

test("a circle of causes ends", () => {
  const error: Error = Object.assign(new Error("a"), { stack: "" });
  error.cause = error;
  assert.deepEqual(shown(error), ["Error: a", "Caused by: (an error shown above)"]);
});

test("whatever is thrown is described", () => {
  assert.deepEqual(describeError("text", cells, home), {
    ename: "Uncaught",
    evalue: "'text'",
    traceback: describeError("text", cells, home).traceback,
  });
  const hostile = {
    get name(): string {
      throw new Error("no");
    },
    get message(): string {
      throw new Error("no");
    },
    stack: 5,
  };
  for (const value of [
    undefined,
    null,
    0,
    -0,
    1n,
    Symbol("s"),
    () => {},
    {},
    hostile,
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap");
        },
      },
    ),
    Object.create(null),
  ]) {
    const { ename, evalue, traceback } = describeError(value, cells, home);
    assert.ok(typeof ename === "string" && typeof evalue === "string" && traceback.length > 0);
  }
});
