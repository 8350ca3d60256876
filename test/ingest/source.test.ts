import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createParser, parseSource } from "../../src/ingest/index.ts";
import { zeekLog } from "./parse.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-source-"));
after(() => rm(folder, { recursive: true }));

const rows = Array.from({ length: 5000 }, (_, i) => [`${1655071198 + i}.5`, `name-${i}-${(i * 2654435761) >>> 0}`]);
const log = zeekLog("x", { ts: "time", a: "string" }, rows);

async function counts(name: string, bytes: Uint8Array): Promise<{ events: number; codes: string[]; offsets: number[] }> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  let events = 0;
  const codes: string[] = [];
  const offsets: number[] = [];
  for await (const part of parseSource("zeek", path)) {
    events += part.batches.reduce((sum, batch) => sum + batch.length, 0);
    codes.push(...part.deadLetters.map(({ code }) => code));
    offsets.push(...part.deadLetters.map(({ offset }) => offset));
  }
  return { events, codes, offsets };
}

test("a gzip file, and two in one, are read to the end", async () => {
  assert.deepEqual(await counts("a.gz", gzipSync(log)), { events: 5000, codes: [], offsets: [] });
  assert.deepEqual(await counts("b.gz", Buffer.concat([gzipSync(log), gzipSync(log)])), { events: 10000, codes: [], offsets: [] });
});

test("a truncated gzip gives all it holds and a dead letter with the rest of the last record", async () => {
  const whole = gzipSync(log);
  const { events, codes, offsets } = await counts("c.gz", whole.subarray(0, Math.floor(whole.length / 2)));
  assert.ok(events > 1000 && events < 5000, `${events} events`);
  assert.deepEqual(codes, ["TRUNCATED_GZIP"]);
  const header = zeekLog("x", { ts: "time", a: "string" }, rows.slice(0, events)).length;
  assert.deepEqual(offsets, [header]);
});

test("a damaged gzip gives what stands before the damage and a dead letter", async () => {
  const damaged = Buffer.from(gzipSync(log));
  damaged.fill(0xff, Math.floor(damaged.length / 2), Math.floor(damaged.length / 2) + 50);
  const { events, codes } = await counts("d.gz", damaged);
  assert.ok(events < 5000);
  assert.deepEqual(
    codes.filter((code) => code.endsWith("GZIP")),
    ["CORRUPT_GZIP"],
  );
});

test("a file that is not there and a folder are named in the error", async () => {
  await assert.rejects(async () => {
    for await (const _ of parseSource("zeek", join(folder, "none.log"))) assert.fail();
  }, /SOCLAB_NOT_FOUND: there is no file .*none\.log/);
  await assert.rejects(async () => {
    for await (const _ of parseSource("zeek", folder)) assert.fail();
  }, /SOCLAB_USAGE: .* is a folder/);
});

test("a parser that goes on from a saved state gives what an undisturbed one gives", () => {
  const bytes = Buffer.from(log);
  const ids = (outputs: ReturnType<ReturnType<typeof createParser>["push"]>[]) =>
    outputs.flatMap(({ batches }) => batches.flatMap(({ source, idLow }) => [...idLow].map((low) => `${source.id}${low}`)));
  const whole = createParser("zeek", { source: "x" });
  const expected = ids([whole.push(bytes), whole.end()]);
  const first = createParser("zeek", { source: "x" });
  const before = ids([first.push(bytes.subarray(0, 50_001))]);
  const state = JSON.parse(JSON.stringify(first.state()));
  const second = createParser("zeek", { source: "x", state });
  assert.deepEqual([...before, ...ids([second.push(bytes.subarray(state.offset)), second.end()])], expected);
});

test("a parser goes on in the middle of a JSON array", () => {
  const record = (port: number) => ({
    timestamp: "2021-06-06T15:59:46Z",
    event_type: "flow",
    src_ip: "10.0.0.1",
    src_port: port,
    dest_ip: "10.0.0.2",
  });
  const bytes = Buffer.from(
    `${JSON.stringify([record(1)], null, 1).slice(0, -2)},\n${JSON.stringify(record(2))},${JSON.stringify(record(3))},\n${JSON.stringify(record(4))}]\n`,
  );
  const first = createParser("suricata", { source: "eve.json" });
  const cut = bytes.indexOf('"src_port":3');
  const before = first.push(bytes.subarray(0, cut)).batches.reduce((sum, { length }) => sum + length, 0);
  const state = JSON.parse(JSON.stringify(first.state()));
  const second = createParser("suricata", { source: "eve.json", state });
  const outputs = [second.push(bytes.subarray(state.offset)), second.end()];
  assert.equal(before + outputs.flatMap(({ batches }) => batches).reduce((sum, { length }) => sum + length, 0), 4);
  assert.deepEqual(
    outputs.flatMap(({ deadLetters }) => deadLetters),
    [],
  );
});

test("a byte order mark at the start of a source is no part of its first line", async () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  assert.deepEqual(await counts("bom.log", Buffer.concat([mark, Buffer.from(log)])), { events: 5000, codes: [], offsets: [] });
  const parser = createParser("suricata", { source: "eve.json" });
  const line = '{"timestamp":"2021-06-06T15:59:46Z","event_type":"flow"}\n';
  const { batches } = parser.push(Buffer.concat([mark, Buffer.from(line), Buffer.from(line)]));
  assert.deepEqual([...batches[0]!.source.offsets], [3, 3 + line.length]);
});
