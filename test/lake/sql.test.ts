import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Lake, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { connections, temporaryLake } from "./fixture.ts";

async function lakeOf(context: TestContext, count: number): Promise<Lake> {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  await writer.append(connections(count));
  await writer.commit();
  await writer.close();
  const lake = openLake(directory);
  context.after(() => lake.close());
  return lake;
}

test("SQL over the tables gives rows and column types, with bound values", async (context) => {
  const lake = await lakeOf(context, 30);
  const result = await lake.sql("SELECT id_resp_p, sum(orig_bytes) AS up FROM conn WHERE id_resp_p = $1 GROUP BY ALL", [22]);
  assert.deepEqual(result.columns, { id_resp_p: "integer", up: "bigint" });
  assert.deepEqual(await result.rows(), [{ id_resp_p: 22, up: 135_000n }]);
  const seen: unknown[] = [];
  for await (const row of result) seen.push(row);
  assert.equal(seen.length, 1);
});

test("statements that only read pass, whatever they are called", async (context) => {
  const lake = await lakeOf(context, 3);
  for (const text of [
    "WITH a AS (SELECT 1 AS x) FROM a;",
    "VALUES (1), (2)",
    "DESCRIBE conn",
    "SUMMARIZE SELECT uid FROM conn",
    "SHOW TABLES",
    "EXPLAIN SELECT * FROM conn",
    "EXPLAIN ANALYZE SELECT count(*) FROM conn",
    "SELECT 'a; DROP TABLE conn' -- ; really",
  ]) {
    assert.ok((await (await lake.sql(text)).rows()).length > 0, text);
  }
});

test("a statement that writes, changes a setting, or is more than one is refused", async (context) => {
  const lake = await lakeOf(context, 3);
  for (const text of [
    "DROP VIEW conn",
    "CREATE TABLE x AS SELECT 1",
    "INSERT INTO conn SELECT * FROM conn",
    "COPY conn TO 'x.csv'",
    "EXPLAIN ANALYZE COPY conn TO 'x.csv'",
    "SET threads = 1",
    "PRAGMA threads = 1",
    "ATTACH 'x.db'",
    "CALL pragma_version()",
    "SELECT 1; SELECT 2",
    "/* */ SELECT 1; DROP VIEW conn",
    "",
    "-- nothing",
    "SELEC 1",
  ]) {
    await assert.rejects(lake.sql(text), { code: "SOCLAB_QUERY" }, text);
  }
});

test("files outside the lake cannot be read", async (context) => {
  const lake = await lakeOf(context, 3);
  const outside = join(tmpdir(), `soclab-outside-${process.pid}.csv`);
  writeFileSync(outside, "secret\n1\n");
  for (const text of [
    `SELECT * FROM '${outside}'`,
    `SELECT * FROM read_text('${outside}')`,
    `SELECT * FROM read_text('${lake.directory}/../${outside.split("/").at(-1)}')`,
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_csv('/etc/passwd')",
  ]) {
    await assert.rejects(
      lake.sql(text).then((result) => result.rows()),
      { code: "SOCLAB_QUERY" },
      text,
    );
  }
});

test("misspelled names are answered with the nearest right one", async (context) => {
  const lake = await lakeOf(context, 3);
  await assert.rejects(lake.sql("SELECT * FROM cnn"), { code: "SOCLAB_UNKNOWN_TABLE", message: /"cnn"\. Did you mean "conn"/ });
  await assert.rejects(lake.sql("SELECT id_orig_host FROM conn"), { code: "SOCLAB_UNKNOWN_COLUMN", message: /Did you mean "id_orig_h"/ });
});

test("a query stops when its signal says so", async (context) => {
  const lake = await lakeOf(context, 3);
  const stop = new AbortController();
  const result = await lake.sql("SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range % 7 = b.range", [], {
    signal: stop.signal,
  });
  const rows = result.rows();
  setImmediate(() => stop.abort());
  await assert.rejects(rows, { code: "SOCLAB_ABORTED" });
});
