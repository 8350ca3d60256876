import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createEnricher, loadEnrichment } from "../../src/enrich/index.ts";
import type { Feed } from "../../src/ingest/index.ts";
import { ingestFiles, openLakeWriter } from "../../src/lake/index.ts";
import type { IngestFigures } from "../ingest-parquet.ts";

/** One ingest of one file into a new lake; prints what it took. `measure.ts --feed zeek --threads 1 [--enriched] FILE` */
const { values, positionals } = parseArgs({
  options: { feed: { type: "string" }, threads: { type: "string" }, enriched: { type: "boolean" } },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), "soclab-bench-"));
try {
  const enricher = values.enriched ? createEnricher(await loadEnrichment()) : undefined;
  const cpu = process.cpuUsage();
  const start = performance.now();
  let events = 0;
  {
    await using writer = await openLakeWriter(join(folder, "lake"), { threads: Number(values.threads) });
    const feed = values.feed as Feed;
    ({ events } = await ingestFiles(writer, { feed, files: positionals, enricher }));
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const files = readdirSync(join(folder, "lake"), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".parquet"));
  const figures: IngestFigures = {
    events,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    bytesIn: statSync(positionals[0]!).size,
    bytesOut: files.reduce((sum, path) => sum + statSync(join(folder, "lake", path)).size, 0),
  };
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
