import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { contractViolations, rawRecord, sevenFields } from "../../src/event/index.ts";
import { suricataFeed } from "../../src/ingest/formats/suricata.ts";
import type { FeedFormat } from "../../src/ingest/index.ts";
import { JsonRecords } from "../../src/ingest/json/json-records.ts";
import type { RecordFeed } from "../../src/ingest/records/record-feed.ts";
import { zeekJsonFeed } from "../../src/ingest/zeek/json.ts";
import { cellOf, JsonTwin, type Outcome } from "./json-twin.ts";
import { parseAll } from "./parse.ts";

const every: RecordFeed = {
  tableOf: () => "every",
  layoutOf: () => ({
    columns: {
      ts: "timestamp",
      src_ip: "string",
      port: "integer",
      small: "integer",
      big: "bigint",
      part: "double",
      flag: "boolean",
      text: "string",
      bigs: "bigint[]",
      parts: "double[]",
      flags: "boolean[]",
      texts: "string[]",
      times: "timestamp[]",
      a_b: "string",
    },
    unknown: "infer",
    addresses: new Set(["src_ip", "addr"]),
    ports: new Set(["port"]),
    columnName: (joined) => (Object.hasOwn(sevenFields, joined) ? `own_${joined}` : joined),
  }),
  scan: { tableKey: undefined, texts: [] },
  sevenFields: { timestamp: ["ts"], ip_src_addr: ["src_ip"], ip_src_port: ["port"], ip_dst_addr: [], ip_dst_port: [], protocol: ["text"] },
  protocolOf: () => null,
};

const feeds: Record<string, RecordFeed> = {
  suricata: suricataFeed,
  zeek: zeekJsonFeed("conn"),
  "a feed with columns of every type": every,
  "a feed that keeps what it does not know in extra": {
    ...every,
    layoutOf: () => ({ ...every.layoutOf("every"), unknown: "extra" }),
  },
};

/** Every record through the parser and through the twin, in one go each, so that both learn the same. */
function assertSame(feed: RecordFeed, lines: readonly Buffer[], chunkBytes = 1 << 20): void {
  const format: FeedFormat = { name: "scanned", summary: "", open: () => new JsonRecords(feed) };
  // A first byte that is no bracket: the lines are lines.
  const bytes = Buffer.concat([Buffer.from("-\n"), ...lines.flatMap((line) => [line, Buffer.from("\n")])]);
  const { batches, deadLetters } = parseAll(format, bytes, { chunkBytes });
  const twin = new JsonTwin(feed);
  const got = new Map<number, Outcome>();
  for (const batch of batches) {
    assert.deepEqual(contractViolations(batch), []);
    const own = [...batch.columns].filter(([name]) => !Object.hasOwn(sevenFields, name));
    for (let row = 0; row < batch.length; row++) {
      const cells = own.map(([name, column]) => [name, cellOf(column, row)] as const).filter(([, value]) => value !== null);
      const at = batch.source.offsets[row]!;
      got.set(at, { table: batch.feed, fields: Object.fromEntries(cells) });
      assert.ok(bytes.subarray(at, at + rawRecord(batch, row).length).equals(rawRecord(batch, row)));
    }
  }
  for (const { offset, code, reason } of deadLetters) got.set(offset, { code, reason });
  let offset = 2;
  let count = 1;
  for (const line of lines) {
    if (line.length > 0) {
      const expected = twin.read(line);
      assert.deepEqual(got.get(offset), expected, line.toString());
      count++;
    }
    offset += line.length + 1;
  }
  assert.equal(got.size, count);
}

const soundNumber = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.constantFrom("0", "-0", "7", "1.0", "12.50", "1e3", "1E+2", "2e-3", "9007199254740993", "9007199254740991", "1655071198.444458"),
  fc.constantFrom("65535", "65536", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808", "1e999"),
);
const soundString = fc.oneof(
  fc.constantFrom('"TCP"', '""', '"10.0.0.1"', '"::1"', '"::ffff:10.0.0.1"', '"fe80::1%eth0"', '"300.1.1.1"', '"alert"', '"7"', '"true"'),
  fc.constantFrom('"2021-06-06T15:59:46.457984+0200"', '"2021-06-31T00:00:00Z"', '"2024-02-29 23:59:59,5-03:30"', '"1969-12-31T23:59:60Z"'),
  fc.constantFrom('"1623000000.25"', '"2021-06-06T15:59:46.4579849+02"', '"2021-06-06T24:00:00Z"', '"0001-01-01T00:00:00Z"', '"now"'),
  fc.constantFrom('"a\\nb"', '"\\u0041\\/"', '"\\ud800"', '"\\ud83d\\ude00"', '"C:\\\\x"', '"é\u2028😀"'),
  fc.string().map((value) => JSON.stringify(value)),
  fc.string({ unit: "grapheme" }).map((value) => JSON.stringify(value)),
);
const unsound = fc.constantFrom(
  ...[
    "01",
    "1.",
    "-",
    "+1",
    ".5",
    "1e",
    "0x1",
    "NaN",
    "- 1",
    "1_0",
    "tru",
    "nulll",
    "undefined",
    "[1,]",
    "[1",
    '{"a":1,}',
    '{"a"}',
    "{a:1}",
  ],
  ...['"\\x41"', '"\\u12g4"', '"\\', '"a\u0001"', '"\t"', '"', "[01]", "[,]", "}", "]", '{"a":01}', '["\\q"]', '{"b":"\\q"}'],
);
const names = [
  "timestamp",
  "event_type",
  "src_ip",
  "src_port",
  "flow_id",
  "proto",
  "ts",
  "id.orig_h",
  "port",
  "big",
  "part",
  "flag",
  "text",
];
names.push(
  "bigs",
  "parts",
  "flags",
  "texts",
  "times",
  "a",
  "b",
  "a_b",
  "c",
  "addr",
  "Text",
  "extra",
  "alert",
  "vlan",
  "é",
  "a b",
  "__proto__",
);
const name = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.constantFrom("_path", "1", "0", "", "\\u0061", "x".repeat(130), "\\q") },
);
const few = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("a", "b", "c", "A") }, { weight: 1, arbitrary: name });
const often = fc.constantFrom("", "", "", "", "", "", "", "", " ", "\t", " \r ", "\u00a0");

