import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { compactionPlan, compactLake, openLake, openLakeWriter, verifyLake } from "../../../src/lake/index.ts";
import { rowsOf } from "../../../src/table/index.ts";
import { batchOf, connections, firstDay, temporaryLake } from "../fixture.ts";

const hour = 3_600_000;

async function allRows(directory: string): Promise<string[]> {
  await using lake = openLake(directory);
  const rows = rowsOf(await lake.query("SELECT * FROM conn ORDER BY event_id"));
  return [...rows].map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}n` : value)));
}

test("compaction leaves one file a table and day, and every event as it was", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory, { rowsPerFile: 7, keepRemovedMs: 0 });
  for (let first = 0; first < 60; first += 20) {
    await writer.append(connections(20, { first, everyMs: 2 * hour }));
    await writer.commit();
  }
  // Columns that only some files have, one of them wider in a later file.
  for (const [i, type] of (["integer", "bigint"] as const).entries()) {
    const value = type === "integer" ? 5 : 2n ** 40n;
    await writer.append(
      batchOf({ ts: ["timestamp", [new Date(firstDay)]], uid: ["string", [`X${i}`]], extra: [type, [value]] }, { first: 100 + i }),
    );
    await writer.commit();
  }
  const before = await allRows(directory);
  const counts = await compactLake(writer, {});
  assert.ok(counts.filesBefore > counts.filesAfter);
  const files = writer.files("conn");
  assert.equal(files.length, 5);
  assert.deepEqual(await allRows(directory), before);
  assert.deepEqual(compactionPlan(writer.files()), [], "there is nothing left to merge");
  assert.deepEqual(await compactLake(writer), { filesBefore: 0, filesAfter: 0, rows: 0, bytesBefore: 0, bytesAfter: 0 });
  assert.deepEqual((await verifyLake(directory)).findings, []);
  // What was ingested is known by its place still.
  await writer.append(connections(60, { everyMs: 2 * hour }));
  assert.deepEqual(await writer.commit(), { events: 0, duplicates: 60, deadLetters: 0, files: 0 });
});

test("files are grouped in order of time up to the size, and what is merged is not merged again", () => {
  const file = (rows: number, day: number, path: string) => ({
    table: "conn",
    path: `conn/day=2022-06-0${day}/${path}.parquet`,
    rows,
    bytes: rows,
    minTimestamp: day,
    maxTimestamp: day,
    sources: [],
    columns: {},
    sha256: null,
    arrived: "",
    commit: 1,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 3 }))),
      fc.integer({ min: 1, max: 120 }),
      (made, limit) => {
        const files = made.map(([rows, day], i) => file(rows, day, `part-1-${i}`));
        const plan = compactionPlan(files, { rowsPerFile: limit });
        for (const group of plan) {
          assert.ok(group.length > 1);
          assert.ok(group.reduce((sum, { rows }) => sum + rows, 0) <= limit);
          assert.equal(new Set(group.map(({ minTimestamp }) => minTimestamp)).size, 1, "one day");
        }
        const merged = new Set(plan.flat());
        assert.equal(merged.size, plan.flat().length, "a file is in one group");
      },
    ),
  );
  assert.deepEqual(compactionPlan([file(1, 1, "a"), file(1, 1, "b")], { tables: ["dns"] }), []);
});

test("a query that began before a compaction ends as if there were none", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory, { rowsPerFile: 10 });
  for (let first = 0; first < 100; first += 10) {
    await writer.append(connections(10, { first, everyMs: hour / 10 }));
    await writer.commit();
  }
  await using lake = openLake(directory);
  const [old] = lake.files("conn");
  const stream = lake.engine.stream("SELECT event_id FROM conn");
  const first = await stream.next();
  await compactLake(writer);
  assert.ok(existsSync(join(directory, old!.path)), "what left the lake stays on the disk for a while");
  let rows = first.value?.length ?? 0;
  for await (const piece of stream) rows += piece.length;
  assert.equal(rows, 100);
  assert.equal(await lake.table("conn").count(), 100);
});
