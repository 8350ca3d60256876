import assert from "node:assert/strict";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodeCommit, noLink } from "../../src/lake/commit.ts";
import { compactLake, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { DuckDb } from "../../src/table/index.ts";
import { connections, temporaryLake } from "./fixture.ts";

test("a column that was text before soclab declared it a number is read, searched and compacted under a name of its own", async (context) => {
  const directory = temporaryLake(context);
  const path = "conn/day=2022-06-01/part-1-0.parquet";
  mkdirSync(join(directory, "conn/day=2022-06-01"), { recursive: true });
  mkdirSync(join(directory, "_commits"));
  {
    await using engine = new DuckDb();
    const id = "'00112233445566ff0000000000000007'";
    const sql = `SELECT ${id} AS event_id, TIMESTAMP '2022-06-01' AS "timestamp", 'many' AS orig_bytes, encode('old record') AS original_string`;
    await engine.writeParquet(sql, join(directory, path));
  }
  const columns = { event_id: "string", timestamp: "timestamp", orig_bytes: "string", original_string: "bytes" } as const;
  const time = Date.UTC(2022, 5, 1) * 1000;
  const file = {
    table: "conn",
    path,
    rows: 1,
    bytes: statSync(join(directory, path)).size,
    minTimestamp: time,
    maxTimestamp: time,
    sha256: null,
  };
  const at = "2022-06-01T00:00:00.000Z";
  const files = [{ ...file, sources: [{ id: "00112233445566ff", name: "conn.log", from: 0, to: 1 }], schema: 0 }];
  const commit = { version: 2, commit: 1, at, previous: noLink, schemas: [columns], files, removes: [], sidecars: [], notes: [] } as const;
  writeFileSync(join(directory, "_commits/000000000001.json"), encodeCommit(commit));

  await using writer = await openLakeWriter(directory);
  await writer.append(connections(3, { first: 1 }));
  await writer.commit();
  await using lake = openLake(directory);
  const seen = async () => {
    const rows = await lake.sql('SELECT orig_bytes, orig_bytes__string FROM conn ORDER BY "timestamp", event_id').rows();
    const [hit] = await lake.search("orig_bytes__string:many").rows();
    return { rows, found: hit?.orig_bytes__string };
  };
  const [old, ...others] = [{ orig_bytes: null, orig_bytes__string: "many" }, 1000n, 2000n, 3000n];
  const rows = [old, ...others.map((orig_bytes) => ({ orig_bytes, orig_bytes__string: null }))];
  assert.deepEqual(await seen(), { rows, found: "many" });
  await compactLake(writer);
  assert.equal(writer.files("conn").length, 1);
  assert.deepEqual(await seen(), { rows, found: "many" });
});
