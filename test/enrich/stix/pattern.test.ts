import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../../src/core/index.ts";
import { type Pattern, parsePattern, validatePattern, writePattern } from "../../../src/enrich/index.ts";
import type { Comparison, ObjectPath, PatternLiteral, Qualifier } from "../../../src/enrich/stix/pattern.ts";
import { fixture, matchCases } from "./fixtures.ts";

const matching = matchCases();
const validation = fixture("stix-patterns/validate.json") as readonly { readonly pattern: string; readonly valid: boolean }[];

test("the 43 cases of the OASIS pattern validator end as expected, and every mistake has its place", async (t) => {
  assert.equal(validation.length, 43);
  for (const { pattern, valid } of validation)
    await t.test(pattern, () => {
      const problems = validatePattern(pattern);
      assert.equal(problems.length === 0, valid, JSON.stringify(problems));
      for (const { position } of problems) assert.ok(position !== undefined && position >= 0 && position <= pattern.length);
    });
});

test("every pattern of the cases is the same after it is written and read again", () => {
  let written = 0;
  for (const { pattern } of [...matching.cases, ...validation]) {
    const tree = treeOf(pattern);
    if (tree === null) continue;
    written++;
    assert.deepEqual(withoutPlaces(parsePattern(writePattern(tree))), withoutPlaces(tree), pattern);
  }
  assert.equal(written, 265 - 18 + 43 - 8);
});

test("a pattern's mistake says where it is, what was found and what was expected", () => {
  const mistakes: readonly [pattern: string, position: number, message: RegExp][] = [
    ["", 0, /the pattern ends, expected \[/],
    ["[", 1, /the pattern ends, expected an object path/],
    ["[a:b = 'x", 7, /the string has no end/],
    ["[a:b = 'C:\\Windows']", 10, /a backslash stands only before/],
    ["[file:hashes.SHA-256 = 'x']", 13, /SHA-256 has a hyphen/],
    ["[a:b = t'2026-02-29T00:00:00Z']", 7, /is no time/],
    ["[a:b = h'0']", 7, /is no hex/],
    ["[a:b = 007]", 7, /starts with a zero/],
    ["[a:b > true]", 1, /true and false have no order/],
    ["[a:b IN (1, 'x')]", 12, /a set holds constants of one kind, this one has numbers and strings/],
    ["[a:b = 1] REPEATS 0 TIMES", 10, /expected 1 or more/],
    ["[a:b = 1] /* x", 10, /the comment has no end/],
    ["[a:b = \u0000]", 7, /has no meaning here/],
    ["[NOT a:b = 1]", 5, /expected EXISTS/],
  ];
  for (const [pattern, position, message] of mistakes)
    assert.throws(
      () => parsePattern(pattern),
      (error) =>
        error instanceof SoclabError && error.code === "SOCLAB_INVALID_VALUE" && error.position === position && message.test(error.message),
      pattern,
    );
});

test("hashes are checked against their algorithm", () => {
  assert.deepEqual(
    validatePattern("[file:hashes.MD5 = 'abc' OR file:hashes.'SHA-256' IN ('x')]").map(({ position }) => position),
    [1, 28],
  );
  assert.deepEqual(validatePattern("[file:hashes.SSDEEP = '3:abc:d']"), []);
});

test("ten thousand parentheses are refused, not followed", () => {
  const deep = 10_000;
  assert.throws(() => parsePattern(`${"(".repeat(deep)}[a:b = 1]${")".repeat(deep)}`), /nested deeper than 200/);
  assert.throws(() => parsePattern(`[${"(".repeat(deep)}a:b = 1${")".repeat(deep)}]`), /nested deeper than 200/);
});

test("a hundred thousand alternatives and a string of a million characters are read", () => {
  const many = `[${Array.from({ length: 100_000 }, (_, i) => `a:b = ${i}`).join(" OR ")}]`;
  const tree = parsePattern(many);
  assert.equal(tree.kind === "observation" && tree.comparison.kind === "or" && tree.comparison.operands.length, 100_000);
  const long = `[a:b = '${"x".repeat(1_000_000)}']`;
  assert.equal(writePattern(parsePattern(long)), long);
});

test("no text crashes the reader", () => {
  const piece = fc.constantFrom(
    ..."[ ] ( ) : . , = != IN NOT AND OR FOLLOWEDBY WITHIN 5 SECONDS REPEATS TIMES START STOP EXISTS LIKE MATCHES a b-c 'x' t'2020-01-01T00:00:00Z' h'00' b'AA==' -1 1.5 * true ' \\ /* */ // __proto__ ispresent".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(" ")),
        fc.string({ unit: "binary", maxLength: 40 }),
      ),
      (text) => {
        const tree = treeOf(text);
        if (tree !== null) assert.deepEqual(withoutPlaces(parsePattern(writePattern(tree))), withoutPlaces(tree));
      },
    ),
    { numRuns: 2000 },
  );
});

