import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildMatrix } from "../../src/features/index.ts";
import { DuckDb } from "../../src/table/index.ts";
import { toTable } from "./streams.ts";

const duckdb = new DuckDb({ threads: 1 });
after(() => duckdb.close());

const definition = {
  name: "d",
  table: "conn",
  entity: "ip_src_addr",
  train: { where: { column: "proto", equals: "tcp" } },
  features: [
    { name: "n", count: true, window: "1m", tile: "1s" },
    { name: "m", count: true, window: "5m", tile: "5s" },
    { name: "hosts", distinct: "ip_dst_addr", window: "5m", tile: "5s" },
  ],
};

/** One entity, an event every second, each second one of three destinations. */
function events(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i).padStart(6, "0"),
    micros: i * 1_000_000,
    values: { ip_src_addr: "10.0.0.1", ip_dst_addr: `192.0.2.${i % 3}`, proto: i % 2 === 0 ? "tcp" : "udp" },
  }));
}

test("from and until choose rows, windows see what was before, and training rows are those of train.where", async () => {
  await duckdb.run(toTable(events(600)));
  const whole = await buildMatrix(duckdb, definition);
  const [from, until] = [400_000_000, 500_000_000];
  const part = await buildMatrix(duckdb, definition, { from, until });
  assert.deepEqual([part.rowCount, part.eventTimes[0], part.eventTimes.at(-1)], [100, from, until - 1_000_000]);
  assert.deepEqual(part.values, whole.values.slice(400 * 3, 500 * 3));
  const training = await buildMatrix(duckdb, definition, { from, until, training: true });
  assert.equal(training.rowCount, 50);
  assert.deepEqual([...training.values.subarray(0, 3)], [...part.values.subarray(0, 3)]);
});

test("a query is stopped by its signal", async () => {
  await duckdb.run(toTable(events(10)));
  await assert.rejects(buildMatrix(duckdb, definition, { signal: AbortSignal.abort() }), { code: "SOCLAB_ABORTED" });
});

test("a declared column that the data has not brought is null in every row", async () => {
  await duckdb.run(
    "CREATE OR REPLACE TABLE conn AS SELECT 'a' AS event_id, TIMESTAMP '2022-06-14' AS \"timestamp\", '10.0.0.1' AS ip_src_addr",
  );
  const columns = { event_id: "string", timestamp: "timestamp", ip_src_addr: "string" } as const;
  const matrix = await buildMatrix(
    duckdb,
    { ...definition, train: { where: { column: "label", notIn: ["malicious"] } } },
    { columns, training: true },
  );
  assert.deepEqual([...matrix.values], [1, 1, 0]);
  assert.deepEqual(matrix.labels, [null]);
});
