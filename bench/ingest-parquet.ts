import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asaLog, connLog, eveLog } from "./data.ts";
import { withDuckDb, zeekByCsvReader } from "./duckdb.ts";
import { type BenchRow, seconds } from "./report.ts";

/** What one process measured. */
export interface IngestFigures {
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

interface Case {
  readonly name: string;
  readonly feed: string;
  readonly rows: number;
  readonly path: string;
  /** The same file as a table of DuckDB's own readers. */
  readonly sql?: string;
}

/**
 * A log file to the lake's Parquet: all columns, `original_string`, ids, sorted by time, hashed, committed; each case in a process of its own, on one
 * and two DuckDB threads beside the thread that parses. Beside it DuckDB copies the same file to zstd Parquet on as many threads, through its own
 * reader, without raw records, ids, order and commit; and polars, where `SOCLAB_PYTHON` has it, on one and two threads.
 */
export async function bench(): Promise<BenchRow[]> {
  const conn = connLog(2_000_000, true);
  const eve = eveLog(500_000);
  const cases: Case[] = [
    { name: "Zeek conn", feed: "zeek", rows: 2_000_000, path: conn, sql: zeekByCsvReader(conn) },
    { name: "Suricata EVE", feed: "suricata", rows: 500_000, path: eve, sql: `read_json('${eve}')` },
    { name: "ASA", feed: "asa", rows: 500_000, path: asaLog(500_000) },
  ];
  const out: BenchRow[] = [];
  for (const { name, feed, rows, path, sql } of cases) {
    for (const threads of [1, 2]) {
      const peer = sql === undefined ? undefined : { name: `DuckDB COPY, ${threads} threads`, seconds: await copy(sql, threads) };
      out.push({
        what: `ingest ${name}, ${threads} DuckDB threads`,
        rows,
        unit: "events",
        peer,
        ...ingest(feed, path, rows, threads, false),
      });
      const polars = polarsSeconds(feed, path, threads);
      if (polars) out.push({ what: `${polars.peer} ${name}, ${threads} threads`, rows, unit: "records", seconds: polars.seconds });
    }
    out.push({ what: `ingest ${name}, enriched, 2 DuckDB threads`, rows, unit: "events", ...ingest(feed, path, rows, 2, true) });
  }
  return out;
}

function ingest(feed: string, path: string, rows: number, threads: number, isEnriched: boolean): Pick<BenchRow, "seconds" | "note"> {
  const script = fileURLToPath(new URL("ingest/measure.ts", import.meta.url));
  const options = ["--feed", feed, "--threads", String(threads), ...(isEnriched ? ["--enriched"] : [])];
  const figures: IngestFigures = JSON.parse(execFileSync(process.execPath, [script, ...options, path], { encoding: "utf8" }));
  const { seconds, cpuSeconds, peakMiB, bytesIn, bytesOut } = figures;
  if (figures.events !== rows) throw new Error(`${figures.events} events of ${rows}`);
  const parts = [
    `${Math.round(bytesIn / 1e6 / seconds)} MB/s in`,
    `${Math.round(rows / cpuSeconds).toLocaleString("en-US")}/s of CPU time`,
    `at most ${peakMiB} MiB`,
    `${(bytesOut / bytesIn).toFixed(2)} of the bytes`,
  ];
  return { seconds, note: parts.join(", ") };
}

async function copy(table: string, threads: number): Promise<number> {
  const path = join(tmpdir(), `soclab-bench-${process.pid}.parquet`);
  try {
    return await withDuckDb(threads, (run) =>
      seconds(() => run(`COPY (FROM ${table}) TO '${path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`), 1),
    );
  } finally {
    rmSync(path, { force: true });
  }
}

function polarsSeconds(feed: string, path: string, threads: number): { peer: string; seconds: number } | undefined {
  const python = process.env.SOCLAB_PYTHON;
  if (python === undefined || feed === "asa") return undefined;
  const script = fileURLToPath(new URL("reference_ingest.py", import.meta.url));
  const env = { ...process.env, POLARS_MAX_THREADS: String(threads) };
  try {
    return JSON.parse(execFileSync(python, [script, feed, path], { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] }));
  } catch {
    console.log(`${python} could not run ${script}: polars is not measured`);
    return undefined;
  }
}
