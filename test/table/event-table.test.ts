import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Columns } from "../../src/event/index.ts";
import { count, distinct, EventTable, max, mean, median, min, openParquet, quantile, std, sum } from "../../src/table/index.ts";
import { tables } from "./fixture.ts";

test("where keeps rows whose condition is true and drops null", async (context) => {
  const { conn } = await tables(context);
  const uids = async (table: { rows(): Promise<{ readonly uid: string | null }[]> }) => (await table.rows()).map(({ uid }) => uid);
  assert.deepEqual(await uids(conn.where((c) => c.id_resp_p.eq(22).and(c.orig_bytes.gt(999n)))), ["C0", "C2"]);
  assert.deepEqual(await uids(conn.where((c) => c.orig_bytes.eq(9_007_199_254_740_993n))), ["C2"], "a bigint past 2^53 is exact");
  assert.deepEqual(await uids(conn.where((c) => c.duration.between(0, 2))), ["C0", "C4"]);
  assert.deepEqual(await uids(conn.where((c) => c.id_orig_h.in(["10.0.0.2", "x"]).or(c.id_orig_h.isNull()))), ["C2", "C3", "C5"]);
  assert.deepEqual(await uids(conn.where((c) => c.ts.lt(new Date(1)))), ["C0", "C5"]);
  assert.deepEqual(await uids(conn.where((c) => c.tags.includes("a"))), ["C0", "C5"]);
  assert.deepEqual(await uids(conn.where((c) => c.local_orig.not())), ["C1", "C5"]);
  assert.deepEqual(await uids(conn.where((c) => c.uid.matches("^C[45]$")).where((c) => c.id_resp_p.ne(80))), ["C4"]);
  assert.deepEqual(await uids(conn.where((c) => c.uid.in([]))), []);
});

test("derive adds and replaces, and whole numbers stay whole", async (context) => {
  const { conn } = await tables(context);
  const table = conn.derive({
    kilobytes: (c) => c.orig_bytes.div(1e3),
    next: (c) => c.orig_bytes.add(1n),
    half: (c) => c.id_resp_p.mul(0.5),
    hour: (c) => c.ts.floor(3_600_000),
    uid: (c) => c.uid.lower(),
    age: (c) => c.ts.secondsSince(new Date(0)),
    tagCount: (c) => c.tags.length(),
  });
  const rows = await table.select("uid", "kilobytes", "next", "half", "hour", "age", "tagCount").rows();
  assert.deepEqual(rows[2], {
    uid: "c2",
    kilobytes: 9_007_199_254_740.992,
    next: 9_007_199_254_740_994n,
    half: 11,
    hour: new Date(3_600_000),
    age: 3600,
    tagCount: 2n,
  });
  assert.deepEqual(rows[5]!.hour, new Date(-3_600_000), "a slice before 1970 begins before its moments");
  assert.equal(rows[3]!.next, null);
  assert.equal(rows[4]!.hour, null);
  assert.equal(table.schema.next, "bigint");
  assert.equal(table.schema.half, "double");
  const [zero] = await conn
    .derive({ none: (c) => c.id_resp_p.div(0) })
    .limit(1)
    .rows();
  assert.equal(zero!.none, null);
});

test("groupBy and agg compute each figure by its definition", async (context) => {
  const { conn } = await tables(context);
  const rows = await conn
    .groupBy("id_resp_p")
    .agg({
      n: count(),
      known: count("orig_bytes"),
      up: sum("orig_bytes"),
      hosts: distinct("id_orig_h"),
      first: min("ts"),
      last: max("uid"),
    })
    .orderBy("id_resp_p")
    .rows();
  assert.deepEqual(rows, [
    { id_resp_p: 22, n: 3n, known: 3n, up: 9_007_199_254_741_993n, hosts: 3n, first: new Date(0), last: "C4" },
    { id_resp_p: 80, n: 2n, known: 2n, up: 1995n, hosts: 1n, first: new Date(-1), last: "C5" },
    { id_resp_p: 443, n: 1n, known: 0n, up: null, hosts: 1n, first: new Date(7_200_001), last: "C3" },
  ]);
  const [all] = await conn
    .groupBy()
    .agg({ mean: mean("id_resp_p"), std: std("id_resp_p"), median: median("id_resp_p"), q: quantile("id_resp_p", 0.9) })
    .rows();
  assert.equal(all!.mean, 669 / 6);
  assert.equal(all!.median, 51);
  assert.equal(all!.q, 261.5);
  assert.ok(Math.abs(all!.std! - 164.868) < 0.01);
});

