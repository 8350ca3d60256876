import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { type Lake, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { jupyterDisplay } from "../../src/table/index.ts";
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
  const result = lake.sql("SELECT id_resp_p, sum(orig_bytes) AS up FROM conn WHERE id_resp_p = $1 GROUP BY ALL", [22]);
  assert.deepEqual(await result.schema(), { id_resp_p: "integer", up: "bigint" });
  assert.deepEqual(await result.rows(), [{ id_resp_p: 22, up: 135_000n }]);
  const seen: unknown[] = [];
  for await (const row of result) seen.push(row);
  assert.equal(seen.length, 1);
});

test("a tag's substitutions are bound values, never text", async (context) => {
  const lake = await lakeOf(context, 30);
  const port = 22;
  const hostile = "x' OR true --";
  assert.equal((await lake.sql`SELECT uid FROM conn WHERE id_resp_p = ${port} LIMIT ${3}`.rows()).length, 3);
  assert.deepEqual(await lake.sql`SELECT uid FROM conn WHERE uid = ${hostile}`.rows(), []);
  const { sql } = lake;
  assert.deepEqual(await sql`SELECT ${hostile} AS a, ${null} AS b, ${true} AS c`.rows(), [{ a: hostile, b: null, c: true }]);
  // A placeholder must not grow together with what stands beside it.
  assert.deepEqual(await sql`SELECT${1}AS a, 1${2}FROM conn LIMIT ${1}1`.rows().catch(({ code }) => code), "SOCLAB_QUERY");
  assert.deepEqual(await sql`SELECT${1}AS a`.rows(), [{ a: 1 }]);
});

test("a tag's text is taken as it stands, so that a regular expression needs no second backslash", async (context) => {
  const lake = await lakeOf(context, 3);
  const rows = await lake.sql`SELECT regexp_matches('a1', '\w\d') AS yes, '\n' AS two, '\`\${x}' AS escapes`.rows();
  assert.deepEqual(rows, [{ yes: true, two: "\\n", escapes: "`$".concat("{x}") }]);
});

test("a substitution inside quotes is refused, because it would be text", async (context) => {
  const lake = await lakeOf(context, 3);
  await assert.rejects(lake.sql`SELECT * FROM conn WHERE uid = '${"C1"}'`.rows(), { code: "SOCLAB_QUERY" });
});

test("nothing runs before an exit is called, and a column's type may depend on a value", async (context) => {
  const lake = await lakeOf(context, 3);
  const wrong = lake.sql`SELEC 1`;
  assert.match(inspect(wrong), /SqlResult \{\n {2}SELEC 1/);
  await assert.rejects(wrong.schema(), { code: "SOCLAB_QUERY", position: 0 });
  const text = "SELECT $1 AS a, orig_bytes FROM conn";
  assert.deepEqual(await lake.sql(text, ["x"]).schema(), { a: "string", orig_bytes: "bigint" });
  assert.deepEqual(await lake.sql(text, [1.5]).schema(), { a: "double", orig_bytes: "bigint" });
  await assert.rejects(lake.sql(text).schema(), { code: "SOCLAB_USAGE" });
});

test("a mistake in a query has its place, counted as JavaScript counts", async (context) => {
  const lake = await lakeOf(context, 3);
  for (const [text, wrong] of [
    ["SELECT 'é😀', id_orig_host FROM conn", "id_orig_host"],
    ["SELECT 'é😀',\n  c.uidd FROM conn c", "c.uidd"],
    ["SELECT 'é😀' FROM\n cnn", "cnn"],
    ["SELECT 'é😀' FRM conn", "conn"],
    ["EXPLAIN SELECT 'é😀' FROM WHERE", "WHERE"],
    ["SELECT 'é😀', sumn(orig_bytes) FROM conn", "sumn"],
  ] as const) {
    await assert.rejects(lake.sql(text).rows(), { position: text.indexOf(wrong) }, text);
  }
  const long = `SELECT ${"uid, ".repeat(100)}'\u{1f600}' + uid FROM conn`;
  await assert.rejects(lake.sql(long).rows(), (error: Error) => {
    const [line = "", caret = ""] = error.message.split("\n").slice(-2);
    return line.startsWith("LINE 1: …uid,") && line[caret.indexOf("^")] === "+";
  });
});

test("a notebook and a terminal show a result as a table, escaped, and say when there are more rows than were counted", async (context) => {
  const lake = await lakeOf(context, 30);
  const bundle = await lake.sql`SELECT uid AS "<b>", orig_bytes FROM conn`[jupyterDisplay]();
  assert.match(bundle["text/plain"], /^30 rows × 2 columns\n[\s\S]*… 10 more rows$/);
  assert.match(bundle["text/html"], /<th scope="col"[^>]*>&lt;b&gt;<\/th>/);
  assert.match(await lake.sql`FROM range(200000)`.toText(), /^more than 65,536 rows × 1 column\n[\s\S]*… more rows$/);
  assert.match(await lake.sql`SELECT uid FROM conn WHERE false`.toText(), /^0 rows × 1 column/);
  assert.match(await lake.sql`EXPLAIN SELECT 1`.toHtml(), /explain_value/);
  const seen: bigint[] = [];
  for await (const { n } of lake.sql<{ n: "bigint" }>`SELECT unnest([1, 2])::BIGINT AS n`) if (n !== null) seen.push(n);
  assert.deepEqual(seen, [1n, 2n]);
  assert.equal((await lake.sql`SELECT uid FROM conn`.toArrow()).numRows, 30);
  assert.equal((await lake.sql<{ up: "bigint" }>`SELECT orig_bytes AS up FROM conn`.columns()).up.values.length, 30);
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
    assert.ok((await lake.sql(text).rows()).length > 0, text);
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
    await assert.rejects(lake.sql(text).rows(), { code: "SOCLAB_QUERY" }, text);
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
    await assert.rejects(lake.sql(text).rows(), { code: "SOCLAB_QUERY" }, text);
  }
});

test("misspelled names are answered with the nearest right one", async (context) => {
  const lake = await lakeOf(context, 3);
  await assert.rejects(lake.sql("SELECT * FROM cnn").rows(), { code: "SOCLAB_UNKNOWN_TABLE", message: /"cnn"\. Did you mean "conn"/ });
  await assert.rejects(lake.sql("SELECT id_orig_host FROM conn").rows(), {
    code: "SOCLAB_UNKNOWN_COLUMN",
    message: /Did you mean "id_orig_h"/,
  });
});

test("a query stops when its signal says so", async (context) => {
  const lake = await lakeOf(context, 3);
  const stop = new AbortController();
  const result = lake.sql("SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range % 7 = b.range", [], {
    signal: stop.signal,
  });
  const rows = result.rows();
  setImmediate(() => stop.abort());
  await assert.rejects(rows, { code: "SOCLAB_ABORTED" });
});
