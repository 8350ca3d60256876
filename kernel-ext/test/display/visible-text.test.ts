import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutText, visibleText } from "../../src/display/visible-text.ts";

test("what moves a cursor or turns a line is written out, letters of every script stay", () => {
  assert.equal(
    visibleText("a\u001b[31m\0\r\n\tb\u202e\u2028\u2066\ufeff\ud800"),
    "a\\u{1b}[31m\\u{0}\n\tb\\u{202e}\\u{2028}\\u{2066}\\u{feff}\\u{d800}",
  );
  assert.equal(visibleText("a\r\n\tb", { on: "one line" }), "a\\r\\n\\tb");
  for (const text of ["日本 ✓ é 👨‍👩‍👧 שלום \u200f می‌خواهم"]) assert.equal(visibleText(text), text);
});

test("a cut leaves no half character", () => {
  assert.equal(cutText("ab👍c", 3), "ab…");
  assert.equal(cutText("ab👍", 4), "ab👍");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, length) => assert.ok(cutText(text, length + 1).isWellFormed())),
  );
});
