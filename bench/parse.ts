import { readFileSync } from "node:fs";
import { createParser } from "../src/ingest/index.ts";
import { connLog } from "./data.ts";
import { withDuckDb, zeekByCsvReader } from "./duckdb.ts";
import { type BenchRow, seconds } from "./report.ts";

const rows = 1_000_000;
const chunk = 1024 * 1024;

/** Zeek conn records to typed batches, all columns, one thread; beside DuckDB's CSV reader on one thread filling a table of the same types. */
export async function bench(): Promise<BenchRow[]> {
  const path = connLog(rows);
  const bytes = readFileSync(path);
  const ours = await seconds(() => {
    const parser = createParser("zeek", { source: path });
    let events = 0;
    for (let at = 0; at < bytes.length; at += chunk) {
      for (const batch of parser.push(bytes.subarray(at, at + chunk)).batches) events += batch.length;
    }
    for (const batch of parser.end().batches) events += batch.length;
    if (events !== rows) throw new Error(`${events} events of ${rows}`);
  });
  const duckDb = await withDuckDb(1, (run) => seconds(() => run(`CREATE OR REPLACE TEMP TABLE c AS FROM ${zeekByCsvReader(path)}`)));
  return [
    {
      what: "parse Zeek conn, all columns typed",
      rows,
      unit: "events",
      seconds: ours,
      peer: { name: "DuckDB read_csv, 1 thread", seconds: duckDb },
    },
  ];
}
