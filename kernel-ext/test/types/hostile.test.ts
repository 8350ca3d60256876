import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { completeCell } from "../../src/types/complete-cell.ts";
import { completenessOf } from "../../src/types/completeness.ts";
import { inspectCell } from "../../src/types/inspect-cell.ts";
import { Notebook } from "./notebook.ts";
import { notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder();
after(folder.remove);
const notebook = new Notebook(folder.directory);

const long = Array.from({ length: 3000 }, (_, index) => `const line${index} = [${index}].map((x) => x + 1);`).join("\n");

const sources: Readonly<Record<string, string>> = {
  "one hundred thousand characters": long.slice(0, 100_000),
  "a megabyte of text": `const text = ${JSON.stringify("x".repeat(1_000_000))}; text.foo`,
  "a megabyte of numbers": `const numbers = [${"1, ".repeat(300_000)}]; numbers.foo`,
  "ten thousand parentheses": `${"(".repeat(10_000)}1${")".repeat(10_000)}`,
  "a hundred thousand brackets that are never closed": "[".repeat(100_000),
  "five thousand blocks in each other": `${"{".repeat(5000)}${"}".repeat(5000)}`,
  "a sum of ten thousand": `1${" + 1".repeat(10_000)}`,
  "a chain of three thousand calls": `[1]${".map((x) => x)".repeat(3000)}`,
  "three thousand arrows": `${"(a) => ".repeat(3000)}1`,
  "null bytes": "const a = 1;\0\0\0 a.\0foo;\0",
  "half of a pair": "const s = '\ud800'; \ud800; s.foo",
  "every control character": Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join(""),
  "an unterminated string": "const a = 'text",
  "an unterminated template": "const a = `text ${1 + `",
  "an unterminated comment": "1 /* text",
  "an unterminated regular expression": "const r = /abc[",
  "an unterminated class": "class A { #a = 1; get b() { return `",
  "a lone shebang": "#!/usr/bin/env node\n1",
  "a byte order mark": "\ufeffconst b = 1; b.foo",
  "line separators": "const c = 1;\u2028c.foo\u2029\r\rc",
  "names of the object's own": "const constructor = 1, hasOwnProperty = 2; let __proto__ = 3; constructor + hasOwnProperty + __proto__",
  "a name that shadows the kernel's": "const process = 1, console = 2, undefined1 = 3, Promise2 = 4; process.foo",
  "a type that contains itself": "type Loop = Loop; type Ring = { a: Ring['a'] }; interface Self extends Self {} let l: Loop;",
  "a function that is its own answer": "function f<T>(x: T) { return { x, y: f(f) }; } f(1).y.y.y.foo;",
};

describe("hostile cells are answered, and the session lives on", () => {
  for (const [name, source] of Object.entries(sources)) {
    test(name, async () => {
      const { diagnostics } = await notebook.run(source);
      for (const { start, end, code, message } of diagnostics) {
        assert.ok(start >= 0 && start <= end && end <= source.length, `${code} ${start}-${end} of ${source.length}`);
        assert.ok(message.length < 10_000);
      }
      for (const cursor of [0, Math.floor(source.length / 2), source.length]) {
        await completeCell(notebook.checker, source, cursor).catch(mayBeTooDeep);
        try {
          await inspectCell(notebook.checker, source, cursor, 1);
          completenessOf(source);
        } catch (error) {
          mayBeTooDeep(error);
        }
      }
      assert.deepEqual(await notebook.problems("const fine: number = 'a';"), ["TS2322 fine"]);
    });
  }
});

function mayBeTooDeep(error: unknown): void {
  assert.ok(error instanceof RangeError, String(error));
}
