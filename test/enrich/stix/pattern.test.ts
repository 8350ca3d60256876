import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../../src/core/index.ts";
import { matchPattern, type Pattern, parsePattern, validatePattern, writePattern } from "../../../src/enrich/index.ts";
import { LinearRegex } from "../../../src/enrich/stix/linear-regex.ts";
import type { Comparison, ObjectPath, PatternLiteral, Qualifier } from "../../../src/enrich/stix/pattern.ts";
import { fixture } from "./fixtures.ts";

interface MatchCases {
  readonly observations: Readonly<Record<string, { readonly bundles: unknown }>>;
  readonly cases: readonly {
    readonly set: string;
    readonly test: string;
    readonly pattern: string;
    readonly expected: boolean | "error";
  }[];
}
const matching = fixture("stix-patterns/match.json") as MatchCases;
const validation = fixture("stix-patterns/validate.json") as readonly { readonly pattern: string; readonly valid: boolean }[];

test("the 265 cases of the OASIS pattern matcher end as expected", async (t) => {
  assert.equal(matching.cases.length, 265);
  for (const { set, test: name, pattern, expected } of matching.cases)
    await t.test(`${name}: ${pattern}`, () => {
      const data = matching.observations[set]!.bundles;
      if (expected === "error") assert.throws(() => matchPattern(pattern, data), SoclabError);
      else assert.equal(matchPattern(pattern, data).matched, expected);
    });
});

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

// Hostile input

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

test("an object named __proto__ and references in a circle are data like any other", () => {
  const data = JSON.parse(
    `[{"type":"bundle","objects":[
      {"type":"observed-data","id":"o","first_observed":"2020-01-01T00:00:00Z","last_observed":"2020-01-01T00:00:00Z","number_observed":1,"object_refs":["__proto__","x"]},
      {"type":"person","id":"__proto__","__proto__":{"age":7},"knows_ref":"x"},
      {"type":"person","id":"x","knows_ref":"__proto__","name":"x"}]}]`,
  );
  assert.equal(matchPattern("[person:knows_ref.knows_ref.knows_ref.name = 'x']", data).matched, true);
  assert.equal(matchPattern("[person:'__proto__'.age = 7]", data).matched, true);
  assert.equal(matchPattern("[person:constructor.name = 'Object']", data).matched, false);
  assert.equal(matchPattern("[person:age = 7]", data).matched, false);
});

test("observed data with a wrong type in any field ends in a clear error or counts for nothing", () => {
  const sound = {
    type: "observed-data",
    id: "o",
    first_observed: "2020-01-01T00:00:00Z",
    last_observed: "2020-01-01T00:00:00Z",
    number_observed: 1,
    objects: { 0: { type: "a", b: 1 } },
  };
  for (const field of Object.keys(sound))
    for (const value of [null, 7, "x", [], {}, true, [[]], { a: null }]) {
      try {
        matchPattern("[a:b = 1] REPEATS 2 TIMES", { ...sound, [field]: value });
      } catch (error) {
        assert.ok(error instanceof SoclabError, String(error));
      }
    }
  for (const data of [null, 7, "x", [], {}, [null, [[]], "o"]]) assert.equal(matchPattern("[a:b = 1]", data).matched, false);
});

test("a part that is seen a million times is not copied a million times", () => {
  const data = observed([
    { at: 0, count: 1_000_000, object: { type: "a", b: 1 } },
    { at: 1, count: 1, object: { type: "a", b: 2 } },
  ]);
  assert.deepEqual(matchPattern("[a:b > 0] REPEATS 1000001 TIMES", data), { matched: true, observations: ["o0", "o1"] });
  assert.equal(matchPattern("[a:b > 0] REPEATS 1000002 TIMES", data).matched, false);
  assert.equal(matchPattern("[a:b = 1] REPEATS 1000000 TIMES AND [a:b > 0]", data).matched, true);
  assert.equal(matchPattern("[a:b = 1] REPEATS 1000000 TIMES AND [a:b = 1]", data).matched, false);
});

// Properties

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

