import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { grokLibrary } from "../../../src/ingest/declared/grok-library.ts";
import { declareFeed, feedDefinitionSchema } from "../../../src/ingest/index.ts";
import { parseAll } from "../parse.ts";

const access = {
  name: "shop",
  kind: "grok",
  pattern:
    '%{IPORHOST:client} %{USER:ident} %{USER:auth} \\[%{HTTPDATE:when}\\] "%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:version})?" %{INT:response:int} (?:%{INT:bytes:int}|-)',
  fields: { when: { type: "timestamp", format: "dd/MMM/yyyy:HH:mm:ss Z" } },
  standard: { timestamp: "when", ip_src_addr: "client", protocol: { value: "TCP" } },
  remarks: ["#"],
};

test("grok: groups are columns with the types they name, the mapping makes the standard fields", () => {
  const lines = [
    "# Fields",
    '192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326',
    'host.example - - [10/Oct/2000:13:55:37 -0700] "GET / HTTP/1.0" 200 -',
    "nonsense",
    '192.0.2.7 - - [31/Feb/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1',
  ];
  const { events, deadLetters, records } = parseAll(declareFeed(access), `${lines.join("\n")}\n`);
  assert.equal(records, 4);
  const [first, second] = events;
  assert.deepEqual(
    [first!.feed, first!.timestamp, first!.ip_src_addr, first!.protocol, first!.response, first!.bytes, first!.auth, first!.ident],
    ["shop", Date.UTC(2000, 9, 10, 20, 55, 36), "192.0.2.7", "tcp", 200, 2326, "frank", undefined],
  );
  assert.deepEqual([second!.ip_src_addr, second!.client, second!.bytes], [null, "host.example", undefined], "a name is no address");
  assert.deepEqual(
    deadLetters.map(({ code, reason }) => [code, reason]),
    [
      ["BAD_LINE", "the pattern does not match"],
      ["BAD_TIMESTAMP", 'when is "31/Feb/2000:13:55:36 -0700", which is no time in the feed\'s format'],
    ],
  );
});

test("a regular expression, several of them, constants and required fields", () => {
  const feed = declareFeed({
    name: "gate",
    kind: "regex",
    pattern: ["(?<at>\\d+) open (?<who>\\S*)", "(?<at>\\d+) (?<level>[A-Z]+): (?<text>.*)"],
    fields: {
      at: { type: "timestamp", format: "epoch_seconds" },
      user: { from: "who", required: false },
      text: { type: "string[]" },
      site: { value: "north" },
      level: {},
    },
    standard: { timestamp: ["at"] },
  });
  const { events } = parseAll(feed, "1700000000 open kim\n1700000001 WARN: door (x) open\n");
  assert.deepEqual(
    events.map(({ timestamp, user, level, text, site }) => [timestamp, user, level, text, site]),
    [
      [1700000000000, "kim", undefined, undefined, "north"],
      [1700000001000, undefined, "WARN", ["door (x) open"], "north"],
    ],
  );
  const strict = declareFeed({
    name: "g",
    kind: "regex",
    pattern: "(?<a>\\w*);(?<b>\\w*)",
    fields: { b: { required: true, type: "integer" } },
  });
  const { deadLetters } = parseAll(strict, "x;\nx;y\nx;3000000000\nx;7\n");
  assert.deepEqual(
    deadLetters.map(({ code }) => code),
    ["RULE_REQUIRED", "BAD_NUMBER", "OUT_OF_RANGE"],
  );
});

test("delimited: with titles in the file or in the definition, a zone, quotes, remarks", () => {
  const definition = {
    name: "fw",
    kind: "delimited",
    delimiter: "|",
    header: ["t", "src", "sport", "dst", "act"],
    fields: { t: { type: "timestamp", format: "%Y-%m-%d %H:%M:%S" }, sport: { type: "port" } },
    standard: { timestamp: "t", ip_src_addr: "src", ip_src_port: "sport", ip_dst_addr: "dst" },
    zone: "Europe/Berlin",
    remarks: ["#"],
  };
  const rows = '2024-07-01 12:00:00|10.0.0.1|80|10.0.0.2|"a|b"\n2024-07-01 12:00:00|10.0.0.1|70000|10.0.0.2|x\nx|y\n';
  const check = (feed: unknown, text: string) => {
    const { events, deadLetters } = parseAll(declareFeed(feed), text);
    const { timestamp, ip_src_addr, ip_src_port, ip_dst_addr, act } = events[0]!;
    assert.deepEqual(
      [timestamp, ip_src_addr, ip_src_port, ip_dst_addr, act],
      [Date.UTC(2024, 6, 1, 10), "10.0.0.1", 80, "10.0.0.2", "a|b"],
    );
    assert.deepEqual(
      deadLetters.map(({ code }) => code),
      ["OUT_OF_RANGE", "COLUMN_COUNT"],
    );
  };
  check(definition, `# c\n${rows}`);
  check({ ...definition, header: true }, `# c\nt|src|sport|dst|act\n${rows}`);
  const { deadLetters } = parseAll(declareFeed({ ...definition, header: true }), `other|titles\n1|2\n`);
  assert.equal(deadLetters[0]!.code, "NO_HEADER");
  assert.match(deadLetters[0]!.reason, /header has no title "t"/);
});