const { value: soundValue } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: soundNumber },
    { weight: 4, arbitrary: soundString },
    { weight: 1, arbitrary: fc.constantFrom("true", "false", "null") },
    { weight: 1, arbitrary: tie("array") },
    { weight: 1, arbitrary: tie("object") },
  ),
  array: fc.oneof(
    fc.array(tie("value"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
    fc.array(soundString, { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
    fc.array(fc.integer(), { maxLength: 4 }).map((values) => JSON.stringify(values, null, 1).replace(/\n/g, " ")),
  ),
  object: members(few, tie("value"), 4).map((text) => `{${text}}`),
}));

/** `"name":value, …`; a name comes twice now and then. */
function members(key: fc.Arbitrary<string>, value: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  const all = fc.tuple(fc.array(fc.tuple(key, value, often), { maxLength }), fc.boolean());
  return all.map(([list, mayRepeat]) => {
    const kept = mayRepeat ? list : list.filter(([key], i) => list.findIndex(([other]) => other === key) === i);
    return kept.map(([key, text, gap]) => `"${key}"${gap}:${text}`).join(",");
  });
}

const anyValue = fc.oneof({ weight: 60, arbitrary: soundValue }, { weight: 1, arbitrary: unsound });
const eveStart = '"timestamp":"2021-06-06T15:59:46.457984+0200","event_type":"dns"';
const recordText = fc
  .tuple(fc.boolean(), fc.boolean(), members(name, anyValue, 6), often)
  .map(([isEve, isConn, text, gap]) => `{${[isEve ? eveStart : isConn ? '"_path":"conn"' : "", text].filter(Boolean).join(",")}}${gap}`);

/** What the scanner knows after the first record: every name at the top and below three others. */
const nulls = (below: string) => names.map((key) => `"${key}":${below}`).join(",");
const knownPlaces = `{${["alert", "a", "c"].map((key) => `"${key}":{${nulls("null")}}`).join(",")},"b":null}`;

/** Records that mostly hold what the first taught, and now and then a fault. */
const sourceText = fc.array(recordText, { minLength: 1, maxLength: 12 }).map((records) =>
  // Column names for the inferring feeds are learned too, so a value of another type follows as often as not.
  [`{${eveStart},${nulls("null").replace(/"timestamp":null,"event_type":null,/, "")}}`, knownPlaces, ...records].map((text) =>
    Buffer.from(text.replace(/\n/g, " ").replace(/\r+$/, "")),
  ),
);

for (const [name, feed] of Object.entries(feeds)) {
  test(`JSON read from its bytes is what JSON.parse gives: ${name}`, () => {
    fc.assert(
      fc.property(sourceText, fc.integer({ min: 8, max: 4096 }), (lines, chunkBytes) => assertSame(feed, lines, chunkBytes)),
      { numRuns: 500 },
    );
  });
}

test("what is told apart by little is what JSON.parse gives", () => {
  const texts = [
    '{"a_c":1,"a":{"c":2}}',
    '{"d_e":null,"f":null}',
    '{"d":{"e":"text"},"f":{"g":1}}',
    '{"d_e":{}}',
    '{"f":1}',
    '{"small":2147483648,"text":"kept?"}',
    '{"small":-2147483647,"text":"kept"}',
    '{"text":[{"a":1,"a":2}],"b":[{"1":0,"0":1}]}',
    '{"texts":["a","b"],"big":"no number","small":7,"port":70000}',
    '{"text":"a","text":"b"}',
    '{"big":9223372036854775808}',
    '{"src_ip":"10.0.0.256"}',
    '{"text":"a"} ',
    '{"text":"a"}}',
    '{"text":"a",}',
  ];
  const known = texts.map((text) => Buffer.from(text));
  for (const feed of Object.values(feeds)) assertSame(feed, [...known, ...known, ...known]);
});

const eve = gunzipSync(readFileSync(join(import.meta.dirname, "../../datasets/suricata/eve.json.gz")))
  .toString("latin1")
  .trimEnd()
  .split("\n")
  .map((line) => Buffer.from(line, "latin1"));

test("all records of the Suricata sample are what JSON.parse gives", () => {
  assertSame(suricataFeed, eve);
  assertSame(every, eve.slice(0, 500));
});

const edit = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.integer({ min: 11, max: 255 }), drop: fc.nat(3) });

test("records of the Suricata sample with bytes changed, lost and put in are what JSON.parse gives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(eve.length - 1), fc.array(edit, { maxLength: 3 })), { minLength: 1, maxLength: 20 }),
      (choices) => {
        const lines = choices.map(([record, edits]) => {
          let line = eve[record]!;
          for (const { at, byte, drop } of edits) {
            const place = Math.floor(at * line.length);
            line = Buffer.concat([line.subarray(0, place), Buffer.of(byte === 13 ? 34 : byte), line.subarray(place + drop)]);
          }
          return line;
        });
        assertSame(suricataFeed, lines);
      },
    ),
    { numRuns: 200 },
  );
});
