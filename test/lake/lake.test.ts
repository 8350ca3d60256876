import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { type DeadLetter, eventId, standardColumns } from "../../src/event/index.ts";
import { openLake, openLakeWriter } from "../../src/lake/index.ts";
import { batchOf, connections, temporaryLake } from "./fixture.ts";

const letter: DeadLetter = {
  feed: "zeek",
  source: "conn.log",
  sourceId: "0123456789abcdef",
  offset: 700,
  code: "BAD_NUMBER",
  reason: 'orig_bytes is "x"',
  raw: Uint8Array.of(0, 255, 10),
  context: { header: [] },
};

test("what was committed is read back value for value, by another Parquet reader too", async (context) => {
  const directory = temporaryLake(context);
  const batch = connections(30);
  await using writer = await openLakeWriter(directory);
  await writer.append(batch);
  assert.deepEqual(await writer.commit(), { events: 30, duplicates: 0, deadLetters: 0, files: 2 });

  await using lake = openLake(directory);
  assert.deepEqual(lake.tables(), ["conn"]);
  const rows = await lake.table("conn").orderBy("event_id").rows();
  assert.equal(rows.length, 30);
  const row = rows[13]!;
  assert.equal(row.event_id, eventId(batch, 13));
  assert.equal(row.feed, "conn");
  assert.equal(row.orig_bytes, 13_000n);
  assert.equal(row.ts?.toISOString(), "2022-06-01T13:00:00.000Z");
  assert.deepEqual(row.timestamp, row.ts);
  assert.equal(row.ip_dst_addr, "192.168.100.200");
  assert.equal(row.duration, 13 / 8);
  assert.equal(rows[12]!.duration, null);
  assert.equal(row.src_country, null);
  assert.equal(row.history, null, "a declared column that no batch had is null");
  assert.equal(Buffer.from(row.original_string!).toString(), "record 13 of conn.log");

  const files = lake.files("conn").map(({ path }) => path);
  assert.deepEqual(files, ["conn/day=2022-06-01/part-1-0.parquet", "conn/day=2022-06-02/part-1-1.parquet"]);
  const file = await asyncBufferFromFile(join(directory, files[0]!));
  const metadata = await parquetMetadataAsync(file);
  assert.equal(metadata.row_groups[0]!.columns[0]!.meta_data?.codec, "ZSTD");
  const seen = await parquetReadObjects({ file, compressors, utf8: false });
  assert.equal(seen.length, 24);
  for (const name of Object.keys(standardColumns)) assert.ok(name in seen[0]!, `the file has ${name}`);
  for (const [i, object] of seen.entries()) {
    assert.equal(object.event_id, eventId(batch, i));
    assert.equal(object.uid, `C${i}`);
    assert.equal(object.id_resp_p, object.ip_dst_port);
    assert.equal(object.orig_bytes, BigInt(i) * 1000n);
    assert.equal(Buffer.from(object.original_string).toString(), `record ${i} of conn.log`);
  }
});

test("an ingest that is run again adds nothing, and a longer file only what is new", async (context) => {
  const directory = temporaryLake(context);
  const run = async (count: number) => {
    await using writer = await openLakeWriter(directory);
    for (let first = 0; first < count; first += 10) await writer.append(connections(10, { first }));
    await writer.appendDeadLetters([letter]);
    return await writer.commit();
  };
  assert.deepEqual(await run(30), { events: 30, duplicates: 0, deadLetters: 1, files: 3 });
  assert.deepEqual(await run(30), { events: 0, duplicates: 31, deadLetters: 0, files: 0 });
  assert.deepEqual(await run(40), { events: 10, duplicates: 31, deadLetters: 0, files: 1 });
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 40);
  assert.deepEqual(
    await lake
      .table("conn")
      .groupBy()
      .agg({ ids: { kind: "distinct", column: "event_id" } })
      .rows(),
    [{ ids: 40n }],
  );
});

test("a batch that comes twice in one commit, whole or in part, is there once", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory, { rowsPerFile: 25 });
  await writer.append(connections(20));
  await writer.append(connections(20));
  await writer.append(connections(20, { first: 10 }));
  assert.deepEqual(await writer.commit(), { events: 30, duplicates: 30, deadLetters: 0, files: 3 });
});

test("records of another source at the same offsets are other events", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  await writer.append(connections(10));
  await writer.commit();
  await writer.append(connections(10, { sourceId: "ffffffffffffffff", name: "other.log" }));
  assert.equal((await writer.commit()).events, 10);
});