test("JSON: values by path, records inside a document, the rest kept as it is told", () => {
  const definition = {
    name: "app",
    kind: "json",
    fields: {
      at: { from: "meta.time", type: "timestamp", format: "epoch_millis" },
      user: { from: "$.who['user name']" },
      n: { type: "bigint" },
    },
    standard: { timestamp: "at", ip_src_addr: "user" },
  };
  const record =
    '{"meta":{"time":1700000000123,"x":1},"who":{"user name":"10.1.1.1"},"n":9007199254740993,"at":"clash","__proto__":{"a":1}}';
  const [kept] = parseAll(declareFeed(definition), `${record}\n`).events;
  assert.deepEqual(
    [kept!.timestamp, kept!.ip_src_addr, kept!.user, kept!.who_user_name],
    [1700000000123, "10.1.1.1", "10.1.1.1", undefined],
  );
  assert.deepEqual(JSON.parse(String(kept!.extra)), { meta_x: 1, n: "9007199254740993", app_at: "clash", __proto___a: 1 });
  const [inferred] = parseAll(declareFeed({ ...definition, unlisted: "infer" }), `${record}\n`).events;
  assert.equal(inferred!.meta_x, 1);
  const wrapped = declareFeed({ ...definition, records: "$.Records[*]" });
  const { events } = parseAll(wrapped, `{"Records":[${record},${record}],"more":1}\n`);
  assert.equal(events.length, 2);
});

test("the source in any pieces gives the same events", () => {
  const feed = declareFeed(access);
  const text = Array.from(
    { length: 40 },
    (_, i) => `192.0.2.${i} - - [10/Oct/2000:13:55:36 -0700] "GET /${"é".repeat(i)} HTTP/1.0" 200 ${i}\n`,
  ).join("");
  const whole = parseAll(feed, text).events;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (chunkBytes) => {
      assert.deepEqual(parseAll(feed, text, { chunkBytes }).events, whole);
    }),
    { numRuns: 20 },
  );
});

test("every pattern of the library takes linear time", () => {
  for (const name of Object.keys(grokLibrary)) declareFeed({ name: "x", kind: "grok", pattern: `%{${name}:value}` });
});

test("a definition that cannot be used is refused with the place", () => {
  const base = { name: "x", kind: "regex", pattern: "(?<a>\\d+)" };
  for (const [definition, message] of [
    [null, /expected object|Invalid input/],
    [{ ...base, kind: "regexp" }, /^SOCLAB_INVALID_DEFINITION: kind: /],
    [{ ...base, name: "X y" }, /name: is no name for a feed/],
    [{ ...base, name: "zeek" }, /name: "zeek" is a feed that soclab ships/],
    [{ ...base, colour: 1 }, /colour/],
    [
      { ...base, pattern: "(?<a>(x+)+)y" },
      /pattern: a repeated part can match the same text in more than one way[\s\S]*\(\?<a>\(x\+\)\+\)y\n\s+\^/,
    ],
    [{ ...base, pattern: ["ok", "(?<a>.*).*x"] }, /pattern\[1\]: two repeated parts/],
    [{ ...base, pattern: "(?<a>" }, /pattern: /],
    [{ ...base, kind: "grok", pattern: "%{IPORHSOT:a}" }, /there is no pattern "IPORHSOT"\. Did you mean "IPORHOST"\?/],
    [{ ...base, kind: "grok", pattern: "%{A}", patterns: { A: "%{B}", B: "%{A}" } }, /refer to each other without end/],
    [{ ...base, fields: { b: {} } }, /fields\.b: the pattern has no group "b"; there are a/],
    [{ ...base, fields: { event_id: { from: "a" } } }, /fields\.event_id: soclab makes a column of this name itself/],
    [{ ...base, fields: { a: { type: "timestamp" } } }, /fields\.a\.format: is missing/],
    [{ ...base, fields: { a: { type: "timestamp", format: "yyyy" } } }, /the time format "yyyy" cannot be used/],
    [{ ...base, fields: { timestamp: { from: "a" } } }, /fields\.timestamp\.type: is string, expected timestamp/],
    [{ ...base, standard: { ip_src_addr: "b" } }, /standard\.ip_src_addr: names "b", and the feed has no such column; it has a/],
    [{ ...base, standard: { timestamp: "a" } }, /standard\.timestamp: names "a" of type string, expected timestamp/],
    [{ ...base, standard: { ip_src_port: { value: "80" } } }, /standard\.ip_src_port: cannot be the same for every event/],
    [{ ...base, zone: "Europa/Berlin" }, /Europa\/Berlin/],
    [{ name: "x", kind: "json", fields: { a: { from: "$.b[*]" } } }, /fields\.a\.from: names many values/],
    [{ name: "x", kind: "json", fields: { a: { from: "$.b[" } } }, /fields\.a\.from: /],
  ] as const)
    assert.throws(() => declareFeed(definition), { message, code: /SOCLAB_INVALID_(DEFINITION|VALUE)/ }, JSON.stringify(definition));
});

test("no line, however wrong, is lost or stops a declared feed", () => {
  const feeds = [
    declareFeed(access),
    declareFeed({ name: "d", kind: "delimited", header: ["a", "b"], delimiter: ";" }),
    declareFeed({ name: "j", kind: "json" }),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...feeds),
      fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('{"a":1}', "1;2", '"', "\u0000"))),
      (feed, lines) => {
        const { events, deadLetters, records } = parseAll(feed, lines.join("\n"));
        assert.equal(events.length + deadLetters.length, records);
      },
    ),
  );
});

test("editors get a JSON schema", () => {
  assert.match(JSON.stringify(feedDefinitionSchema()), /"delimited"/);
});