const word = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/).filter((name) => name !== "true" && name !== "false");
const path: fc.Arbitrary<ObjectPath> = fc.record({
  objectType: fc.oneof(word, fc.constantFrom("ipv4-addr", "x-a-b")),
  steps: fc
    .tuple(
      fc.record({ kind: fc.constant("property" as const), name: fc.oneof(word, fc.string()) }),
      fc.array(
        fc.oneof(
          fc.record({
            kind: fc.constant("property" as const),
            name: fc.oneof(word, fc.constantFrom("SHA-256", "it's", "IN", "true", "a\\b", "")),
          }),
          fc.record({ kind: fc.constant("index" as const), index: fc.nat(99) }),
          fc.constant({ kind: "any" as const }),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([first, rest]) => [first, ...rest]),
});
const bytes = fc.uint8Array({ minLength: 1, maxLength: 9 });
const time = fc.constantFrom("2020-01-01T00:00:00", "1999-12-31T23:59:59.123456789", "2024-02-29T10:00:60.5");
const literalOf: Readonly<Record<string, fc.Arbitrary<PatternLiteral>>> = {
  string: fc.string().map((value) => ({ kind: "string", value })),
  integer: fc.bigInt(-(2n ** 63n), 2n ** 63n).map((value) => ({ kind: "integer", value: Number(value), text: String(value) })),
  float: fc.constantFrom("0.5", ".25", "-12.75", "-.1").map((text) => ({ kind: "float", value: Number(text), text })),
  hex: bytes.map((value) => ({ kind: "hex", value: new Uint8Array(value) })),
  binary: bytes.map((value) => ({ kind: "binary", value: new Uint8Array(value) })),
  timestamp: time.map((value) => ({ kind: "timestamp", value })),
};
const orderable = fc.oneof(...Object.values(literalOf));
const literal = fc.oneof(
  orderable,
  fc.boolean().map((value): PatternLiteral => ({ kind: "boolean", value })),
);
const at = fc.constant(0);
const leaf: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({
    kind: fc.constant("compare" as const),
    path,
    operator: fc.constantFrom("=" as const, "!=" as const),
    negated: fc.boolean(),
    literal,
    at,
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    path,
    operator: fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const),
    negated: fc.boolean(),
    literal: orderable,
    at,
  }),
  fc.record({
    kind: fc.constant("text" as const),
    path,
    operator: fc.constantFrom("LIKE" as const, "MATCHES" as const, "ISSUBSET" as const, "ISSUPERSET" as const),
    negated: fc.boolean(),
    operand: fc.string(),
    at,
  }),
  fc.record({
    kind: fc.constant("in" as const),
    path,
    negated: fc.boolean(),
    literals: fc.constantFrom(...Object.keys(literalOf)).chain((kind) => fc.array(literalOf[kind]!, { maxLength: 3 })),
    at,
  }),
  fc.record({ kind: fc.constant("exists" as const), path, negated: fc.boolean(), at }),
);
const { comparison } = fc.letrec<{ comparison: Comparison }>((tie) => ({
  comparison: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    joined(tie("comparison"), "and"),
    joined(tie("comparison"), "or"),
  ),
}));
const qualifier: fc.Arbitrary<Qualifier> = fc.oneof(
  fc.constantFrom("5", "0.5", ".25").map((text): Qualifier => ({ kind: "within", seconds: Number(text), text, at: 0 })),
  fc.record({ kind: fc.constant("repeats" as const), times: fc.integer({ min: 1, max: 1e6 }), at }),
  fc.record({ kind: fc.constant("startStop" as const), start: time, stop: time, at }),
);
const { pattern } = fc.letrec<{ pattern: Pattern }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison.map((inner): Pattern => ({ kind: "observation", comparison: inner, at: 0 })),
    joined(tie("pattern"), "and"),
    joined(tie("pattern"), "or"),
    fc
      .array(tie("pattern"), { minLength: 2, maxLength: 3 })
      .filter(([first]) => first!.kind !== "followedBy")
      .map((operands): Pattern => ({ kind: "followedBy", operands, at: 0 })),
    fc.tuple(tie("pattern"), fc.boolean(), fc.array(qualifier, { minLength: 1, maxLength: 3 })).map(
      ([expression, grouped, qualifiers]): Pattern => ({
        kind: "qualified",
        expression,
        grouped: grouped || expression.kind !== "observation",
        qualifiers,
        at: 0,
      }),
    ),
  ),
}));

function joined<T extends { readonly kind: string }>(part: fc.Arbitrary<T>, kind: "and" | "or") {
  return fc
    .array(part, { minLength: 2, maxLength: 3 })
    .filter((operands) => operands.every((operand) => operand.kind !== kind))
    .map((operands) => ({ kind, operands, at: 0 })) as fc.Arbitrary<{ kind: "and"; operands: T[]; at: number }>;
}

test("any pattern is the same after it is written and read again, and its text is then fixed", () => {
  fc.assert(
    fc.property(pattern, (tree) => {
      const text = writePattern(tree);
      const again = parsePattern(text);
      assert.deepEqual(withoutPlaces(again), withoutPlaces(tree), text);
      assert.equal(writePattern(again), text);
    }),
    { numRuns: 1000 },
  );
});

function treeOf(text: string): Pattern | null {
  try {
    return parsePattern(text);
  } catch (error) {
    assert.ok(error instanceof SoclabError, String(error));
    return null;
  }
}

function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === "at" ? undefined : value)));
}
