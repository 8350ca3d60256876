import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { contractViolations, feedColumns, standardColumns } from "../../src/event/index.ts";
import { feeds } from "../../src/ingest/index.ts";
import { type Parsed, parseAll } from "./parse.ts";

const folder = new URL("fixtures/samples/", import.meta.url);
const samples = readdirSync(folder).filter((file) => file !== "README.md");

/** What every feed keeps, whatever it is given. `bytes` is the whole source. */
function check(feed: string, bytes: Buffer, label: string): Parsed {
  const parsed = parseAll(feed, bytes, { source: "sample.log" });
  const lost = `${label}: ${parsed.records} records, ${parsed.events.length} events, ${parsed.deadLetters.length} dead letters`;
  assert.equal(parsed.records, parsed.events.length + parsed.deadLetters.length, lost);
  for (const batch of parsed.batches) {
    assert.deepEqual(contractViolations(batch), [], label);
    for (let row = 0; row < batch.length; row++) {
      const offset = batch.source.offsets[row]!;
      const raw = Buffer.from(batch.raw.bytes.subarray(batch.raw.starts[row]!, batch.raw.ends[row]!));
      assert.ok(raw.equals(bytes.subarray(offset, offset + raw.length)), `${label}: the bytes at ${offset} are not those of the source`);
    }
  }
  for (const { offset, raw, reason } of parsed.deadLetters) {
    assert.ok(
      Buffer.from(raw).equals(bytes.subarray(offset, offset + raw.length)),
      `${label}: the dead letter at ${offset} has other bytes`,
    );
    assert.ok(reason.length > 0 && reason.length < 2000, label);
  }
  assert.equal(new Set(parsed.events.map(({ event_id }) => event_id)).size, parsed.events.length, `${label}: an id occurs twice`);
  return parsed;
}

/** What must not depend on how the bytes were cut in chunks. Batches may be cut elsewhere. */
function essence({ events, deadLetters }: Parsed): unknown {
  const byId = [...events].sort((a, b) => String(a.event_id).localeCompare(String(b.event_id)));
  const letters = deadLetters.map(({ offset, code, reason, raw }) => ({ offset, code, reason, raw: Buffer.from(raw).toString("base64") }));
  return { events: byId, letters: letters.sort((a, b) => a.offset - b.offset) };
}

/** Small generator with a seed, so that a failure can be had again. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const hostile: readonly Buffer[] = [
  Buffer.from([0]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc3]),
  Buffer.from('"'),
  Buffer.from("\\"),
  Buffer.from("{"),
  Buffer.from("}"),
  Buffer.from("["),
  Buffer.from("\n"),
  Buffer.from("\r"),
  Buffer.from("|"),
  Buffer.from(","),
  Buffer.from("\t"),
  Buffer.from("__proto__"),
  Buffer.from("-99999999999999999999999"),
  Buffer.from("1e999"),
  Buffer.from("9".repeat(400)),
  Buffer.from("%{"),
  Buffer.from("é\u2028"),
];

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let out = bytes;
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(out.length + 1);
    const until = Math.min(out.length, at + random(12));
    const piece = hostile[random(hostile.length)]!;
    switch (random(4)) {
      case 0:
        out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
        break;
      case 1:
        out = Buffer.concat([out.subarray(0, at), out.subarray(until)]);
        break;
      case 2:
        out = Buffer.concat([out.subarray(0, at), piece, out.subarray(until)]);
        break;
      default: {
        out = Buffer.from(out);
        if (at < out.length) out[at] = random(256);
      }
    }
  }
  return out;
}

it("every feed has a sample", () => {
  const named = new Set(samples.map((file) => file.split(/[.-]/)[0]!));
  assert.deepEqual(
    feeds.map(({ name }) => name).filter((name) => !named.has(name)),
    [],
  );
});

it("no feed declares a column under a standard name, or two that differ in case only", () => {
  for (const [table, columns] of Object.entries(feedColumns)) {
    for (const [name, type] of Object.entries(standardColumns))
      assert.equal(columns[name as keyof typeof columns], type, `${table}: ${name}`);
    const lower = Object.keys(columns).map((name) => name.toLowerCase());
    assert.equal(new Set(lower).size, lower.length, table);
  }
});

for (const file of samples) {
  const feed = file.split(/[.-]/)[0]!;
  const bytes = readFileSync(new URL(file, folder));
  describe(`every feed: ${file}`, () => {
    it("its sample has events and no dead letters", () => {
      const parsed = check(feed, bytes, file);
      assert.deepEqual(
        parsed.deadLetters.map(({ code, reason }) => ({ code, reason })),
        [],
      );
      assert.ok(parsed.events.length > 0);
    });

    it("gives the same however the bytes are cut", () => {
      const whole = essence(check(feed, bytes, file));
      for (const chunkBytes of [1, 7, 64, 1000])
        assert.deepEqual(essence(parseAll(feed, bytes, { source: "sample.log", chunkBytes })), whole);
    });

    it("takes a byte order mark and CRLF", () => {
      const text = bytes.toString("latin1").replace(/\r?\n/g, "\r\n");
      const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text, "latin1")]);
      assert.deepEqual(check(feed, marked, file).deadLetters, []);
    });

    it("loses nothing of mutated records and gives the same however they are cut", () => {
      for (let seed = 1; seed <= 300; seed++) {
        const random = generator(seed * 7919);
        const input = mutate(bytes, random);
        const parsed = check(feed, input, `${file}, seed ${seed}`);
        const chunkBytes = 1 + random(200);
        const cut = parseAll(feed, input, { source: "sample.log", chunkBytes });
        assert.deepEqual(essence(cut), essence(parsed), `${file}, seed ${seed}, chunks of ${chunkBytes}`);
      }
    });

    it("accounts for a line of a megabyte, whatever fills it", () => {
      const line = bytes.toString("latin1").trimEnd().split("\n").at(-1)!;
      for (const filler of ["A", " ", "\\", '"', "|", "=", "a=b ", ",", "[", "(", "1", ":", "<1>", "\t", "%ASA-6-302013: "]) {
        const long = line + filler.repeat(Math.floor((1_000_000 - line.length) / filler.length));
        check(feed, Buffer.concat([bytes, Buffer.from(`\n${long}\n`, "latin1")]), `${file}: filled with ${filler}`);
      }
    });

    it("goes on from a saved state", () => {
      const whole = parseAll(feed, bytes, { source: "sample.log" });
      const cut = bytes.lastIndexOf("\n", bytes.length - 2) + 5; // in the last record
      const { events, deadLetters, state } = parseAll(feed, bytes.subarray(0, cut), { source: "sample.log", isOpen: true });
      const rest = parseAll(feed, bytes.subarray(state.offset), { source: "sample.log", state });
      const both = { ...whole, events: [...events, ...rest.events], deadLetters: [...deadLetters, ...rest.deadLetters] };
      assert.deepEqual(essence(both), essence(whole));
    });

    it("explains what is no text at all", () => {
      const random = generator(42);
      const noise = Buffer.from(Array.from({ length: 5000 }, () => random(256)));
      check(feed, noise, `${file}: noise`);
      check(feed, Buffer.concat([bytes, noise, Buffer.from("\n"), bytes]), `${file}: noise amid`);
      check(feed, Buffer.from(`\ufeff${bytes.toString("latin1")}`, "utf16le"), `${file}: UTF-16`);
      check(feed, Buffer.alloc(3000), `${file}: NUL bytes`);
      check(feed, Buffer.concat([bytes, Buffer.from(`${"x".repeat(1_200_000)}\n`), bytes]), `${file}: a huge line`);
    });
  });
}