test("observations are given to parts as trying every way would give them", () => {
  const letter = fc.constantFrom("a", "b", "c");
  const simple = fc
    .array(letter, { minLength: 1, maxLength: 2 })
    .map((letters) => `[x:v IN (${letters.map((one) => `'${one}'`).join(", ")})]`);
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      simple,
      fc.tuple(tie("tree"), fc.constantFrom("AND", "OR", "FOLLOWEDBY"), tie("tree")).map(([a, word, b]) => `(${a} ${word} ${b})`),
      fc.tuple(tie("tree"), fc.integer({ min: 1, max: 3 })).map(([a, n]) => `(${a}) REPEATS ${n} TIMES`),
      fc.tuple(tie("tree"), fc.integer({ min: 1, max: 3 })).map(([a, n]) => `(${a}) WITHIN ${n} SECONDS`),
      fc
        .tuple(tie("tree"), fc.nat(4), fc.nat(6))
        .map(([a, start, stop]) => `(${a}) START t'2020-01-01T00:00:0${start}Z' STOP t'2020-01-01T00:00:0${stop}Z'`),
    ),
  }));
  const seen = fc.record({ at: fc.nat(5), length: fc.nat(2), count: fc.integer({ min: 1, max: 2 }), v: letter });
  fc.assert(
    fc.property(tree, fc.array(seen, { maxLength: 4 }), (text, items) => {
      const data = observed(items.map(({ at, length, count, v }) => ({ at, length, count, object: { type: "x", v } })));
      assert.equal(matchPattern(text, data).matched, bruteForce(parsePattern(text), items), text);
    }),
    { numRuns: 2000 },
  );
});

// Slow and plain: all bindings, as the OASIS matcher makes them.
function bruteForce(tree: Pattern, items: readonly { at: number; length: number; count: number; v: string }[]): boolean {
  const copies = items.flatMap((item) =>
    Array.from({ length: item.count }, () => ({ first: item.at, last: item.at + item.length, v: item.v })),
  );
  const disjoint = (a: readonly number[], b: readonly number[]) => a.every((i) => !b.includes(i));
  const pairs = (left: number[][], right: number[][]) =>
    left.flatMap((a) => right.filter((b) => disjoint(a, b)).flatMap((b) => [[a, b] as const]));
  const bindings = (node: Pattern): number[][] => {
    switch (node.kind) {
      case "observation": {
        const { comparison: inner } = node;
        const values = inner.kind === "in" ? inner.literals.map((one) => one.kind === "string" && one.value) : [];
        return copies.flatMap(({ v }, i) => (values.includes(v) ? [[i]] : []));
      }
      case "or":
        return node.operands.flatMap(bindings);
      case "and":
        return node.operands.map(bindings).reduce((left, right) => pairs(left, right).map(([a, b]) => [...a, ...b]));
      case "followedBy":
        return node.operands.map(bindings).reduce((left, right) =>
          pairs(left, right)
            .filter(([a, b]) => Math.max(...a.map((i) => copies[i]!.first)) <= Math.min(...b.map((i) => copies[i]!.last)))
            .map(([a, b]) => [...a, ...b]),
        );
      case "qualified": {
        let all = bindings(node.expression);
        for (const one of node.qualifiers) {
          if (one.kind === "repeats") {
            const once = all;
            for (let n = 1; n < one.times; n++) all = pairs(all, once).map(([a, b]) => [...a, ...b]);
          } else if (one.kind === "within")
            all = all.filter((binding) => {
              const start = Math.min(...binding.map((i) => copies[i]!.last));
              return binding.every((i) => copies[i]!.first <= start + one.seconds && copies[i]!.last >= start);
            });
          else {
            const [start, stop] = [Number(one.start.slice(-1)), Number(one.stop.slice(-1))];
            all = all.filter((binding) => start < stop && binding.every((i) => copies[i]!.first < stop && copies[i]!.last >= start));
          }
        }
        return all;
      }
    }
  };
  return bindings(tree).length > 0;
}

function observed(items: readonly { at: number; length?: number; count: number; object: object }[]): unknown {
  return items.map(({ at: second, length = 0, count, object }, i) => ({
    type: "observed-data",
    id: `o${i}`,
    first_observed: `2020-01-01T00:00:0${second}Z`,
    last_observed: `2020-01-01T00:00:0${second + length}Z`,
    number_observed: count,
    objects: { 0: object },
  }));
}

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
