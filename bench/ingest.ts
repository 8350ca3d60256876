import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEnricher, loadEnrichment } from "../src/enrich/index.ts";
import { ingestFiles, openLakeWriter } from "../src/lake/index.ts";
import { connLog } from "./data.ts";
import { withDuckDb, zeekByCsvReader } from "./duckdb.ts";
import { type BenchRow, seconds } from "./report.ts";

const rows = 1_000_000;

/**
 * Zeek conn records to Parquet, original_string and ids included; beside DuckDB copying the same file to Parquet through its CSV reader, with
 * neither of the two, on as many threads.
 */
export async function bench(): Promise<BenchRow[]> {
  const path = connLog(rows, true);
  const enricher = createEnricher(await loadEnrichment());
  const folder = mkdtempSync(join(tmpdir(), "soclab-bench-"));
  try {
    const ingest = (threads: number, enriched: boolean) =>
      seconds(async () => {
        rmSync(join(folder, "lake"), { recursive: true, force: true });
        await using writer = await openLakeWriter(join(folder, "lake"), { threads });
        const { events } = await ingestFiles(writer, { feed: "zeek", files: [path], enricher: enriched ? enricher : undefined });
        if (events !== rows) throw new Error(`${events} events of ${rows}`);
      }, 1);
    const copy = (threads: number) =>
      withDuckDb(threads, (run) =>
        seconds(
          () => run(`COPY (FROM ${zeekByCsvReader(path)}) TO '${join(folder, "copy.parquet")}' (FORMAT parquet, COMPRESSION zstd)`),
          1,
        ),
      );
    const out: BenchRow[] = [];
    for (const threads of [1, 2]) {
      const peer = { name: `DuckDB CSV → Parquet, ${threads} threads`, seconds: await copy(threads) };
      out.push({ what: `ingest to Parquet, ${threads} DuckDB threads`, rows, unit: "events", seconds: await ingest(threads, false), peer });
    }
    out.push({ what: "ingest to Parquet, enriched, 2 DuckDB threads", rows, unit: "events", seconds: await ingest(2, true) });
    return out;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