test("an aggregate or a derived column may have the name of a column it is made from", async (context) => {
  const { conn } = await tables(context);
  const rows = await conn
    .where((c) => c.orig_bytes.gt(0n))
    .groupBy("id_resp_p")
    .agg({ orig_bytes: count() })
    .orderBy("-orig_bytes")
    .rows();
  assert.deepEqual(rows, [
    { id_resp_p: 22, orig_bytes: 2n },
    { id_resp_p: 80, orig_bytes: 1n },
  ]);
  const ports = await conn
    .where((c) => c.id_resp_p.gt(100))
    .derive({ id_resp_p: (c) => c.id_resp_p.mul(-1n) })
    .orderBy("id_resp_p")
    .rows();
  assert.deepEqual(
    ports.map((row) => row.id_resp_p),
    [-443n],
  );
});

test("joins pair rows, and a clashing column gets the suffix", async (context) => {
  const { conn, hosts } = await tables(context);
  const inner = await conn.join(hosts, { on: "id_orig_h" }).select("uid", "uid_right", "owner").orderBy("uid").rows();
  assert.deepEqual(inner, [
    { uid: "C0", uid_right: "H1", owner: "ada" },
    { uid: "C1", uid_right: "H1", owner: "ada" },
    { uid: "C4", uid_right: "H3", owner: null },
  ]);
  const left = conn.join(hosts, { on: ["id_orig_h"], how: "left", suffix: "_host" });
  assert.equal(await left.count(), 6);
  assert.equal((await left.where((c) => c.uid_host.isNull()).rows()).length, 3);
  assert.equal(await conn.semiJoin(hosts, "id_orig_h").count(), 3);
  assert.equal(await conn.antiJoin(hosts, "id_orig_h").count(), 3);
});

test("orderBy puts nulls last both ways; limit has an offset and keeps its place in the chain", async (context) => {
  const { conn } = await tables(context);
  const order = async (key: "ts" | "-ts") => (await conn.orderBy(key).rows()).map(({ uid }) => uid);
  assert.deepEqual(await order("ts"), ["C5", "C0", "C1", "C2", "C3", "C4"]);
  assert.deepEqual(await order("-ts"), ["C3", "C2", "C1", "C0", "C5", "C4"]);
  const page = conn.orderBy("uid").limit(2, 3);
  assert.deepEqual(
    (await page.rows()).map(({ uid }) => uid),
    ["C3", "C4"],
  );
  assert.deepEqual((await page.where((c) => c.uid.eq("C0")).rows()).length, 0, "where after limit looks at the limited rows");
  assert.deepEqual(
    (await conn.orderBy("uid").limit(3).orderBy("-uid").rows()).map(({ uid }) => uid),
    ["C2", "C1", "C0"],
  );
});

test("a sample is the same for the same seed and another for another", async (context) => {
  const { engine } = await tables(context);
  const numbers = EventTable.of<{ i: "bigint" }>(engine, {
    name: "n",
    sql: "(SELECT range AS i FROM range(10000))",
    columns: () => ({ i: "bigint" }),
  });
  const draw = async (seed: number) => (await numbers.sample(50, { seed }).rows()).map(({ i }) => i);
  const first = await draw(1);
  assert.equal(new Set(first).size, 50);
  assert.deepEqual(await draw(1), first);
  assert.notDeepEqual(await draw(2), first);
});

test("describe gives one row a column with its figures", async (context) => {
  const { conn } = await tables(context);
  const rows = await conn.describe().rows();
  assert.deepEqual(
    rows.map(({ column }) => column),
    ["uid", "ts", "id_orig_h", "id_resp_p", "duration", "orig_bytes", "local_orig", "tags"],
  );
  assert.deepEqual(rows[3], {
    column: "id_resp_p",
    type: "integer",
    count: 6n,
    nulls: 0n,
    distinct: 3n,
    min: "22",
    max: "443",
    mean: 669 / 6,
    std: rows[3]!.std,
    q25: 22,
    median: 51,
    q75: 80,
  });
  assert.equal(rows[4]!.mean, 0, "NaN is not part of a mean");
  assert.deepEqual([rows[2]!.count, rows[2]!.nulls, rows[2]!.distinct, rows[2]!.min], [5n, 1n, 3n, "10.0.0.1"]);
});

