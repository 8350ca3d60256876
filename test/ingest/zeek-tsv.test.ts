import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contractViolations, rawRecord, valueAt } from "../../src/event/index.ts";
import { parseAll, zeekLog } from "./parse.ts";

const fields = {
  ts: "time",
  uid: "string",
  "id.orig_h": "addr",
  "id.orig_p": "port",
  "id.resp_h": "addr",
  "id.resp_p": "port",
  proto: "enum",
  orig_bytes: "count",
  duration: "interval",
  local: "bool",
  tags: "set[string]",
  ttls: "vector[interval]",
};
const good = ["1655071198.444458", "C1", "10.0.0.1", "1234", "2001:db8::1", "443", "tcp", "1596", "1.135424", "T", "a,b", "1.5,2.0"];

test("a record becomes the seven fields and the feed's typed columns", () => {
  const { events, deadLetters } = parseAll("zeek", zeekLog("conn", fields, [good]));
  assert.deepEqual(deadLetters, []);
  const [event] = events;
  assert.deepEqual(
    { ...event, event_id: undefined },
    {
      event_id: undefined,
      feed: "conn",
      timestamp: 1655071198444,
      ip_src_addr: "10.0.0.1",
      ip_src_port: 1234,
      ip_dst_addr: "2001:db8::1",
      ip_dst_port: 443,
      protocol: "tcp",
      original_string: good.join("\t"),
      ts: 1655071198444,
      uid: "C1",
      id_orig_h: "10.0.0.1",
      id_orig_p: 1234,
      id_resp_h: "2001:db8::1",
      id_resp_p: 443,
      proto: "tcp",
      orig_bytes: 1596,
      duration: 1.135424,
      local: true,
      tags: ["a", "b"],
      ttls: [1.5, 2],
    },
  );
});

test("microseconds of the timestamp are kept", () => {
  const { batches } = parseAll("zeek", zeekLog("conn", fields, [good]));
  const column = batches[0]!.columns.get("timestamp")!;
  assert.ok(column.type === "timestamp");
  assert.equal(column.values[0], 1655071198444458);
});

test("unset is null, empty is an empty text or list, and escapes are bytes", () => {
  const types = { ts: "time", a: "string", b: "string", c: "string", d: "set[string]", e: "set[string]", f: "string" };
  const { events } = parseAll(
    "zeek",
    zeekLog("x", types, [["1.0", "-", "(empty)", "tab\\x09and\\\\back", "(empty)", "p\\x2cq,r", "\\x2d"]]),
  );
  const [event] = events;
  assert.equal(event!.a, undefined);
  assert.equal(event!.b, "");
  assert.equal(event!.c, "tab\tand\\back");
  assert.deepEqual(event!.d, []);
  assert.deepEqual(event!.e, ["p,q", "r"]);
  assert.equal(event!.f, "-");
});

test("markers and separators are those of the header", () => {
  const log =
    "#separator \\x7c\n#set_separator|;\n#empty_field|EMPTY\n#unset_field|N/A\n#path|x\n#fields|ts|a|b|c\n#types|time|string|set[count]|string\n1.5|N/A|1;2|EMPTY\n";
  const [event] = parseAll("zeek", log).events;
  assert.equal(event!.a, undefined);
  assert.deepEqual(event!.b, [1, 2]);
  assert.equal(event!.c, "");
});

test("a log without addresses still has the seven fields, as null", () => {
  const { batches, events } = parseAll("zeek", zeekLog("stats", { ts: "time", mem: "count" }, [["1.0", "3"]]));
  assert.deepEqual(contractViolations(batches[0]!), []);
  assert.equal(events[0]!.ip_src_addr, null);
  assert.equal(events[0]!.protocol, null);
});

test("original_string is the record byte for byte, valid UTF-8 or not", () => {
  const line = Buffer.concat([Buffer.from("1.0\t"), Buffer.from([0xff, 0xfe, 0x00, 0xc3]), Buffer.from("\tz")]);
  const log = Buffer.concat([Buffer.from(zeekLog("x", { ts: "time", a: "string", b: "string" }, [])), line, Buffer.from("\n")]);
  const { batches, events } = parseAll("zeek", log);
  assert.deepEqual(Buffer.from(rawRecord(batches[0]!, 0)), line);
  assert.deepEqual(Buffer.from(String(events[0]!.original_bytes), "base64"), line);
});

