import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur2 } from "../../src/debugger/murmur2.ts";

test("a cell's hash is that of ipykernel, and so of JupyterLab", () => {
  // ipykernel 7.4.0, compiler.murmur2_x86, seed 0xc70f6907.
  const known: readonly (readonly [string, number])[] = [
    ["", 3990065800],
    ["a", 2167009006],
    ["ab", 2805137849],
    ["abc", 3350977461],
    ["abcd", 804720481],
    ["const a = 1;\nlet b = a + 1;", 3710674584],
    ["\r\n", 2627338365],
    ["naïve — 🧪", 3704120887],
    ["x".repeat(1000), 2976633443],
    ["日本語のセル", 2621271069],
  ];
  for (const [text, hash] of known) assert.equal(murmur2(text, 0xc70f6907), hash, JSON.stringify(text.slice(0, 40)));
});
