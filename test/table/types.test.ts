import assert from "node:assert/strict";
import { test } from "node:test";
import type { FeedColumns } from "../../src/event/index.ts";
import type { Lake } from "../../src/lake/index.ts";
import { count, type EventTable, max, type SqlResult, sum } from "../../src/table/index.ts";
import { tables } from "./fixture.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_ extends true>(): void {}

/** Never called: the compiler is the judge. */
export function typesOf(conn: EventTable<FeedColumns<"conn">>, dns: EventTable<FeedColumns<"dns">>) {
  // @ts-expect-error a column that is not there
  conn.select("id_orig_host");
  // @ts-expect-error in a condition
  conn.where((c) => c.id_orig_host.eq("x"));
  // @ts-expect-error in a grouping
  conn.groupBy("conn_stat");
  // @ts-expect-error in an aggregate
  conn.groupBy("conn_state").agg({ up: sum("orig_byte") });
  // @ts-expect-error a sum of texts
  conn.groupBy("conn_state").agg({ up: sum("uid") });
  // @ts-expect-error the largest of lists
  conn.groupBy("conn_state").agg({ up: max("tunnel_parents") });
  // @ts-expect-error in an order
  conn.orderBy("-tss");
  // @ts-expect-error a text compared with a number
  conn.where((c) => c.uid.eq(5));
  // @ts-expect-error a number compared with a text
  conn.where((c) => c.id_resp_p.gt("22"));
  // @ts-expect-error arithmetic on a text
  conn.derive({ x: (c) => c.uid.add(1) });
  // @ts-expect-error a condition that is a number
  conn.where((c) => c.id_resp_p.add(1));
  // @ts-expect-error joined by a column that only one table has
  conn.join(dns, { on: "query" });
  // @ts-expect-error a column that was not selected
  conn.select("uid").where((c) => c.ts.isNull());
  // @ts-expect-error a column that agg left out
  conn.groupBy("conn_state").agg({ n: count() }).orderBy("uid");

  const derived = conn
    .select("uid", "orig_bytes", "ts")
    .derive({ mb: (c) => c.orig_bytes.div(1e6), next: (c) => c.orig_bytes.add(1n), uid: (c) => c.uid.length() });
  holds<
    Equal<
      Awaited<ReturnType<typeof derived.rows>>[number],
      {
        readonly uid: bigint | null;
        readonly orig_bytes: bigint | null;
        readonly ts: Date | null;
        readonly mb: number | null;
        readonly next: bigint | null;
      }
    >
  >();
  const grouped = conn.groupBy("conn_state").agg({ n: count(), up: sum("orig_bytes"), slowest: max("duration"), last: max("ts") });
  holds<
    Equal<
      Awaited<ReturnType<typeof grouped.rows>>[number],
      {
        readonly conn_state: string | null;
        readonly n: bigint | null;
        readonly up: bigint | null;
        readonly slowest: number | null;
        readonly last: Date | null;
      }
    >
  >();
  const joined = conn.select("uid", "proto").join(dns.select("uid", "proto", "query"), { on: "uid" });
  holds<
    Equal<
      Awaited<ReturnType<typeof joined.rows>>[number],
      { readonly uid: string | null; readonly proto: string | null; readonly proto_right: string | null; readonly query: string | null }
    >
  >();
  return { derived, grouped, joined };
}

/** What a notebook's kernel makes of a cell that names a table or a query. */
export function typesOfLake(lake: Lake) {
  const known = lake.table("conn");
  holds<Equal<typeof known, EventTable<FeedColumns<"conn">>>>();
  const own = lake.table<{ readonly extra: "integer"; readonly "a b": "string[]" }>("own");
  holds<Equal<Awaited<ReturnType<typeof own.rows>>[number], { readonly extra: number | null; readonly "a b": string[] | null }>>();
  // @ts-expect-error a column that the data does not have
  own.select("uid");
  // @ts-expect-error no column type
  lake.table<{ readonly extra: "varchar" }>("own");

  const query = lake.sql<{ readonly n: "bigint"; readonly open: "string" | "double" }>`SELECT ${22} AS n`;
  holds<Equal<Awaited<ReturnType<typeof query.rows>>[number], { readonly n: bigint | null; readonly open: string | number | null }>>();
  const called = lake.sql<{ readonly n: "bigint" }>("SELECT $1 AS n", [22]);
  holds<Equal<typeof called, SqlResult<{ readonly n: "bigint" }>>>();
  // @ts-expect-error a value that SQL does not know
  lake.sql`SELECT ${{ n: 1 }}`;
  // @ts-expect-error a misspelled column
  query.rows().then(([row]) => row?.m);
  const { sql } = lake;
  sql`SELECT 1`.rows().then(([row]) => row?.anything);
}

test("the columns that the compiler sees are the columns that come", async (context) => {
  const { conn } = await tables(context);
  const columns = await conn.derive({ mb: (c) => c.orig_bytes.div(1e6) }).columns();
  const megabytes: Float64Array = columns.mb.values;
  assert.equal(megabytes[0], 0.001);
});