test("columns are typed arrays with validity; timestamps are microseconds", async (context) => {
  const { conn } = await tables(context);
  const columns = await conn.columns();
  assert.ok(columns.orig_bytes.values instanceof BigInt64Array);
  assert.ok(columns.ts.values instanceof Float64Array);
  assert.equal(columns.ts.values[3], 7_200_001_000);
  assert.deepEqual([...columns.ts.validity!], [0b101111]);
  assert.equal(columns.id_resp_p.validity, undefined);
  assert.deepEqual(columns.id_orig_h.dictionary.values, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  assert.deepEqual((await conn.rows())[2]!.tags, ["b", "c"]);
});

test("a misspelled name is refused at run time too, with the nearest right one", async (context) => {
  const { conn, engine } = await tables(context);
  const untyped = EventTable.of<Columns>(engine, {
    name: "conn",
    sql: "conn",
    columns: () => conn.schema,
  });
  const error = {
    code: "SOCLAB_UNKNOWN_COLUMN",
    message: 'SOCLAB_UNKNOWN_COLUMN: table "conn" has no column "id_orig_host". Did you mean "id_orig_h"?',
  };
  await assert.rejects(untyped.select("id_orig_host").rows(), error);
  await assert.rejects(untyped.groupBy("id_orig_host").agg({ n: count() }).rows(), error);
  await assert.rejects(untyped.orderBy("-id_orig_host").rows(), error);
  await assert.rejects(untyped.where((c) => c.id_orig_host!.isNull()).rows(), error);
  await assert.rejects(
    untyped
      .groupBy()
      .agg({ n: sum("id_orig_host") })
      .rows(),
    error,
  );
  await assert.rejects(untyped.join(conn, { on: "id_orig_host" as never }).rows(), { code: "SOCLAB_UNKNOWN_COLUMN" });
  assert.match(inspect(untyped.select("id_orig_host")), /has no column/);
});

test("neither names nor values can break out of their place", async (context) => {
  const { engine } = await tables(context);
  const evil = `a"; DROP TABLE conn; --`;
  const value = `'; DROP TABLE conn; --\0' OR 1=1`;
  const source = {
    name: "evil",
    sql: `(SELECT $$x$$ AS "a""; DROP TABLE conn; --", 1 AS "__proto__")`,
    columns: () => ({ [evil]: "string", ["__proto__"]: "integer" }) as const,
  };
  const table = EventTable.of<Columns>(engine, source);
  const rows = await table
    .derive({ "\"'": (c) => c[evil]!.isNull() })
    .orderBy(evil)
    .rows();
  assert.equal(Object.getPrototypeOf(rows[0]), Object.prototype);
  assert.equal(rows[0]![evil], "x");
  assert.equal(rows[0]!["\"'"], false);
  const conn = EventTable.of<{ uid: "string" }>(engine, { name: "conn", sql: "conn", columns: () => ({ uid: "string" }) });
  assert.equal(await conn.where((c) => c.uid.eq(value).or(c.uid.matches(value)).or(c.uid.startsWith(value))).count(), 0);
  const [echo] = await conn
    .derive({ v: (c) => c.uid.isNull().and(c.uid.isNotNull()).eq(true), w: (c) => c.uid.orElse(value) })
    .limit(1)
    .rows();
  assert.equal(echo!.v, false);
  assert.equal(await conn.count(), 6);
});

test("what makes no sense is refused before anything runs", async (context) => {
  const { conn } = await tables(context);
  const refused = { code: "SOCLAB_INVALID_VALUE" };
  assert.throws(() => conn.limit(-1), refused);
  assert.throws(() => conn.limit(1.5), refused);
  assert.throws(() => conn.sample(5, { seed: 0.5 }), refused);
  assert.throws(() => quantile("duration", 2), refused);
  assert.throws(() => conn.groupBy("uid").agg({ uid: count() }), refused);
  assert.throws(() => conn.where((c) => c.ts.gt(new Date(Number.NaN))).sql, refused);
  assert.throws(() => conn.where((() => true) as never), refused);
  const other = await tables(context);
  assert.throws(() => conn.join(other.hosts, { on: "id_orig_h" }), { code: "SOCLAB_USAGE" });
});

test("toParquet writes a file that another reader reads, and openParquet takes it back", async (context) => {
  const { conn, engine } = await tables(context);
  const directory = mkdtempSync(join(tmpdir(), "soclab-table-"));
  context.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "it's [one] file?.parquet");
  assert.deepEqual(await conn.where((c) => c.id_resp_p.eq(22)).toParquet(path), { rows: 3 });
  const objects = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
  assert.deepEqual(
    objects.map(({ uid, orig_bytes }) => [uid, orig_bytes]),
    [
      ["C0", 1000n],
      ["C2", 9_007_199_254_740_993n],
      ["C4", 0n],
    ],
  );
  const back = await openParquet(path, engine);
  assert.equal(back.schema.tags, "string[]");
  assert.equal(await back.count(), 3);
});

test("toArrow gives the same values by Arrow's own accessors", async (context) => {
  const { conn } = await tables(context);
  const arrow = await conn.toArrow();
  assert.equal(arrow.numRows, 6);
  const rows = await conn.rows();
  for (const [i, row] of rows.entries()) {
    const other = arrow.get(i)!.toJSON();
    assert.equal(other.uid, row.uid);
    assert.equal(other.orig_bytes, row.orig_bytes);
    assert.deepEqual(other.duration, row.duration);
    assert.equal(other.local_orig, row.local_orig);
    assert.equal(other.ts === null ? null : Number(other.ts), row.ts === null ? null : row.ts.getTime());
    assert.deepEqual(other.tags === null ? null : [...other.tags], row.tags);
  }
});
