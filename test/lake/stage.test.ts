import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type EventBatch, eventId } from "../../src/event/index.ts";
import { openLake, openLakeWriter } from "../../src/lake/index.ts";
import { DuckDb, rowsOf } from "../../src/table/index.ts";
import { batchOf, connections, firstDay, temporaryLake } from "./fixture.ts";

/** Hours after the first day, null for no time; one batch a list. */
const batches = fc.array(
  fc.record({
    hours: fc.array(fc.option(fc.integer({ min: 0, max: 60 })), { minLength: 1, maxLength: 12 }),
    isSorted: fc.boolean(),
    sourceId: fc.constantFrom("00112233445566ff", "ff00112233445566"),
    isWide: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

test("every file keeps its rows by time and id, in whatever order they came", async (context) => {
  await fc.assert(
    fc.asyncProperty(batches, async (made) => {
      const directory = temporaryLake(context);
      const firsts = new Map<string, number>();
      const appended: EventBatch[] = made.map(({ hours, isSorted, sourceId, isWide }) => {
        const first = firsts.get(sourceId) ?? 0;
        firsts.set(sourceId, first + hours.length);
        const order = isSorted ? hours.toSorted((a, b) => (a ?? -1) - (b ?? -1)) : hours;
        const numbers = order.map((_, i) => `${sourceId[0]}${first + i}`);
        return batchOf(
          {
            ts: ["timestamp", order.map((hour) => (hour === null ? null : new Date(firstDay + hour * 3_600_000)))],
            uid: ["string", numbers],
            ...(isWide
              ? { source: ["string", numbers], low: ["string", numbers], time: ["integer", order.map((hour) => hour ?? -1)] }
              : {}),
          },
          { first, sourceId },
        );
      });
      const expected = appended.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => eventId(batch, row)));
      await using writer = await openLakeWriter(directory);
      for (const batch of appended) await writer.append(batch);
      assert.equal((await writer.commit()).events, expected.length);
      await using engine = new DuckDb();
      const seen: string[] = [];
      for (const { path, columns } of writer.files("conn")) {
        const own = Object.hasOwn(columns, "low") ? ', "source", "low", "time"' : "";
        const sql = `SELECT event_id, "timestamp", uid${own} FROM read_parquet('${join(directory, path)}', hive_partitioning = false)`;
        const rows = [...rowsOf(await engine.query(sql))].map((row) => ({
          id: String(row.event_id),
          time: row.timestamp instanceof Date ? row.timestamp.toISOString() : "null",
          uid: String(row.uid),
          low: row.low,
        }));
        const keys = rows.map(({ id, time }) => `${time} ${id}`);
        assert.deepEqual(keys, keys.toSorted());
        for (const { id, uid, low } of rows) {
          assert.equal(uid[0], id[0]);
          assert.ok(low === undefined || low === null || low === uid);
          seen.push(id);
        }
      }
      assert.deepEqual(seen.sort(), expected.sort());
    }),
    { numRuns: 25 },
  );
});

test("batches that arrive while a commit is made are in the next one", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory, { rowsPerFile: 20 });
  const commits = [];
  for (let first = 0; first < 200; first += 10) {
    await writer.append(connections(10, { first }));
    if (first % 50 === 40) commits.push(writer.commit());
  }
  const results = await Promise.all(commits);
  assert.deepEqual(
    results.map(({ events }) => events),
    [50, 50, 50, 50],
  );
  // The same again: what the commits before brought is known to each stage, whenever it is written.
  const again = [writer.append(connections(10, { first: 0 })).then(() => writer.commit()), writer.append(connections(60, { first: 150 }))];
  await Promise.all(again);
  assert.deepEqual(await writer.commit(), { events: 10, duplicates: 50, deadLetters: 0, files: 1 });
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 210);
});
