import { cpus, totalmem } from "node:os";
import { version as duckDbVersion } from "@duckdb/node-api";
import { version } from "../src/core/index.ts";

/** One measured line. A ratio compares with the peer on the same data in the same run. */
export interface BenchRow {
  readonly what: string;
  readonly rows: number;
  readonly unit: string;
  readonly seconds: number;
  readonly peer?: { readonly name: string; readonly seconds: number } | undefined;
  readonly note?: string | undefined;
}

export type Bench = () => Promise<BenchRow[]>;

/** The median of several runs after one that warms up. */
export async function seconds(run: () => void | Promise<void>, runs = 3): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, V8 ${process.versions.v8}, DuckDB ${duckDbVersion()}, soclab ${version}`;
}

export function rowText({ what, rows, unit, seconds, peer, note }: BenchRow): string {
  const rate = `${Math.round(rows / seconds).toLocaleString("en-US")} ${unit}/s`;
  const beside = peer
    ? `${(peer.seconds / seconds).toFixed(2)} × ${peer.name} (${Math.round(rows / peer.seconds).toLocaleString("en-US")}/s)`
    : "";
  return [what.padEnd(44), rate.padStart(26), `  ${seconds.toFixed(3)} s`, `  ${beside}`, note ? `  ${note}` : ""].join("");
}
