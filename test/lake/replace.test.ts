import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { DeadLetter } from "../../src/event/index.ts";
import { type LakeFile, openLake, openLakeWriter, type RewrittenFile } from "../../src/lake/index.ts";
import { constant, identifier } from "../../src/sql/index.ts";
import { connections, temporaryLake } from "./fixture.ts";

const everyMs = 60_000;

/** One file out of several of a table and day, with their columns. */
function merged(directory: string, files: readonly LakeFile[]): RewrittenFile {
  const [{ table, columns, path }] = files as [LakeFile];
  const paths = files.map((file) => join(directory, file.path));
  const names = Object.keys(columns).map(identifier).join(", ");
  return {
    table,
    day: /day=([^/]+)/.exec(path)?.[1],
    sql: `SELECT ${names} FROM read_parquet(${constant(paths)}, hive_partitioning = false) ORDER BY "timestamp", event_id`,
    columns,
    sources: files.flatMap(({ sources }) => sources),
  };
}

async function threeCommits(directory: string): Promise<void> {
  await using writer = await openLakeWriter(directory);
  for (const first of [0, 10, 20]) {
    await writer.append(connections(10, { first, everyMs }));
    await writer.commit();
  }
}

test("files are replaced in one commit, and readers that began before can go on", async (context) => {
  const directory = temporaryLake(context);
  await threeCommits(directory);
  await using lake = openLake(directory);
  const before = await lake.table("conn").orderBy("event_id").rows();
  const old = lake.files("conn");
  await using writer = await openLakeWriter(directory);
  assert.deepEqual(await writer.replace({ remove: old, reason: "compaction", add: [merged(directory, old)] }), {
    events: 0,
    duplicates: 0,
    deadLetters: 0,
    files: 0,
  });
  const [file, ...others] = lake.files("conn");
  assert.deepEqual(others, []);
  assert.equal(file!.rows, 30);
  assert.equal(file!.minTimestamp, old[0]!.minTimestamp);
  assert.equal(file!.maxTimestamp, old[2]!.maxTimestamp);
  assert.deepEqual(await lake.table("conn").orderBy("event_id").rows(), before);
  for (const { path } of old) assert.ok(existsSync(join(directory, path)), "a removed file stays for a while");
  await writer.append(connections(31, { everyMs }));
  assert.equal((await writer.commit()).events, 1, "events of a replaced file are known");
  const commit = JSON.parse(readFileSync(join(directory, "_commits", "000000000004.json"), "utf8"));
  assert.deepEqual(
    commit.removes,
    old.map(({ path, sha256, rows }) => ({ path, reason: "compaction", sha256, rows })),
  );
});

test("removed files are deleted when their time is over, and a reader that had them in view looks again", async (context) => {
  const directory = temporaryLake(context);
  await threeCommits(directory);
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 30);
  await using writer = await openLakeWriter(directory, { keepRemovedMs: 0 });
  const old = writer.files("conn");
  const counting = Promise.all([lake.table("conn").count(), lake.sql("SELECT count(*) AS n FROM conn").rows()]);
  await writer.replace({ remove: old, reason: "compaction", add: [merged(directory, old)] });
  assert.deepEqual(await counting, [30, [{ n: 30n }]]);
  for (const { path } of old) assert.ok(!existsSync(join(directory, path)));
  assert.equal(await lake.table("conn").count(), 30);
});

test("a file that is missing though the lake has it is named", async (context) => {
  const directory = temporaryLake(context);
  await threeCommits(directory);
  await using lake = openLake(directory);
  const { path } = lake.files("conn")[1]!;
  writeFileSync(join(directory, path), "");
  await assert.rejects(lake.table("conn").count(), { code: "SOCLAB_QUERY" });
  const { rmSync } = await import("node:fs");
  rmSync(join(directory, path));
  await assert.rejects(lake.table("conn").count(), { code: "SOCLAB_INVALID_FILE", message: new RegExp(path) });
  await assert.rejects(
    async () => {
      for await (const _ of lake.sql("SELECT * FROM conn"));
    },
    { code: "SOCLAB_INVALID_FILE" },
  );
});