const broken: [name: string, change: Partial<Record<keyof typeof fields, string>>, code: string, reason: RegExp][] = [
  ["a port out of range", { "id.resp_p": "70000" }, "OUT_OF_RANGE", /id_resp_p is "70000", expected 0 to 65535/],
  ["a negative port", { "id.resp_p": "-1" }, "OUT_OF_RANGE", /id_resp_p/],
  ["a count that is no number", { orig_bytes: "12x" }, "BAD_NUMBER", /orig_bytes is "12x"/],
  ["a count past 64 bits", { orig_bytes: "18446744073709551615" }, "OUT_OF_RANGE", /orig_bytes/],
  ["an address that is none", { "id.orig_h": "10.0.0.256" }, "BAD_ADDRESS", /id_orig_h is "10.0.0.256"/],
  ["an empty address", { "id.orig_h": "" }, "BAD_ADDRESS", /id_orig_h/],
  ["a time that is none", { ts: "yesterday" }, "BAD_TIMESTAMP", /ts is "yesterday"/],
  ["a time after 2255", { ts: "99999999999.0" }, "OUT_OF_RANGE", /2255/],
  ["a bool that is none", { local: "true" }, "BAD_BOOLEAN", /local is "true"/],
  ["an interval past a double", { duration: "1e999" }, "OUT_OF_RANGE", /duration/],
  ["a list element that is no number", { ttls: "1.5,x" }, "BAD_NUMBER", /ttls is "x"/],
];

for (const [name, change, code, reason] of broken) {
  test(`${name} is a dead letter and the rest goes on`, () => {
    const bad = Object.keys(fields).map((field, i) => change[field as keyof typeof fields] ?? good[i]!);
    const log = zeekLog("conn", fields, [good, bad, good]);
    const { events, deadLetters, records } = parseAll("zeek", log);
    assert.equal(events.length, 2);
    assert.equal(records, 3);
    assert.equal(deadLetters.length, 1);
    assert.equal(deadLetters[0]!.code, code);
    assert.match(deadLetters[0]!.reason, reason);
    assert.equal(Buffer.from(deadLetters[0]!.raw).toString(), bad.join("\t"));
    assert.equal(log.slice(deadLetters[0]!.offset, deadLetters[0]!.offset + bad.join("\t").length), bad.join("\t"));
  });
}

test("a count of 2^63 - 1 and a negative int are exact", () => {
  const { batches } = parseAll(
    "zeek",
    zeekLog("x", { ts: "time", n: "count", i: "int" }, [["1.0", "9223372036854775807", "-12345678901234567"]]),
  );
  assert.equal(valueAt(batches[0]!.columns.get("n")!, 0), 9223372036854775807n);
  assert.equal(valueAt(batches[0]!.columns.get("i")!, 0), -12345678901234567n);
});

test("every double of up to 17 digits is the one JavaScript reads", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const { batches } = parseAll("zeek", zeekLog("x", { ts: "time", v: "double" }, [["1.0", String(value)]]));
      assert.equal(valueAt(batches[0]!.columns.get("v")!, 0), Number(String(value)));
    }),
  );
});

test("a wrong column count is a dead letter", () => {
  const { events, deadLetters } = parseAll("zeek", zeekLog("conn", fields, [good, ["1.0", "x"], [...good, "more"], good]));
  assert.equal(events.length, 2);
  assert.deepEqual(
    deadLetters.map(({ code, reason }) => [code, reason]),
    [
      ["COLUMN_COUNT", "2 columns, expected 12"],
      ["COLUMN_COUNT", "13 columns, expected 12"],
    ],
  );
});

