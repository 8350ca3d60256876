import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasetsDir } from "../src/core/index.ts";
import { createEnricher, loadEnrichment } from "../src/enrich/index.ts";
import { ingestFiles, type LakeFile, type LakeWriter, openLakeWriter, SearchIndexer } from "../src/lake/index.ts";
import { constant } from "../src/sql/index.ts";

export const days = 30;
const firstDay = Date.UTC(2026, 9, 1);
const dayMicros = 86_400e6;

export interface SearchLake {
  readonly directory: string;
  readonly events: number;
}

/**
 * A lake of the shipped Zeek and Suricata events, enriched as an ingest does, repeated over 30 days with fresh uids and ids, and each round with other
 * addresses in the place of the far ends; with search indexes, and so many events in small files as a follow ingest leaves. Made once.
 */
export async function searchLake(eventCount: number, say: (text: string) => void): Promise<SearchLake> {
  const folder = join(import.meta.dirname, "..", ".soclab", "bench");
  const directory = join(folder, `search-${eventCount}`);
  const made = join(directory, "_made");
  if (existsSync(made)) return { directory, events: eventCount };
  mkdirSync(folder, { recursive: true });
  await rm(directory, { recursive: true, force: true });
  const base = await mkdtemp(join(tmpdir(), "soclab-bench-base-"));
  try {
    const samples = await ingestSamples(base);
    await using indexer = new SearchIndexer();
    await using writer = await openLakeWriter(directory, { buildSearch: indexer.build });
    indexer.isPaused = true;
    const perDay = Math.floor(eventCount / days);
    const start = performance.now();
    for (let day = 0; day < days; day++) {
      for (const sample of samples) {
        const share =
          sample.table === "conn"
            ? 0.8
            : 0.2 * (sample.rows / samples.reduce((sum, { table, rows }) => sum + (table === "conn" ? 0 : rows), 0));
        await addDay(writer, base, sample, day, Math.round(perDay * share));
      }
      await writer.commit();
      say(`day ${day + 1} of ${days}`);
    }
    const made = (performance.now() - start) / 1000;
    const indexing = performance.now();
    const cpu = process.cpuUsage();
    const files = await indexer.complete(writer, {});
    const { user, system } = process.cpuUsage(cpu);
    const sum = (bytes: (file: LakeFile) => number) => Math.round(writer.files().reduce((total, file) => total + bytes(file), 0) / 1e6);
    say(
      `${files} indexes in ${((performance.now() - indexing) / 1000).toFixed(0)} s (${((user + system) / 1e6).toFixed(0)} s of CPU), ${sum(({ search }) => search?.bytes ?? 0)} MB beside ${sum(({ bytes }) => bytes)} MB of data; the data took ${made.toFixed(0)} s`,
    );
  } finally {
    await rm(base, { recursive: true });
  }
  writeFileSync(made, "");
  return { directory, events: eventCount };
}

interface Sample {
  readonly table: string;
  readonly rows: number;
  readonly files: readonly LakeFile[];
}

async function ingestSamples(directory: string): Promise<Sample[]> {
  const enricher = createEnricher(await loadEnrichment());
  const zeek = (readdirSync(join(datasetsDir(), "zeek"), { recursive: true }) as string[]).filter((path) => /\.log.*\.gz$/.test(path));
  await using writer = await openLakeWriter(directory);
  await ingestFiles(writer, { feed: "zeek", files: zeek.sort().map((path) => join(datasetsDir(), "zeek", path)), enricher });
  await ingestFiles(writer, { feed: "suricata", files: [join(datasetsDir(), "suricata", "eve.json.gz")], enricher });
  const tables = [...new Set(writer.files().map(({ table }) => table))].filter((table) => table !== "dead_letters");
  return tables.map((table) => {
    const files = writer.files(table);
    return { table, files, rows: files.reduce((sum, { rows }) => sum + rows, 0) };
  });
}

/** Rows of a sample as of one day: times pressed into it, another far end a round, ids that no other row has. */
async function addDay(writer: LakeWriter, base: string, { table, rows, files }: Sample, day: number, count: number): Promise<void> {
  if (count === 0) return;
  const columns = files[0]!.columns;
  const scan = `read_parquet(${constant(files.map(({ path }) => join(base, ...path.split("/"))))}, union_by_name = true, hive_partitioning = false)`;
  const start = (firstDay + day * 86_400_000) * 1000;
  // A quarter of the far ends is another one in each of 40 groups of rounds that are all over the days: rare addresses.
  const group = `hash(ip_dst_addr, CASE WHEN hash(ip_dst_addr) % 4 = 0 THEN hash(${day} * 1000 + r) % 40 ELSE 0 END)`;
  const far = `'198.' || (18 + ${group} % 2) || '.' || (${group} // 7 % 256) || '.' || (${group} // 1793 % 256)`;
  const raw = `replace(decode(original_string), ip_dst_addr, far)`;
  const replaced: Record<string, string> = {
    event_id: "event_id[1:16] || lpad(to_hex(n), 16, '0')",
    timestamp: "new_time",
    ts: "new_time",
    ip_dst_addr: "far",
    id_resp_h: "far",
    uid: "new_uid",
    original_string: Object.hasOwn(columns, "uid") ? `encode(replace(${raw}, uid, new_uid))` : `encode(${raw})`,
  };
  const selected = Object.keys(columns).map((name) => `${replaced[name] ?? `"${name}"`} AS "${name}"`);
  const sql = `WITH numbered AS (
      SELECT *, ${day * 1_000_000_000} + (row_number() OVER ()) AS n, ${far} AS far
      FROM ${scan}, range(${Math.ceil(count / rows)}) t(r)),
    timed AS (SELECT *, make_timestamp(CAST(${start} + hash(n) % ${dayMicros}::BIGINT AS BIGINT)) AS new_time,
      ${Object.hasOwn(columns, "uid") ? "'C' || lpad(to_base(n, 36), 17, '0')" : "''"} AS new_uid FROM numbered LIMIT ${count})
    SELECT ${selected.join(", ")} FROM timed ORDER BY new_time, 1`;
  const date = new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10);
  await writer.addFile({
    table,
    day: date,
    sql,
    columns,
    sources: [{ id: "0".repeat(16), name: `${table}-${day}`, from: day * 1e9, to: (day + 1) * 1e9 }],
  });
}
