import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAlertIndex } from "../src/alerts/index.ts";
import { datasetsDir } from "../src/core/index.ts";
import { createEnricher, loadEnrichment } from "../src/enrich/index.ts";
import { findSources } from "../src/ingest/index.ts";
import { ingestFiles, openLake, openLakeWriter } from "../src/lake/index.ts";
import { trainOnLake } from "../src/models/index.ts";
import { follow } from "../src/scorer/index.ts";
import { connLog } from "./data.ts";
import { type BenchRow, seconds } from "./report.ts";

const rows = 1_000_000;

/**
 * A Zeek conn log file to the alert index on one thread: parse, enrich, the features of `conn-source` in windows, 100 trees, relevance,
 * checkpoints. Once with hardly an alert, once with one event in a hundred an alert, as a tuned threshold leaves it.
 */
export async function bench(): Promise<BenchRow[]> {
  const path = connLog(rows);
  const folder = mkdtempSync(join(tmpdir(), "soclab-bench-"));
  try {
    const enricher = createEnricher(await loadEnrichment());
    {
      await using writer = await openLakeWriter(join(folder, "lake"));
      const conn = (await findSources(join(datasetsDir(), "zeek"))).filter((source) => source.path.includes("conn.log"));
      await ingestFiles(writer, { feed: "zeek", files: conn.map((source) => source.path), enricher });
    }
    await using lake = openLake(join(folder, "lake"));
    const definition: unknown = JSON.parse(readFileSync(join(datasetsDir(), "definitions", "conn-source.json"), "utf8"));
    const until = Date.UTC(2022, 5, 13, 22) * 1000;
    const trained = await trainOnLake({ lake, definition, name: "bench", detector: "isolation-forest", params: { seed: 1 }, until });
    const out: BenchRow[] = [];
    for (const minRelevance of [99.9999, await thresholdOf(0.01)]) {
      let alerts = 0;
      const taken = await seconds(async () => {
        alerts = await stream(minRelevance);
      }, 1);
      out.push({
        what: "stream, file → alert index",
        rows,
        unit: "events",
        seconds: taken,
        note: `${alerts.toLocaleString("en-US")} alerts`,
      });
    }
    return out;

    async function stream(minRelevance: number): Promise<number> {
      const stateDir = join(folder, "index");
      rmSync(stateDir, { recursive: true, force: true });
      await using index = openAlertIndex(stateDir);
      const ledger = await follow({
        model: trained,
        enricher,
        minRelevance,
        sources: [{ path, feed: "zeek" }],
        index,
        stateDir,
        idleExitMs: 0,
      });
      if (!ledger.closed || ledger.scored !== rows) throw new Error(JSON.stringify(ledger));
      return ledger.alerts;
    }

    /** The relevance that this share of the events reaches, found on a tenth of them. */
    async function thresholdOf(share: number): Promise<number> {
      const stateDir = join(folder, "probe");
      await using index = openAlertIndex(stateDir);
      const probe = connLog(rows / 10);
      await follow({
        model: trained,
        enricher,
        minRelevance: 95,
        sources: [{ path: probe, feed: "zeek" }],
        index,
        stateDir,
        idleExitMs: 0,
      });
      const { alerts } = await index.search({ limit: 1, offset: Math.floor((rows / 10) * share) });
      return alerts[0]?.relevance ?? 100;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