test("rows that come again in place of a removed file are no duplicates, and letters that became events go with the same commit", async (context) => {
  const directory = temporaryLake(context);
  const letter = (offset: number): DeadLetter => ({
    feed: "zeek",
    source: "conn.log",
    sourceId: "0123456789abcdef",
    offset,
    code: "BAD_NUMBER",
    reason: "no",
    raw: Uint8Array.of(offset),
    context: { header: [] },
  });
  await using writer = await openLakeWriter(directory);
  await writer.append(connections(10, { everyMs }));
  await writer.appendDeadLetters([letter(1), letter(2)]);
  await writer.commit();
  writer.remove([...writer.files("conn"), ...writer.files("dead_letters")], "rewrite");
  await writer.append(connections(12, { everyMs }));
  await writer.appendDeadLetters([letter(2)]);
  assert.deepEqual(await writer.commit(), { events: 12, duplicates: 0, deadLetters: 1, files: 2 });
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 12);
  assert.equal(await lake.table("dead_letters").count(), 1);
});

test("a file that is not in the lake cannot be removed, and one cannot be removed twice", async (context) => {
  const directory = temporaryLake(context);
  await threeCommits(directory);
  await using writer = await openLakeWriter(directory);
  const [file] = writer.files("conn");
  await writer.replace({ remove: [file!], reason: "retention" });
  assert.throws(() => writer.remove([file!], "retention"), { code: "SOCLAB_INVALID_VALUE" });
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 20);
  await writer.replace({ remove: writer.files(), reason: "retention" });
  assert.equal(await lake.table("conn").count(), 0, "an empty table keeps its columns");
  assert.equal(lake.schema("conn").orig_bytes, "bigint");
});

test("each commit names the SHA-256 of the one before, each file has its own", async (context) => {
  const directory = temporaryLake(context);
  await threeCommits(directory);
  const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
  const commits = readdirSync(join(directory, "_commits")).sort();
  assert.equal(commits.length, 3);
  let previous = "";
  for (const name of commits) {
    const path = join(directory, "_commits", name);
    const commit = JSON.parse(readFileSync(path, "utf8"));
    assert.equal(commit.previous, previous);
    previous = sha256(path);
    for (const file of commit.files) assert.equal(file.sha256, sha256(join(directory, file.path)));
  }
  assert.equal(openLake(directory).head, previous);
});

test("a search index lives and dies with its file, and can be added later", async (context) => {
  const directory = temporaryLake(context);
  await threeCommits(directory);
  const built: string[] = [];
  await using writer = await openLakeWriter(directory, {
    keepRemovedMs: 0,
    async buildSearch({ path, rows }, dataPath, sidecarPath) {
      built.push(path);
      writeFileSync(sidecarPath, `${rows} rows, ${readFileSync(dataPath).length} bytes`);
      return rows > 0;
    },
  });
  await writer.append(connections(10, { first: 30, everyMs }));
  await writer.commit();
  const [old, , , fresh] = writer.files("conn");
  assert.equal(old!.search, undefined);
  assert.equal(fresh!.search!.path, fresh!.path.replace(".parquet", ".search"));
  assert.ok(existsSync(join(directory, fresh!.search!.path)));
  assert.ok(await writer.addSearch(old!));
  assert.ok(!(await writer.addSearch(fresh!)));
  await writer.commit();
  const files = writer.files("conn");
  assert.ok(files[0]!.search && existsSync(join(directory, files[0]!.search.path)));
  await writer.replace({ remove: files, reason: "compaction", add: [merged(directory, files)] });
  const left = readdirSync(join(directory, "conn", "day=2022-06-01")).sort();
  const [whole] = writer.files("conn");
  assert.deepEqual(left, [whole!.path, whole!.search!.path].map((path) => basename(path)).sort());
  assert.equal(built.length, 3);
});
