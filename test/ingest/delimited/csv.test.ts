import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createParser } from "../../../src/ingest/index.ts";
import { parseAll } from "../parse.ts";

describe("csv", () => {
  it("reads quoted values with delimiters, doubled quotes and line ends", () => {
    const { events, deadLetters } = parseAll("csv", 'name,say\na,"x, ""y""\nz"\nb,plain\n');
    assert.deepEqual(deadLetters, []);
    assert.deepEqual(
      events.map(({ say }) => say),
      ['x, "y"\nz', "plain"],
    );
    assert.equal(events[0]!.original_string, 'a,"x, ""y""\nz"');
  });

  for (const [name, delimiter] of [
    ["comma", ","],
    ["tab", "\t"],
    ["semicolon", ";"],
    ["pipe", "|"],
  ] as const) {
    it(`finds out that the delimiter is a ${name}`, () => {
      const { events } = parseAll("csv", [`src_ip${delimiter}dst_port`, `10.0.0.1${delimiter}443`].join("\n"));
      assert.equal(events[0]!.ip_src_addr, "10.0.0.1");
      assert.equal(events[0]!.ip_dst_port, 443);
    });
  }

  it("maps the usual names to the seven fields", () => {
    const header = "Timestamp,Source IP,Source Port,Destination IP,Destination Port,Protocol";
    const { events } = parseAll("csv", `${header}\n2017-07-07 03:30:00,104.16.207.165,443,192.168.10.5,54865,6\n`);
    const { timestamp, ip_src_addr, ip_src_port, ip_dst_addr, ip_dst_port, protocol } = events[0]!;
    assert.deepEqual(
      { timestamp, ip_src_addr, ip_src_port, ip_dst_addr, ip_dst_port, protocol },
      {
        timestamp: Date.UTC(2017, 6, 7, 3, 30),
        ip_src_addr: "104.16.207.165",
        ip_src_port: 443,
        ip_dst_addr: "192.168.10.5",
        ip_dst_port: 54865,
        protocol: "tcp",
      },
    );
  });

  it("infers types that lose nothing: leading zeros, long numbers and mixed columns stay text", () => {
    const { events } = parseAll(
      "csv",
      "n,zip,id,mixed,when,ok\n1.5,007,12345678901234567890,1,2024-01-02 03:04:05,true\n2,010,1,x,2024-01-02 03:04:06,false\n",
    );
    const { n, zip, id, mixed, when, ok } = events[0]!;
    assert.deepEqual({ n, zip, id, mixed, ok }, { n: 1.5, zip: "007", id: "12345678901234567890", mixed: "1", ok: true });
    assert.equal(when, Date.UTC(2024, 0, 2, 3, 4, 5));
  });

  it("keeps a later value of another type in extra", () => {
    const rows = Array.from({ length: 100 }, (_, i) => (i === 90 ? "many" : String(i)));
    const { events, deadLetters } = parseAll("csv", `n\n${rows.join("\n")}\n`);
    assert.equal(deadLetters.length, 0);
    assert.equal(events[90]!.n, undefined);
    assert.equal(events[90]!.extra, '{"n_text":"many"}');
  });

  it("goes on after a quote that is never closed, with that line alone as a dead letter", () => {
    const { events, deadLetters } = parseAll("csv", 'a,b\n1,"x\n2,y\n3,"z"\n4,w\n');
    assert.deepEqual(
      deadLetters.map(({ code, raw }) => [code, Buffer.from(raw).toString()]),
      [["BAD_QUOTE", '1,"x']],
    );
    assert.deepEqual(
      events.map(({ a }) => a),
      [2, 3, 4],
    );
  });

  it("takes time in proportion to the size where no quote is closed", () => {
    const { deadLetters } = parseAll("csv", `a,b\n${'1,"x\n'.repeat(100_001)}`);
    assert.ok(deadLetters.length > 50_000);
  });

  it("rejects rows that are too short or too long and says so", () => {
    const { events, deadLetters } = parseAll("csv", "a,b\n1\n1,2\n1,2,3\n");
    assert.equal(events.length, 1);
    assert.deepEqual(
      deadLetters.map(({ code, reason }) => `${code}: ${reason}`),
      ["COLUMN_COUNT: 1 columns, expected 2", "COLUMN_COUNT: 3 columns, expected 2"],
    );
  });

  it("gives repeated, empty, hostile and reserved column names names of their own", () => {
    const { events } = parseAll("csv", "a,A,,__proto__,label,2nd,constructor\n1,2,3,4,x,6,7\n");
    const [event] = events;
    const named = ["a", "A_2", "column_3", "csv_label", "csv_2nd", "constructor"].map((name) => event![name]);
    assert.deepEqual(named, [1, 2, 3, "x", 6, 7]);
    assert.ok(Object.values(event!).includes(4), "no column holds what stands under __proto__");
  });

  it("refuses ten thousand columns and UTF-16, with a reason", () => {
    const wide = parseAll("csv", `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",")}\n1,2\n`);
    assert.match(wide.deadLetters[0]!.reason, /10000 columns, expected at most 1024/);
    const utf16 = parseAll("csv", Buffer.from("\ufeffa,b\n1,2\n", "utf16le"));
    assert.match(utf16.deadLetters[0]!.reason, /UTF-16/);
    assert.equal(utf16.events.length, 0);
  });

  it("goes on after a restart with the same columns and types", () => {
    const text = `n,who\n${"1.5,a\n".repeat(100)}`;
    const whole = parseAll("csv", `${text}x,b\n2,c\n`);
    const first = createParser("csv", { source: "test.log" });
    first.push(Buffer.from(text));
    const second = createParser("csv", { source: "test.log", state: first.state() });
    const { batches } = second.push(Buffer.from("x,b\n2,c\n"));
    const ids = (batches: typeof whole.batches) => batches.flatMap((batch) => [...batch.idLow]);
    assert.deepEqual(ids(batches), ids(whole.batches).slice(-2));
    assert.equal(batches[0]!.columns.get("n")!.type, "double");
  });

  it("dead-letters a row whose time cannot be read", () => {
    const { deadLetters } = parseAll("csv", "timestamp,x\nyesterday,1\n");
    assert.equal(deadLetters[0]!.code, "BAD_TIMESTAMP");
  });
});
