import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contractViolations, valueAt } from "../../src/event/index.ts";
import { parseAll } from "./parse.ts";

const alert = {
  timestamp: "2021-06-06T15:59:46.457984+0200",
  flow_id: 1374195536821504,
  event_type: "alert",
  src_ip: "78.36.196.213",
  src_port: 51698,
  dest_ip: "192.168.1.129",
  dest_port: 445,
  proto: "TCP",
  alert: { signature: "ET CINS", severity: 2, metadata: { tag: ["CINS"] } },
};

test("an EVE record becomes the seven fields and joined columns", () => {
  const line = JSON.stringify(alert);
  const [event] = parseAll("suricata", `${line}\n`).events;
  assert.equal(event!.timestamp, Date.UTC(2021, 5, 6, 13, 59, 46, 457));
  assert.equal(event!.ip_src_addr, "78.36.196.213");
  assert.equal(event!.protocol, "tcp");
  assert.equal(event!.proto, "TCP");
  assert.equal(event!.alert_signature, "ET CINS");
  assert.deepEqual(event!.alert_metadata_tag, ["CINS"]);
  assert.equal(event!.original_string, line);
});

test("a leaf that is not known, or is of another type, is kept in extra", () => {
  const record = { ...alert, new_thing: { deep: 1 }, tx_id: "seven", ["__proto__"]: { polluted: true } };
  const line = JSON.stringify(record).replace("{", '{"__proto__":{"polluted":true},');
  const [event] = parseAll("suricata", line).events;
  assert.deepEqual(JSON.parse(String(event!.extra)), JSON.parse('{"__proto___polluted":true,"new_thing_deep":1,"tx_id":"seven"}'));
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("a whole number that a double cannot hold is exact", () => {
  const line = JSON.stringify(alert).replace("1374195536821504", "9007199254740993");
  const { batches } = parseAll("suricata", line);
  assert.equal(valueAt(batches[0]!.columns.get("flow_id")!, 0), 9007199254740993n);
});

const broken: [name: string, line: string, code: string][] = [
  ["half a record", JSON.stringify(alert).slice(0, 60), "NOT_JSON"],
  ["an array in a file of lines", "[1]", "NOT_AN_OBJECT"],
  ["no timestamp", JSON.stringify({ ...alert, timestamp: undefined }), "BAD_TIMESTAMP"],
  ["a 31st of June", JSON.stringify({ ...alert, timestamp: "2021-06-31T00:00:00Z" }), "BAD_TIMESTAMP"],
  ["an address that is none", JSON.stringify({ ...alert, src_ip: "nowhere" }), "BAD_ADDRESS"],
  ["a port out of range", JSON.stringify({ ...alert, dest_port: 65536 }), "OUT_OF_RANGE"],
  ["a port that is text", JSON.stringify({ ...alert, dest_port: "445" }), "BAD_NUMBER"],
  ["a count past 64 bits", JSON.stringify(alert).replace("1374195536821504", "99999999999999999999"), "OUT_OF_RANGE"],
];

for (const [name, line, code] of broken) {
  test(`${name} is a dead letter and the rest goes on`, () => {
    const good = JSON.stringify(alert);
    const { events, deadLetters, records } = parseAll("suricata", `${good}\n${line}\n${good}\n`);
    assert.equal(events.length, 2);
    assert.equal(records, 3);
    assert.deepEqual(
      deadLetters.map((letter) => letter.code),
      [code],
    );
    assert.equal(Buffer.from(deadLetters[0]!.raw).toString(), line);
    assert.equal(deadLetters[0]!.offset, good.length + 1);
  });
}

test("a JSON array and pretty-printed objects are read record by record, each with its own bytes", () => {
  const records = [alert, { ...alert, src_port: 1, note: "brace } in { a string" }, { ...alert, src_port: 2 }];
  for (const text of [JSON.stringify(records, null, 2), records.map((record) => JSON.stringify(record, null, 1)).join("\n")]) {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length }), (chunkBytes) => {
        const { events, deadLetters } = parseAll("suricata", text, { chunkBytes });
        assert.deepEqual(deadLetters, []);
        assert.deepEqual(
          events.map(({ original_string }) => JSON.parse(String(original_string))),
          records,
        );
      }),
      { numRuns: 30 },
    );
  }
});

