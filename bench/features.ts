import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventBatch } from "../src/event/index.ts";
import { buildMatrix, createFeatureRunner, defineFeatures } from "../src/features/index.ts";
import { createParser } from "../src/ingest/index.ts";
import { openLake, openLakeWriter } from "../src/lake/index.ts";
import { connLog } from "./data.ts";
import { type BenchRow, seconds } from "./report.ts";

const rows = 1_000_000;
const chunk = 1024 * 1024;

/** Ten windowed features over two windows. */
const definition = defineFeatures({
  name: "bench",
  table: "conn",
  entity: "ip_src_addr",
  eventTime: { column: "timestamp", plus: "duration" },
  features: [
    { name: "conns_1h", count: true, window: "1h" },
    { name: "failed_1h", count: true, where: { column: "conn_state", in: ["S0", "REJ"] }, window: "1h" },
    { name: "ports_1h", distinct: "id_resp_p", window: "1h" },
    { name: "hosts_1h", distinct: "ip_dst_addr", window: "1h" },
    { name: "bytes_1h", sum: "orig_bytes", window: "1h" },
    { name: "bytes_mean_1h", mean: "orig_bytes", window: "1h" },
    { name: "bytes_std_1h", std: "orig_bytes", window: "1h" },
    { name: "duration_max_1h", max: "duration", window: "1h" },
    { name: "conns_5m", count: true, window: "5m" },
    { name: "resp_mean_5m", mean: "resp_bytes", window: "5m" },
  ],
});

/** The same ten features over parsed batches in the stream, and by one statement over a lake, DuckDB on one thread. */
export async function bench(): Promise<BenchRow[]> {
  const batches = parsed(connLog(rows));
  const stream = await seconds(() => {
    const runner = createFeatureRunner<EventBatch>(definition);
    let released = 0;
    for (const batch of batches) {
      runner.push(batch);
      released += runner.advance(runner.newestTime - runner.plan.latenessMicros).rowCount;
    }
    released += runner.flush().rowCount;
    if (released !== rows) throw new Error(`${released} events of ${rows}`);
  });
  const statement = await overLake(batches);
  return [
    {
      what: "ten windowed features, stream",
      rows,
      unit: "events",
      seconds: stream,
      peer: { name: "the same as SQL, DuckDB, 1 thread", seconds: statement },
    },
    { what: "ten windowed features, matrix from a lake", rows, unit: "rows", seconds: statement },
  ];
}

async function overLake(batches: readonly EventBatch[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "soclab-bench-"));
  try {
    const writer = await openLakeWriter(directory);
    for (const batch of batches) await writer.append(batch);
    await writer.commit();
    await writer.close();
    await using lake = openLake(directory, { threads: 1 });
    return await seconds(async () => {
      const { rowCount } = await buildMatrix(lake, definition);
      if (rowCount !== rows) throw new Error(`${rowCount} rows of ${rows}`);
    }, 1);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function parsed(path: string): EventBatch[] {
  const bytes = readFileSync(path);
  const parser = createParser("zeek", { source: path });
  const batches: EventBatch[] = [];
  for (let at = 0; at < bytes.length; at += chunk) batches.push(...parser.push(bytes.subarray(at, at + chunk)).batches);
  batches.push(...parser.end().batches);
  return batches;
}