test("dead letters are kept byte for byte, and one with other bytes at the same place is another one", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  await writer.appendDeadLetters([letter, letter, { ...letter, raw: Uint8Array.of(1) }]);
  assert.deepEqual(await writer.commit(), { events: 0, duplicates: 1, deadLetters: 2, files: 1 });
  await using lake = openLake(directory);
  const result = lake.sql('SELECT "offset", code, reason, raw FROM dead_letters ORDER BY octet_length(raw) DESC');
  assert.deepEqual(await result.schema(), { offset: "bigint", code: "string", reason: "string", raw: "bytes" });
  assert.deepEqual((await result.rows())[0], { offset: 700n, code: "BAD_NUMBER", reason: 'orig_bytes is "x"', raw: letter.raw });
});

test("a lake without dead letters has the table nevertheless", async (context) => {
  const directory = temporaryLake(context);
  await (await openLakeWriter(directory)).close();
  await using lake = openLake(directory);
  assert.deepEqual(await lake.sql("SELECT count(*) AS n FROM dead_letters").rows(), [{ n: 0n }]);
  assert.deepEqual(await lake.table("dead_letters").rows(), []);
});

test("hostile strings come back as they were: NUL, quotes, emoji, long, empty, lone surrogates replaced", async (context) => {
  const directory = temporaryLake(context);
  const texts = ["", "a\0b", `'; DROP TABLE x; --"`, "é😀", "exactly12byt", "thirteen byte", "x".repeat(100_000), "\ud800", null];
  const raw = texts.map((_, i) => Uint8Array.from({ length: i * 3 }, (_, j) => (j * 37) & 255));
  await using writer = await openLakeWriter(directory);
  await writer.append(batchOf({ ts: ["timestamp", texts.map((_, i) => new Date(i))], uid: ["string", texts] }, { raw }));
  await writer.commit();
  await using lake = openLake(directory);
  const rows = await lake.table("conn").orderBy("ts").rows();
  assert.deepEqual(
    rows.map(({ uid }) => uid),
    texts.map((text) => (text === "\ud800" ? "\ufffd" : text)),
  );
  assert.deepEqual(
    rows.map(({ original_string }) => [...original_string!]),
    raw.map((bytes) => [...bytes]),
  );
});

test("events without a timestamp have a partition of their own", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  await writer.append(batchOf({ ts: ["timestamp", [null, new Date(0), new Date(-1)]] }));
  await writer.commit();
  await using lake = openLake(directory);
  const days = lake.files("conn").map(({ path, minTimestamp }) => [path.split("/")[1], minTimestamp]);
  assert.deepEqual(days, [
    ["day=1969-12-31", -1000],
    ["day=1970-01-01", 0],
    ["day=none", null],
  ]);
  assert.equal(await lake.table("conn").count(), 3);
});

test("a table gains columns and widens numbers; older rows read as null and as the wider type", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  const times = [new Date(0)];
  await writer.append(batchOf({ ts: ["timestamp", times], extra: ["integer", [1]] }, { feed: "own" }));
  await writer.commit();
  await writer.append(batchOf({ ts: ["timestamp", times], extra: ["double", [1.5]], more: ["string", ["m"]] }, { feed: "own", first: 1 }));
  await writer.commit();
  await using lake = openLake(directory);
  assert.equal(lake.schema("own").extra, "double");
  const rows = await lake.sql("SELECT extra, more FROM own ORDER BY event_id").rows();
  assert.deepEqual(rows, [
    { extra: 1, more: null },
    { extra: 1.5, more: "m" },
  ]);
});

test("columns that do not fit go beside those there are, none of them lost", async (context) => {
  const directory = temporaryLake(context);
  {
    await using writer = await openLakeWriter(directory);
    await writer.append(connections(3));
    const times = ["timestamp", [new Date(0)]] as const;
    const odd = {
      ts: times,
      orig_bytes: ["string", ["many"]],
      UID: ["string", ["C1"]],
      event_id: ["string", ["mine"]],
      uid__string: ["integer", [1]],
    } as const;
    await writer.append(batchOf(odd, { first: 3 }));
    await writer.append(batchOf({ ts: times, orig_bytes: ["double", [1.5]] }, { first: 4 }));
    await assert.rejects(writer.append(batchOf({ ts: times }, { feed: "../out" })), { code: "SOCLAB_INVALID_VALUE" });
    await assert.rejects(writer.append(batchOf({ ts: times }, { feed: "dead_letters" })), { code: "SOCLAB_INVALID_VALUE" });
    await assert.rejects(writer.append(batchOf({ ts: times }, { feed: "CONN" })), { code: "SOCLAB_SCHEMA_CONFLICT" });
    const { events, notes } = await writer.commit();
    assert.equal(events, 5);
    assert.equal(notes?.length, 4);
    assert.deepEqual((await writer.commit()).notes, undefined, "a note is told once");
  }
  await using lake = openLake(directory);
  assert.equal(lake.schema("conn").orig_bytes, "bigint", "a declared column keeps its type");
  const sql =
    "SELECT orig_bytes__string, orig_bytes__double, UID__string_2, event_id__string, uid__string FROM conn WHERE \"timestamp\" = '1970-01-01' ORDER BY event_id";
  assert.deepEqual(await lake.sql(sql).rows(), [
    { orig_bytes__string: "many", orig_bytes__double: null, UID__string_2: "C1", event_id__string: "mine", uid__string: 1 },
    { orig_bytes__string: null, orig_bytes__double: 1.5, UID__string_2: null, event_id__string: null, uid__string: null },
  ]);
  const [hit] = await lake.search("orig_bytes__string:many").rows();
  assert.equal(hit?.event_id__string, "mine");
});
test("a reader sees a commit whole or not, and sees new ones without being opened again", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  await writer.append(connections(10));
  await writer.commit();
  await using lake = openLake(directory);
  const table = lake.table("conn");
  assert.equal(await table.count(), 10);
  await writer.append(connections(10, { first: 10 }));
  assert.equal(await table.count(), 10);
  await writer.commit();
  assert.equal(await table.count(), 20);
});

