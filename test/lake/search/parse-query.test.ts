import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../../src/core/index.ts";
import { parseQuery } from "../../../src/lake/search/parse-query.ts";
import type { SearchNode } from "../../../src/lake/search/query.ts";

/** A search as one line, to compare. */
function told(node: SearchNode): string {
  if (node.kind === "all") return "all";
  if (node.kind === "not") return `not ${told(node.part)}`;
  if (node.kind !== "term") return `(${node.parts.map(told).join(` ${node.kind} `)})`;
  const { field, test } = node;
  const name = field === undefined ? "" : `${field}=`;
  if (test.kind === "exists") return `${name}exists`;
  if (test.kind === "pattern")
    return `${name}<${test.pattern.map((part) => ("literal" in part ? part.literal : part.any === "run" ? "*" : "?")).join("|")}>`;
  if (test.kind === "range") {
    const { low, high } = test;
    return `${name}${low ? `${low.inclusive ? "[" : "{"}${low.value}` : "("}..${high ? `${high.value}${high.inclusive ? "]" : "}"}` : ")"}`;
  }
  return `${name}${test.quoted ? "'" : ""}${test.texts.join(",")}`;
}

const cases: readonly (readonly [string, string])[] = [
  ["", "all"],
  ["  ", "all"],
  ["*", "all"],
  ["dns", "dns"],
  ["dns tcp", "(dns and tcp)"],
  ["dns AND tcp && udp", "(dns and tcp and udp)"],
  ["dns and tcp", "(dns and and and tcp)"],
  ["dns NOT tcp -udp !icmp", "(dns and not tcp and not udp and not icmp)"],
  ["a b OR c", "((a and b) or c)"],
  ["a (b OR c)", "(a and (b,c))"],
  ["a OR b OR f:x OR f:y", "(a,b or f=x,y)"],
  ['"GET /admin"', "'GET /admin"],
  ['"a \\"b\\" c:\\Windows\\\\x"', `'a "b" c:\\Windows\\x`],
  ["host:*.example.com", "host=<*|.example.com>"],
  ["ho**st?", "<ho|*|st|?>"],
  ["a\\*b", "a*b"],
  ["a\\:b", "a:b"],
  ["id.orig_h:10.0.0.1", "id.orig_h=10.0.0.1"],
  ["10.0.0.0/8 fe80::1 2001:db8::/32", "(10.0.0.0/8 and fe80::1 and 2001:db8::/32)"],
  ["http://evil.example/x 12:30:00 aa:bb:cc:dd:ee:ff", "(http://evil.example/x and 12:30:00 and aa:bb:cc:dd:ee:ff)"],
  ["bytes:>1000 bytes:<=5", "(bytes={1000..) and bytes=(..5])"],
  ["port:[1 TO 1024] port:{1 TO *]", "(port=[1..1024] and port={1..))"],
  ["port:(22 OR 80 OR [1 TO 9])", "(port=22,80 or port=[1..9])"],
  ['f:"a b"', "f='a b"],
  ["_exists_:user user:*", "(user=exists and user=exists)"],
  ["NOT (a OR NOT b)", "not (a or not b)"],
];

test("a search is read as it is meant", () => {
  for (const [query, expected] of cases) assert.equal(told(parseQuery(query)), expected, query);
});

const mistakes: readonly (readonly [string, number])[] = [
  ["a OR", 4],
  ["(a b", 0],
  ["a b)", 3],
  ["()", 1],
  ['a "b', 2],
  ["OR a", 0],
  ["a AND OR b", 6],
  ["f: x", 1],
  ["port:[1 TO", 8],
  ["port:[1 2]", 8],
  ["port:[1 TO 2", 5],
  ["NOT", 3],
  [`${"(".repeat(150)}a`, 101],
];

test("a mistake is told with its place", () => {
  for (const [query, position] of mistakes) {
    assert.throws(
      () => parseQuery(query),
      (error) => error instanceof SoclabError && error.code === "SOCLAB_QUERY" && error.position === position,
      query,
    );
  }
});

test("any text is a search or a mistake with a place in it", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "(",
      ")",
      '"',
      ":",
      "*",
      "?",
      "[",
      "]",
      " TO ",
      " OR ",
      " NOT ",
      "-",
      "\\",
      "f:",
      ">",
      "a",
      " ",
      "10.0.0.1",
      "/8",
      "::",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const query = pieces.join("");
      try {
        parseQuery(query);
      } catch (error) {
        assert.ok(error instanceof SoclabError && error.code === "SOCLAB_QUERY", String(error));
        assert.ok(error.position !== undefined && error.position >= 0 && error.position <= query.length, `${error.position} in ${query}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("ten thousand terms are one search, a million are a mistake", () => {
  const words = Array.from({ length: 10_000 }, (_, i) => `ip_dst_addr:10.${i >> 8}.${i & 255}.1`);
  const node = parseQuery(words.join(" OR "));
  assert.equal(node.kind === "or" && node.parts.length, 1, "values of one field are one term");
  assert.throws(() => parseQuery("a ".repeat(400_000)), { code: "SOCLAB_QUERY" });
  assert.throws(() => parseQuery("a".repeat(2_000_000)), { code: "SOCLAB_QUERY" });
});