test("a record before any header, or after a wrong one, is a dead letter", () => {
  const wrong = "#separator \\x09\n#path\tx\n#fields\tts\ta\ta\n#types\ttime\tstring\tstring\n1.0\tb\tc\n";
  const { events, deadLetters } = parseAll("zeek", `orphan\n${wrong}${zeekLog("conn", fields, [good])}`);
  assert.deepEqual(
    deadLetters.map(({ code }) => code),
    ["NO_HEADER", "BAD_HEADER", "NO_HEADER"],
  );
  assert.match(deadLetters[2]!.reason, /"a" occurs twice/);
  assert.equal(events.length, 1);
});

test("a rotated file with changed columns goes on under its new header", () => {
  const log =
    zeekLog("x", { ts: "time", a: "count" }, [["1.0", "1"]]) + zeekLog("x", { ts: "time", b: "string", a: "count" }, [["2.0", "z", "2"]]);
  const { events } = parseAll("zeek", log);
  assert.deepEqual(
    events.map(({ a, b }) => [a, b]),
    [
      [1, undefined],
      [2, "z"],
    ],
  );
});

test("a log path that could leave the lake's folder names no table", () => {
  const { deadLetters } = parseAll("zeek", zeekLog("../../etc", { ts: "time" }, [["1.0"]]));
  assert.equal(deadLetters[0]!.code, "BAD_HEADER");
});

test("a field that soclab names itself is kept under a prefix", () => {
  const [event] = parseAll("zeek", zeekLog("x", { ts: "time", label: "string", timestamp: "string" }, [["1.0", "Benign", "t"]])).events;
  assert.equal(event!.zeek_label, "Benign");
  assert.equal(event!.zeek_timestamp, "t");
  assert.equal(event!.timestamp, 1000);
});

test("a line of 10 MB is a dead letter with all its bytes, and so is one of 40 MB, in pieces", () => {
  for (const [megabytes, pieces] of [
    [10, 1],
    [40, 3],
  ] as const) {
    const long = Buffer.alloc(megabytes * 1024 * 1024, "x");
    const header = Buffer.from(zeekLog("conn", fields, [good]));
    const { events, deadLetters, records } = parseAll("zeek", Buffer.concat([header, long, Buffer.from(`\n${good.join("\t")}\n`)]));
    assert.equal(events.length, 2);
    assert.equal(records, 3);
    assert.equal(deadLetters.length, pieces);
    assert.ok(deadLetters.every(({ code }) => code === "RECORD_TOO_LONG"));
    assert.equal(
      deadLetters.reduce((sum, { raw }) => sum + raw.length, 0),
      long.length,
    );
    assert.equal(deadLetters[0]!.offset, header.length);
  }
});

test("any cut of the bytes in chunks gives the same events, ids and dead letters", () => {
  const log =
    zeekLog("conn", fields, [good, ["x"], good, good]) +
    zeekLog("dns", { ts: "time", query: "string" }, [
      ["1.0", "a.example"],
      ["z", "b"],
    ]);
  const whole = parseAll("zeek", log);
  assert.equal(whole.records, 6);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: log.length }), (chunkBytes) => {
      const cut = parseAll("zeek", log, { chunkBytes });
      assert.deepEqual(cut.events, whole.events);
      assert.deepEqual(cut.deadLetters, whole.deadLetters);
    }),
  );
});

test("random bytes never throw and every line is accounted for", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      const log = Buffer.concat([Buffer.from(zeekLog("conn", fields, [good])), noise]);
      const { batches, records, events, deadLetters } = parseAll("zeek", log);
      assert.equal(records, events.length + deadLetters.length);
      for (const batch of batches) assert.deepEqual(contractViolations(batch), []);
    }),
    { numRuns: 500 },
  );
});

test("event ids are the same under another name and differ between records", () => {
  const log = zeekLog("conn", fields, [good, good]);
  const [a, b] = [parseAll("zeek", log, { source: "conn.log" }), parseAll("zeek", log, { source: "old/conn.2022.log" })];
  assert.deepEqual(
    a.events.map(({ event_id }) => event_id),
    b.events.map(({ event_id }) => event_id),
  );
  assert.notEqual(a.events[0]!.event_id, a.events[1]!.event_id);
  assert.match(String(a.events[0]!.event_id), /^[0-9a-f]{32}$/);
});
