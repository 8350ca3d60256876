import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { applyRetention, expiredFiles, openLake, openLakeWriter, retentionPolicyOf, verifyLake } from "../../../src/lake/index.ts";
import { batchOf, connections, temporaryLake } from "../fixture.ts";

const hour = 3_600_000;
const now = new Date("2022-06-05T15:00:00Z");

async function fiveDays(directory: string, keepRemovedMs?: number) {
  const writer = await openLakeWriter(directory, { keepRemovedMs });
  await writer.append(connections(60, { everyMs: 2 * hour }));
  await writer.append(connections(60, { everyMs: 2 * hour, sourceId: "ffeeddccbbaa9988" }));
  await writer.append({ ...connections(12, { everyMs: 2 * hour, sourceId: "0f0f0f0f0f0f0f0f" }), feed: "dns" });
  await writer.append(batchOf({ ts: ["timestamp", [null]], uid: ["string", ["untimed"]] }, { sourceId: "1f1f1f1f1f1f1f1f" }));
  await writer.commit();
  return writer;
}

test("whole days go once they are older than their table is kept; other tables and events without a time stay", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await fiveDays(directory, 0);
  const policy = retentionPolicyOf({ tables: { conn: { days: 3 } } });
  const planned = expiredFiles(writer.files(), policy, { now });
  assert.deepEqual(
    planned.map(({ table, before, rows }) => ({ table, before, rows })),
    [{ table: "conn", before: "2022-06-02", rows: 24 }],
  );
  const paths = planned[0]!.files.map(({ path }) => path);
  assert.deepEqual(await applyRetention(writer, policy, { now }), planned);
  assert.ok(paths.every((path) => !existsSync(join(directory, path))));
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 97);
  assert.equal(await lake.table("dns").count(), 12);
  assert.deepEqual(expiredFiles(writer.files(), policy, { now }), [], "a second time there is nothing to do");
  const { findings, commits } = await verifyLake(directory);
  assert.deepEqual([findings, commits], [[], 2]);
});

test("the default is for tables without a line of their own, and a line can keep one for ever", async (context) => {
  await using writer = await fiveDays(temporaryLake(context));
  const tables = (policy: unknown) => expiredFiles(writer.files(), retentionPolicyOf(policy), { now }).map(({ table }) => table);
  assert.deepEqual(tables({}), []);
  assert.deepEqual(tables({ default: { days: 1 } }), ["conn", "dns"]);
  assert.deepEqual(tables({ default: { days: 1 }, tables: { conn: "forever" } }), ["dns"]);
  assert.deepEqual(tables({ default: { days: 1000 } }), []);
});

test("held days stay, whatever their age, and the reason is told", async (context) => {
  await using writer = await fiveDays(temporaryLake(context));
  const holds = [{ table: "conn", from: "2022-06-01", to: "2022-06-01", reason: "case 17" }];
  const [expired] = await applyRetention(writer, retentionPolicyOf({ tables: { conn: { days: 2 } }, holds }), { now });
  assert.equal(expired!.rows, 24, "the second day goes");
  assert.deepEqual(
    expired!.held.map(({ path, reason }) => [path.slice(0, 19), reason]),
    [["conn/day=2022-06-01", "case 17"]],
  );
});

test("a policy that is none is refused with the place", () => {
  for (const [wrong, place] of [
    [null, "expected object"],
    [{ default: { days: 0 } }, "default.days"],
    [{ tables: { conn: { days: 1.5 } } }, "tables.conn"],
    [{ tables: { conn: "for ever" } }, "tables.conn"],
    [{ table: {} }, '"table"'],
    [{ holds: [{ from: "2022-06-02", to: "2022-06-01", reason: "x" }] }, "holds"],
    [{ holds: [{ from: "yesterday", to: "2022-06-01", reason: "x" }] }, "holds[0].from"],
    [JSON.parse('{"__proto__": {"days": 1}}'), "__proto__"],
  ] as const) {
    assert.throws(
      () => retentionPolicyOf(wrong),
      (error: Error & { code?: string }) => error.code === "SOCLAB_INVALID_DEFINITION" && error.message.includes(place),
      JSON.stringify(wrong),
    );
  }
});