test("one writer at a time; the lock of a process that is gone is taken over", async (context) => {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  await assert.rejects(openLakeWriter(directory), { code: "SOCLAB_LOCKED" });
  await writer.close();
  writeFileSync(join(directory, "_lock"), JSON.stringify({ pid: 2 ** 30, host: hostname(), began: null, since: "" }));
  await (await openLakeWriter(directory)).close();
  writeFileSync(join(directory, "_lock"), JSON.stringify({ pid: 1, host: "elsewhere", began: null, since: "" }));
  await assert.rejects(openLakeWriter(directory), { code: "SOCLAB_LOCKED", message: /process 1 on elsewhere/ });
  assert.ok(!readdirSync(directory).some((name) => name.includes("stale")));
});

test("what an unfinished commit left is not read, and the next writer removes it", async (context) => {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  await writer.append(connections(10));
  await writer.commit();
  await writer.close();
  const orphan = join(directory, "conn", "day=2022-06-01", "part-2-0.parquet");
  writeFileSync(orphan, "half a file");
  mkdirSync(join(directory, "_staging", "conn"), { recursive: true });
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 10);
  await (await openLakeWriter(directory)).close();
  assert.deepEqual(readdirSync(directory).sort(), ["_commits", "conn"]);
  assert.deepEqual(readdirSync(join(directory, "conn", "day=2022-06-01")), ["part-1-0.parquet"]);
});

test("a gap or nonsense in the log is an error and not a smaller lake", async (context) => {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  for (const first of [0, 10]) {
    await writer.append(connections(10, { first }));
    await writer.commit();
  }
  await writer.close();
  rmSync(join(directory, "_commits", "000000000001.json"));
  assert.throws(() => openLake(directory).tables(), { code: "SOCLAB_INVALID_FILE" });
  writeFileSync(
    join(directory, "_commits", "000000000001.json"),
    '{"version":1,"commit":1,"schemas":[{}],"files":[{"path":"../x","schema":0}]}',
  );
  assert.throws(() => openLake(directory).tables(), { code: "SOCLAB_INVALID_FILE" });
});

test("a lake that is not there, and a table that is not in it, are named", async (context) => {
  const directory = temporaryLake(context);
  assert.throws(() => openLake(join(directory, "nothing")), { code: "SOCLAB_NOT_FOUND" });
  const writer = await openLakeWriter(directory);
  await writer.append(connections(1));
  await writer.commit();
  await writer.close();
  await using lake = openLake(directory);
  await assert.rejects(lake.table("con").rows(), { code: "SOCLAB_UNKNOWN_TABLE", message: /no table "con"\. Did you mean "conn"\?/ });
});

test("a writer that fails says so and publishes nothing", async (context) => {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  await writer.append(connections(10));
  writeFileSync(join(directory, "_staging"), "a file where a folder must be");
  await assert.rejects(writer.commit(), { code: "SOCLAB_IO" });
  await assert.rejects(writer.append(connections(10)), { code: "SOCLAB_IO" });
  await writer.close();
  assert.deepEqual(openLake(directory).tables(), []);
});

test("a console shows the tables of a lake", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  await using lake = openLake(directory);
  assert.equal(inspect(lake), `Lake { ${directory} }`);
  await writer.append(connections(1200));
  await writer.commit();
  assert.equal(inspect(lake), `Lake { ${directory}\n  conn: 1,200 rows × ${Object.keys(lake.schema("conn")).length} columns\n}`);
});
