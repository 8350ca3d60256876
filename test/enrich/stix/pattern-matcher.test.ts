import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../../src/core/index.ts";
import { eventObservation, matchPattern, type Pattern, parsePattern } from "../../../src/enrich/index.ts";
import { matchCases } from "./fixtures.ts";

const matching = matchCases();

test("the 265 cases of the OASIS pattern matcher end as expected", async (t) => {
  assert.equal(matching.cases.length, 265);
  for (const { set, test: name, pattern, expected } of matching.cases)
    await t.test(`${name}: ${pattern}`, () => {
      const data = matching.observations[set]!.bundles;
      if (expected === "error") assert.throws(() => matchPattern(pattern, data), SoclabError);
      else assert.equal(matchPattern(pattern, data).matched, expected);
    });
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

// Events

const zeekHttp = {
  feed: "http",
  event_id: "e1",
  timestamp: Date.parse("2024-01-01T00:00:00Z"),
  ip_src_addr: "192.0.2.1",
  ip_src_port: 50000,
  ip_dst_addr: "198.51.100.7",
  ip_dst_port: 8080,
  protocol: "tcp",
  host: "a.example:8080",
  uri: "/gate.php?id=1",
  method: "POST",
  user_agent: "Mozilla/4.0",
};

test("a pattern is matched on events: ports, paths, names with answers, and one event after another", () => {
  const dns = {
    feed: "dns",
    event_id: "e0",
    timestamp: new Date("2023-12-31T23:59:59Z"),
    ip_src_addr: "192.0.2.1",
    query: "a.example",
    answers: ["198.51.100.7", "b.example"],
  };
  const suricata = {
    feed: "suricata",
    timestamp: 0,
    http_hostname: "c.example",
    http_url: "/x",
    host: "sensor.example",
    fileinfo_md5: "0123456789abcdef0123456789abcdef",
    flow_bytes_toserver: 5000n,
  };
  const matches = (pattern: string, ...events: object[]) =>
    matchPattern(
      pattern,
      events.map((event) => eventObservation({ ...event })),
    ).matched;
  assert.ok(matches("[network-traffic:dst_ref.value = '198.51.100.7' AND network-traffic:dst_port = 8080]", zeekHttp));
  assert.ok(!matches("[network-traffic:dst_ref.value = '198.51.100.7' AND network-traffic:dst_port = 443]", zeekHttp));
  assert.ok(matches("[network-traffic:dst_ref.value ISSUBSET '198.51.100.0/24' AND network-traffic:protocols[*] = 'tcp']", zeekHttp));
  assert.ok(
    matches(
      "[network-traffic:extensions.'http-request-ext'.request_value LIKE '/gate.php%' AND network-traffic:extensions.'http-request-ext'.request_method = 'post']",
      zeekHttp,
    ),
  );
  assert.ok(matches("[url:value = 'http://a.example:8080/gate.php?id=1']", zeekHttp));
  assert.ok(matches("[domain-name:value = 'a.example']", zeekHttp));
  assert.ok(matches("[domain-name:value = 'a.example' AND domain-name:resolves_to_refs[*].value = '198.51.100.7']", dns));
  assert.ok(matches("[domain-name:value = 'a.example'] FOLLOWEDBY [network-traffic:dst_port = 8080] WITHIN 5 SECONDS", dns, zeekHttp));
  assert.ok(!matches("[network-traffic:dst_port = 8080] FOLLOWEDBY [domain-name:resolves_to_refs[*].value = 'b.example']", dns, zeekHttp));
  assert.ok(matches("[file:hashes.MD5 = '0123456789abcdef0123456789abcdef']", suricata));
  assert.ok(matches("[url:value = 'http://c.example/x']", suricata));
  assert.ok(matches("[network-traffic:src_byte_count > 4999]", suricata));
  assert.ok(!matches("[domain-name:value = 'sensor.example']", suricata));
});

test("an event with wrong types, without a time or without anything is observed all the same", () => {
  const junk = fc.oneof(fc.constantFrom(null, 1n, Number.NaN, "", [], {}, [null]), fc.jsonValue({ maxDepth: 1 }));
  const columns = Object.keys({ ...zeekHttp, query: 1, answers: 1, __proto__: null });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...columns), junk),
      fc.constantFrom("http", "dns", "suricata", "files", "__proto__"),
      (changes, feed) => {
        matchPattern("[network-traffic:dst_port > 0 OR domain-name:value LIKE '%']", [eventObservation({ ...zeekHttp, ...changes, feed })]);
      },
    ),
  );
});
