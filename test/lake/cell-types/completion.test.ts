// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells with substitutions, as text
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { openLake, openLakeWriter } from "../../../src/lake/index.ts";
import { lakeTypes } from "../../../src/lake/type-provider.ts";
import { batchOf, connections, temporaryLake } from "../fixture.ts";
import { cellOf } from "./cell.ts";

/** Completes where the bar stands. */
async function completer(context: TestContext) {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  await writer.append(connections(6));
  await writer.append(batchOf({ ts: ["timestamp", [new Date(0)]], "a b": ["string", ["x"]] }, { feed: "web-log", name: "own.log" }));
  await writer.commit();
  await writer.close();
  const lake = openLake(directory);
  context.after(() => lake.close());
  const session = { directory, value: (name: string) => (name === "lake" ? lake : undefined) };
  return async (marked: string) => {
    const offset = marked.indexOf("|");
    const source = marked.replace("|", "");
    const found = await lakeTypes().complete?.(cellOf(source), offset, session);
    return {
      labels: found?.items.map(({ label }) => label) ?? [],
      replaced: found && source.slice(found.start, found.end),
      items: found?.items,
    };
  };
}

test("a table's name is completed inside the call", async (context) => {
  const complete = await completer(context);
  assert.deepEqual(await complete('lake.table("|")').then(({ labels }) => labels), ["conn", "web-log"]);
  assert.deepEqual((await complete('lake.table("co|x")')).labels, ["conn"]);
  assert.equal((await complete('lake.table("co|x")')).replaced, "cox");
  assert.match((await complete('lake.table("|")')).items?.[0]?.detail ?? "", /^\d+ columns$/);
  assert.deepEqual((await complete('lake.table("conn").select("|")')).labels, [], "columns of verbs are TypeScript's own");
  assert.deepEqual((await complete('nothing.table("|")')).labels, []);
});

test("tables are offered where a query reads from, quoted where they must be", async (context) => {
  const complete = await completer(context);
  for (const query of ["SELECT * FROM |", "FROM conn, |", "FROM conn JOIN |", "SELECT (SELECT 1 FROM |", "SUMMARIZE |"]) {
    assert.deepEqual((await complete(`lake.sql\`${query}\``)).labels, ["conn", '"web-log"'], query);
  }
  assert.deepEqual((await complete("lake.sql`FROM c|`")).labels, ["conn"]);
  assert.deepEqual((await complete("lake.sql`WITH mine AS (SELECT 1 AS one) FROM m|`")).labels, ["mine"]);
});

test("columns are those of the tables that the query names, before and behind the place", async (context) => {
  const complete = await completer(context);
  const labels = async (query: string) => (await complete(`lake.sql\`${query}\``)).labels;
  assert.deepEqual(await labels("SELECT id_or| FROM conn"), ["id_orig_h", "id_orig_p"]);
  assert.deepEqual(await labels("SELECT c.id_or| FROM conn AS c WHERE true"), ["id_orig_h", "id_orig_p"]);
  assert.deepEqual(await labels("FROM conn c SELECT C.conn_s|"), ["conn_state"]);
  assert.deepEqual((await labels('SELECT w.| FROM conn c, "web-log" w')).includes('"a b"'), true);
  assert.deepEqual(await labels('SELECT "a| FROM conn c, "web-log" w'), ['"a b"'], "a quote that is not closed yet: every table's columns");
  assert.deepEqual(await labels("SELECT id_or|"), ["id_orig_h", "id_orig_p"], "no table is named yet");
  assert.deepEqual(await labels("SELECT x.| FROM conn c"), []);
  assert.deepEqual(await labels("SELECT * FROM conn WHERE conn_s| = 'SF' GROUP BY ALL"), ["conn_state"]);
  assert.deepEqual((await labels("WITH m AS (SELECT 1 AS one, 2 AS two) SELECT t| FROM m")).slice(0, 1), ["two"]);
  assert.deepEqual(await labels("SELECT s.| FROM (SELECT uid AS u, 1 AS n FROM conn) s"), ["u", "n"]);
  assert.deepEqual((await labels("SELECT range| FROM range(5)")).slice(0, 1), ["range"]);
  assert.deepEqual(await labels("SELECT 1 UNION ALL SELECT conn_s| FROM conn"), ["conn_state"]);
  assert.deepEqual(
    await labels('SELECT * FROM conn WHERE uid IN (SELECT conn_s| FROM "web-log")'),
    ["conn_state"],
    "from the query around",
  );
  assert.match((await complete("lake.sql`SELECT orig_b| FROM conn`")).items?.[0]?.detail ?? "", /^bigint, conn$/);
});

test("behind a table the next clause is offered; functions and keywords by their first letters, in the writer's case", async (context) => {
  const complete = await completer(context);
  const labels = async (query: string) => (await complete(`lake.sql\`${query}\``)).labels;
  assert.ok((await labels("FROM conn |")).includes("WHERE"));
  assert.deepEqual(
    await labels("FROM conn wh|"),
    ["where", "when"].filter((word) => word.startsWith("wh")),
  );
  assert.ok((await labels("|")).includes("SELECT"));
  assert.deepEqual(await labels("SELECT quantile_co| FROM conn"), ["quantile_cont"]);
  assert.ok(
    (await labels("SELECT | FROM conn")).every((label) => label !== "SELECT"),
    "columns first",
  );
});

test("nothing is offered inside a text or a comment, and any half-written query is survived", async (context) => {
  const complete = await completer(context);
  for (const query of ["SELECT 'co|' FROM conn", "SELECT -- co|", "SELECT /* co| */ 1", "SELECT 'co|", "SELECT 12|"]) {
    assert.deepEqual((await complete(`lake.sql\`${query}\``)).labels, [], query);
  }
  const whole =
    "WITH a AS (SELECT uid, (1 + 2) FROM conn c JOIN \"web-log\" USING (ts)) SELECT $1, a.uid FROM a, (FROM conn) b WHERE x = 'y' -- z";
  for (let at = 0; at <= whole.length; at++) {
    await complete(`lake.sql\`${whole.slice(0, at)}|\``);
    await complete(`lake.sql\`${whole.slice(0, at)}|${whole.slice(at + 7)}\``);
    await complete(`lake.sql\`|${whole.slice(at)}\``);
  }
});

test("the place is right behind escapes and substitutions", async (context) => {
  const complete = await completer(context);
  for (const cell of [
    "lake.sql`SELECT '\\`😀', ${22} AS a, conn_s|x FROM conn`",
    "lake.sql('SELECT \\'\\u{1f600}\\', conn_s|x FROM conn')",
  ]) {
    const { labels, replaced } = await complete(cell);
    assert.deepEqual([labels, replaced], [["conn_state"], "conn_sx"], cell);
  }
});
