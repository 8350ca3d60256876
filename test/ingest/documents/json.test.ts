import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseJsonPath, valueAtPath } from "../../../src/ingest/documents/json-path.ts";
import { slicesAt } from "../../../src/ingest/documents/json-slices.ts";
import { parseAll } from "../parse.ts";

const seven = (event: Record<string, unknown>) =>
  ["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol"].map((field) => event[field]);

describe("json", () => {
  const time = Date.UTC(2024, 4, 1, 10);
  for (const [name, document, expected] of [
    [
      "flat",
      { timestamp: "2024-05-01T10:00:00Z", src_ip: "10.0.0.1", src_port: 1, dest_ip: "10.0.0.2", dest_port: 2, proto: "UDP" },
      [time, "10.0.0.1", 1, "10.0.0.2", 2, "udp"],
    ],
    [
      "ECS",
      {
        "@timestamp": "2024-05-01T10:00:00Z",
        source: { ip: "10.0.0.1", port: 1 },
        destination: { ip: "::1", port: 2 },
        network: { transport: "tcp" },
      },
      [time, "10.0.0.1", 1, "::1", 2, "tcp"],
    ],
    [
      "Metron",
      { timestamp: 1714557600000, ip_src_addr: "10.0.0.1", ip_src_port: 1, ip_dst_addr: "10.0.0.2", ip_dst_port: 2, protocol: "6" },
      [time, "10.0.0.1", 1, "10.0.0.2", 2, "tcp"],
    ],
    [
      "Zeek",
      { ts: 1714557600, "id.orig_h": "10.0.0.1", "id.orig_p": 1, "id.resp_h": "10.0.0.2", "id.resp_p": 2, proto: "tcp" },
      [time, "10.0.0.1", 1, "10.0.0.2", 2, "tcp"],
    ],
    [
      "an address with a port",
      { time: "2024-05-01 10:00", data: { srcip: "10.0.0.1:55", dstip: "[::1]:80" } },
      [time, "10.0.0.1", 55, "::1", 80, null],
    ],
    [
      "names that promise too much",
      { timestamp: "", source: "syslog", src: "host", sport: "football", protocol: { a: 1 }, time: "5 s" },
      [null, null, null, null, null, null],
    ],
  ] as const) {
    it(`takes the seven fields of ${name}`, () => {
      const { events, deadLetters } = parseAll("json", JSON.stringify(document));
      assert.deepEqual(deadLetters, []);
      assert.deepEqual(seven(events[0]!), expected);
    });
  }

  it("keeps numbers past 2^53 and 2^64 digit by digit", () => {
    const { events } = parseAll("json", '{"n":9007199254740993,"m":18446744073709551617}');
    assert.deepEqual([events[0]!.n, events[0]!.m], ["9007199254740993", "18446744073709551617"]);
  });

  it("makes an event of each element, with its own bytes", () => {
    for (const text of ['[{"a":1},{"a":2}]', '{"a":1},{"a":2},', '{"a":1}{"a":2}', '[\n{"a":1},\n{"a":2}\n]', '{\n"a":1\n}\n{\n"a":2\n}'])
      assert.deepEqual(
        parseAll("json", `${text}\n`).events.map(({ a, original_string }) => [a, JSON.parse(String(original_string))]),
        [
          [1, { a: 1 }],
          [2, { a: 2 }],
        ],
        text,
      );
  });

  it("takes out what is broken and goes on", () => {
    const { events, deadLetters } = parseAll("json", '{"a":1}\n{"a":\n{"a":2},{oops},{"a":3}\nplain\n{"a":4}\n');
    assert.deepEqual(
      events.map(({ a }) => a),
      [1, 2, 3, 4],
    );
    assert.deepEqual(
      deadLetters.map(({ raw }) => Buffer.from(raw).toString()),
      ['{"a":', "{oops}", "plain"],
    );
  });

  it("survives deep nesting, ten thousand keys and hostile names", () => {
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])));
    const hostile =
      '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"hasOwnProperty":1,"original_string":"mine","event_id":"mine"}';
    const { events, deadLetters, records } = parseAll("json", [deep, hostile, wide].join("\n"));
    assert.equal(records, events.length + deadLetters.length);
    const last = events.find(({ original_string }) => original_string === hostile)!;
    assert.notEqual(last.event_id, "mine");
    assert.equal(last.json_event_id, "mine");
    assert.equal(Reflect.get({}, "x"), undefined);
  });
});

describe("JSON paths", () => {
  it("select values where they stand in the bytes", () => {
    const text = '{"n":0,"Records": [ {"a":"]}"} , {"a":[1,2]},3 ],"x":{"y z":[[1],[{"q":"\\"}"}]]}}';
    const bytes = Buffer.from(text);
    const select = (path: string) => slicesAt(bytes, 0, bytes.length, parseJsonPath(path)).map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(select("$.Records"), ['{"a":"]}"}', '{"a":[1,2]}', "3"]);
    assert.deepEqual(select("$.Records[*]"), ['{"a":"]}"}', '{"a":[1,2]}', "3"]);
    assert.deepEqual(select("$.Records[1].a"), ["1", "2"]);
    assert.deepEqual(select("$.x['y z'][1]"), ['{"q":"\\"}"}']);
    assert.deepEqual(select("$.n"), ["0"]);
    assert.deepEqual(select("$.none"), []);
  });

  it("read own keys only", () => {
    assert.equal(valueAtPath({ a: [{ b: 1 }] }, parseJsonPath("a[0].b")), 1);
    assert.equal(valueAtPath({}, parseJsonPath("$.__proto__.toString")), undefined);
  });

  it("are refused with the place of the mistake", () => {
    assert.throws(() => parseJsonPath("$.a[?(@.b)]"), { code: "SOCLAB_INVALID_DEFINITION", message: /from "\[\?\(@\.b\)\]" on/ });
  });
});
