import { readFileSync } from "node:fs";
import { createEnricher, loadEnrichment } from "../src/enrich/index.ts";
import { createParser } from "../src/ingest/index.ts";
import { asaLog, connLog, eveLog } from "./data.ts";
import { withDuckDb, zeekByCsvReader } from "./duckdb.ts";
import { type BenchRow, seconds } from "./report.ts";

const chunk = 1024 * 1024;

/**
 * Zeek conn and Suricata EVE records and ASA messages to typed batches, all columns, one thread, without and with enrichment; beside DuckDB's CSV
 * and JSON readers on one thread filling a table, for ASA with nothing more than cutting the lines. The note gives the rate by CPU time too, which other work on the machine does not change.
 */
export async function bench(): Promise<BenchRow[]> {
  const conn = connLog(1_000_000);
  const eve = eveLog(300_000);
  const asa = asaLog(300_000);
  const asaLines = `read_csv('${asa}', header = false, delim = '\\x01', quote = '', escape = '', columns = {line: 'VARCHAR'}, auto_detect = false)`;
  const enricher = createEnricher(await loadEnrichment());
  const cases = [
    { name: "Zeek conn", feed: "zeek", rows: 1_000_000, path: conn, reader: "read_csv", sql: zeekByCsvReader(conn) },
    { name: "Suricata EVE", feed: "suricata", rows: 300_000, path: eve, reader: "read_json", sql: `read_json('${eve}')` },
    { name: "ASA", feed: "asa", rows: 300_000, path: asa, reader: "read_csv of whole lines", sql: asaLines },
  ] as const;
  const out: BenchRow[] = [];
  for (const { name, feed, rows, path, reader, sql } of cases) {
    const bytes = readFileSync(path);
    const measure = async (isEnriched: boolean) => {
      let cpuSeconds = 0;
      const wall = await seconds(() => {
        const cpu = process.cpuUsage();
        const parser = createParser(feed, { source: path });
        let events = 0;
        const take = ({ batches }: ReturnType<typeof parser.push>) => {
          for (const batch of batches) events += (isEnriched ? enricher.enrich(batch) : batch).length;
        };
        for (let at = 0; at < bytes.length; at += chunk) take(parser.push(bytes.subarray(at, at + chunk)));
        take(parser.end());
        if (events !== rows) throw new Error(`${events} events of ${rows}`);
        const { user, system } = process.cpuUsage(cpu);
        cpuSeconds = (user + system) / 1e6;
      });
      const byCpu = Math.round(rows / cpuSeconds).toLocaleString("en-US");
      return { seconds: wall, note: `${Math.round(bytes.length / 1e6 / wall)} MB/s, ${byCpu}/s of CPU time` };
    };
    const parsed = await measure(false);
    const enriched = await measure(true);
    const duckDb = await withDuckDb(1, (run) => seconds(() => run(`CREATE OR REPLACE TEMP TABLE c AS FROM ${sql}`)));
    const peer = { name: `DuckDB ${reader}, 1 thread`, seconds: duckDb };
    out.push({ what: `parse ${name}, all columns typed`, rows, unit: "events", ...parsed, peer });
    out.push({ what: `parse and enrich ${name}`, rows, unit: "events", ...enriched });
  }
  return out;
}