test("an array that breaks off leaves its open record as a dead letter", () => {
  const text = JSON.stringify([alert, alert], null, 2);
  const { events, deadLetters, records } = parseAll("suricata", text.slice(0, -40));
  assert.equal(events.length, 1);
  assert.equal(records, 2);
  assert.equal(deadLetters[0]!.code, "NOT_JSON");
});

test("Zeek's JSON gives the columns of its TSV", () => {
  const line =
    '{"_path":"conn","ts":1655071198.444458,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":1,"id.resp_h":"10.0.0.2","id.resp_p":2,"proto":"udp","orig_bytes":7,"duration":0.5,"new":[1,"a"]}';
  const { batches, events } = parseAll("zeek", `${line}\n${line.replace("1655071198.444458", '"2022-06-12T21:59:58.444458Z"')}\n`);
  assert.equal(batches[0]!.feed, "conn");
  assert.equal(events[0]!.timestamp, 1655071198444);
  assert.equal(events[1]!.timestamp, 1655071198444);
  assert.equal(events[0]!.id_orig_h, "10.0.0.1");
  assert.equal(batches[0]!.columns.get("orig_bytes")!.type, "bigint");
  assert.deepEqual(events[0]!.new, ["1", "a"]);
});

test("records of several log paths in one file become tables of their own", () => {
  const { batches } = parseAll(
    "zeek",
    '{"_path":"dns","ts":1,"query":"a"}\n{"_path":"http","ts":2,"host":"b"}\n{"_path":"dns","ts":3,"query":"c"}\n',
  );
  assert.deepEqual(
    batches.map(({ feed, length }) => [feed, length]),
    [
      ["dns", 2],
      ["http", 1],
    ],
  );
  assert.equal(batches[1]!.columns.get("ip_src_addr")!.type, "string");
});

test("random JSON never throws and every record is accounted for", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (values) => {
      const lines = values.map((value) =>
        JSON.stringify(typeof value === "object" && value !== null && !Array.isArray(value) ? { ...alert, ...value } : value),
      );
      const { batches, events, deadLetters, records } = parseAll("suricata", `${JSON.stringify(alert)}\n${lines.join("\n")}`);
      assert.equal(records, lines.length + 1);
      assert.equal(events.length + deadLetters.length, records);
      for (const batch of batches) assert.deepEqual(contractViolations(batch), []);
    }),
    { numRuns: 300 },
  );
});

test("a record nested without end, or a list of half a million, is accounted for like any other", () => {
  const line = JSON.stringify(alert);
  const nested = `${line.slice(0, -1)},"deep":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const deepObject = `${line.slice(0, -1)},"deep":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
  const long = `${line.slice(0, -1)},"metadata":{"flowbits":[${'"a",'.repeat(200_000)}"b"]}}`;
  const { records, events, deadLetters } = parseAll("suricata", [line, nested, deepObject, long, line].join("\n"));
  assert.equal(records, 5);
  assert.equal(events.length + deadLetters.length, 5);
  assert.ok(events.some(({ metadata_flowbits }) => Array.isArray(metadata_flowbits) && metadata_flowbits.length === 200_001));
  assert.ok(deadLetters.every(({ code }) => code === "NOT_JSON"));
});

test("two leaves of one joined name: the first is the column, the second is kept in extra", () => {
  const line = JSON.stringify({ ...alert, alert_signature: "second" });
  const [event] = parseAll("suricata", line).events;
  assert.equal(event!.alert_signature, "ET CINS");
  assert.deepEqual(JSON.parse(String(event!.extra)), { alert_signature: "second" });
});

test("ten thousand different keys make no column and lose nothing", () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => JSON.stringify({ ...alert, [`key${i}`]: { inner: i } }));
  const { batches, events } = parseAll("suricata", lines.join("\n"));
  assert.equal(events.length, 10_000);
  assert.ok(batches.every(({ columns }) => columns.size < 40));
  assert.deepEqual(JSON.parse(String(events[9_999]!.extra)), { key9999_inner: 9999 });
});
