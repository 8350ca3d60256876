import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { createParser } from "../src/ingest/index.ts";
import { connLog } from "./data.ts";
import { type BenchRow, seconds } from "./report.ts";

const rows = 1_000_000;
const chunk = 1024 * 1024;

/** Zeek conn records to typed batches, all columns, one thread; beside DuckDB's CSV reader on one thread, text columns to typed columns. */
export async function bench(): Promise<BenchRow[]> {
  const path = connLog(rows);
  const bytes = readFileSync(path);
  const ours = await seconds(() => {
    const parser = createParser("zeek", { source: path });
    let events = 0;
    for (let at = 0; at < bytes.length; at += chunk)
      for (const batch of parser.push(bytes.subarray(at, at + chunk)).batches) events += batch.length;
    for (const batch of parser.end().batches) events += batch.length;
    if (events !== rows) throw new Error(`${events} events of ${rows}`);
  });
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const header = bytes.toString("latin1", 0, 4000).split("\n");
  const names = header
    .find((line) => line.startsWith("#fields"))!
    .split("\t")
    .slice(1);
  const types = header
    .find((line) => line.startsWith("#types"))!
    .split("\t")
    .slice(1);
  const columns = names.map((name, i) => `'${name}': '${duckType(types[i]!)}'`).join(", ");
  const query = `CREATE OR REPLACE TEMP TABLE c AS SELECT make_timestamp(CAST(ts * 1000000 AS BIGINT)) AS ts, * EXCLUDE (ts)
    FROM read_csv('${path}', delim='\t', header=false, skip=${header.findIndex((line) => line !== "" && !line.startsWith("#"))}, quote='', escape='', nullstr='-', columns={${columns}}, auto_detect=false)`;
  const duck = await seconds(async () => {
    await connection.run(query);
  });
  connection.closeSync();
  instance.closeSync();
  return [
    {
      what: "parse Zeek conn, all columns typed",
      rows,
      unit: "events",
      seconds: ours,
      peer: { name: "DuckDB read_csv, 1 thread", seconds: duck },
    },
  ];
}

function duckType(zeek: string): string {
  if (zeek === "time" || zeek === "interval" || zeek === "double") return "DOUBLE";
  if (zeek === "count" || zeek === "int") return "BIGINT";
  if (zeek === "port") return "INTEGER";
  return "VARCHAR";
}
