import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linearTimeFault, searchTimeFault } from "../../src/core/index.ts";

/** Known from published attacks and from practice. */
const refused: readonly (readonly [pattern: string, kind: string])[] = [
  ["(a+)+", "exponential"],
  ["([a-zA-Z]+)*", "exponential"],
  ["(a|aa)+", "exponential"],
  ["(a|a?)+", "exponential"],
  ["(x*)*", "exponential"],
  ["(\\w+\\s?)*z", "exponential"],
  ["([a-z0-9]+([._-][a-z0-9]+)*)*@", "exponential"],
  ["(?:.*,)*x", "exponential"],
  ["a*a*b", "polynomial"],
  ["(.*)(.*)x", "polynomial"],
  [".*foo.*bar", "polynomial"],
  ["\\d+\\d+x", "polynomial"],
  ["\\s*(\\S+)\\s*=\\s*(\\S+)", "polynomial"],
  ["(?=a)b", "syntax"],
  ["(?<!a)b", "syntax"],
  ["(a)\\1", "syntax"],
  ["(?<x>a)\\k<x>", "syntax"],
  ["(a", "syntax"],
  ["a{2,1}", "syntax"],
];
const accepted = [
  "",
  "abc",
  ".*",
  '[^ ]+ [^ ]+ \\[[^\\]]*\\] "[^"]*" \\d{3} (?:\\d+|-)',
  "([a-z]+,)*x",
  "(a|b)*c",
  '"(?:[^"\\\\]|\\\\.)*"',
  "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z",
  "(?:[0-9]{1,3}\\.){3}[0-9]{1,3}",
  "[^,]*,[^,]*,[^,]*",
  "a?b?c?d?",
  "x.*y",
];

test("patterns that can take more than linear time are refused, with the kind and the place", () => {
  for (const [pattern, kind] of refused) {
    const fault = linearTimeFault(pattern);
    assert.equal(fault?.kind, kind, pattern);
    assert.ok(fault.places.every((place) => place >= 0 && place <= pattern.length));
  }
});

test("a count that makes a repeat inside a repeat is refused too", () => {
  assert.notEqual(linearTimeFault("(.*a){12}"), null);
});

test("ordinary patterns pass", () => {
  for (const pattern of accepted) assert.equal(linearTimeFault(pattern), null, pattern);
});

test("an attack that is named is one: matching time grows faster than the text", () => {
  const seconds = (matcher: RegExp, text: string) => {
    const start = process.cpuUsage();
    matcher.test(text);
    return process.cpuUsage(start).user / 1e6;
  };
  for (const [pattern, kind] of refused.filter(([, kind]) => kind === "exponential")) {
    const { attack } = linearTimeFault(pattern)!;
    const matcher = new RegExp(`^(?:${pattern})$`, "s");
    // Doubles or more with each pump, so that soon one of them takes long.
    let worst = 0;
    for (let times = 4; times <= 30 && worst < 0.02; times++) {
      const suffixes = [attack!.suffix, "\u0001", "!"];
      worst = Math.max(...suffixes.map((suffix) => seconds(matcher, attack!.prefix + attack!.pump.repeat(times) + suffix)));
    }
    assert.ok(worst >= 0.02, `${pattern} (${kind}) with ${JSON.stringify(attack)} stayed fast`);
  }
});

/** Patterns over two letters, so that loops meet. */
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("a", "b", "[ab]", "."),
    fc.tuple(tie("node"), tie("node")).map(([x, y]) => x + y),
    fc.tuple(tie("node"), tie("node")).map(([x, y]) => `(?:${x}|${y})`),
    fc.tuple(tie("node"), fc.constantFrom("*", "+", "?", "{0,2}")).map(([x, times]) => `(?:${x})${times}`),
  ),
})).node;

test("what passes is fast on long texts, whatever the pattern", () => {
  fc.assert(
    fc.property(pattern, fc.stringMatching(/^[abc]{1,6}$/), fc.constantFrom("", "c", "ab"), (source, pump, suffix) => {
      if (linearTimeFault(source) !== null) return;
      const matcher = new RegExp(`^(?:${source})$`, "s");
      const start = process.cpuUsage();
      matcher.test(pump.repeat(20_000) + suffix);
      // A quadratic one takes seconds here, an exponential one for ever; linear is a few milliseconds.
      assert.ok(process.cpuUsage(start).user < 1e6, source);
    }),
    { numRuns: 300 },
  );
});

test("a search anywhere begins anew at every place, which counts as a loop", () => {
  for (const passes of [
    "^C[0-9A-Za-z]+$",
    "\\.exe$",
    "foo",
    "(evil|bad)",
    "^a|b$",
    "^[a-z]+@",
    "^\\d+\\$",
    "[0-9]{3}-[0-9]{4}",
    "a|^[|]+$|b",
  ])
    assert.equal(searchTimeFault(passes), null, passes);
  const places = (source: string) => {
    const fault = searchTimeFault(source);
    return [fault?.kind, ...(fault?.places ?? [])];
  };
  assert.deepEqual(places("[a-z]+@"), ["polynomial", 0, 0]);
  assert.deepEqual(places("x|^(a+)+$"), ["exponential", 4]);
  assert.match(searchTimeFault("\\d+x")!.reason, /begin it with \^/);
});
