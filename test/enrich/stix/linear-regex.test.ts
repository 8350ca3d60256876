import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../../src/core/index.ts";
import { LinearRegex } from "../../../src/enrich/stix/linear-regex.ts";

test("what an expression from outside does to a backtracking engine takes linear time here", () => {
  const text = `${"a".repeat(50_000)}!`;
  for (const regex of ["^(a+)+$", "(a|a)*b$", "(a*)*c", "(.*a){20}x"]) assert.equal(new LinearRegex(regex).test(text), false, regex);
  for (const refused of ["(a)\\1", "(?=a)b", "(?<=a)b", "a++", "(?>a)", "(((a{1000}){1000}){1000}", "((a{1000}){1000}){1000}"])
    assert.throws(() => new LinearRegex(refused), SoclabError, refused);
  assert.equal(new LinearRegex("(((?:){1000}){1000}){1000}").test(""), true);
});

test("the linear expressions find what JavaScript's own find", () => {
  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "(?:a|b)", "(a|)", "^", "$", "\\b", "\\x61");
  const repeat = fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?");
  const part = fc.tuple(atom, repeat).map(([what, times]) => (/^(?:\^|\$|\\b)$/.test(what) ? what : what + times));
  const regex = fc
    .array(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join("|"));
  fc.assert(
    fc.property(regex, fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "é"), maxLength: 8 }), (source, text) => {
      assert.equal(new LinearRegex(source).test(text), new RegExp(source, "u").test(text));
    }),
    { numRuns: 3000 },
  );
});
