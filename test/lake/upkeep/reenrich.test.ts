import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { datasetsDir } from "../../../src/core/index.ts";
import { createEnricher, type Enricher, loadEnrichment } from "../../../src/enrich/index.ts";
import { ingestFiles, openLake, openLakeWriter, type ReenrichOptions, reenrichLake, verifyLake } from "../../../src/lake/index.ts";
import { rowsOf } from "../../../src/table/index.ts";
import { batchOf, connections, temporaryLake } from "../fixture.ts";

const root = mkdtempSync(join(tmpdir(), "soclab-enrich-"));
after(() => rmSync(root, { recursive: true, force: true }));

const shipped = createEnricher(await loadEnrichment());
/** Knows nothing: every column that it makes is null. */
const empty = createEnricher({});
const logs = [
  { feed: "zeek", file: join(datasetsDir(), "zeek/147.32.83.234/2022-06-14/conn.log.labeled.gz") },
  { feed: "suricata", file: join(datasetsDir(), "suricata/eve.json.gz") },
] as const;

async function ingest(name: string, enricher: Enricher | undefined): Promise<string> {
  const directory = join(root, name);
  await using writer = await openLakeWriter(directory, { rowsPerFile: 2_000 });
  for (const { feed, file } of logs) await ingestFiles(writer, { feed, files: [file], enricher });
  return directory;
}

async function rowsIn(directory: string): Promise<Map<string, string>> {
  await using lake = openLake(directory);
  const rows = new Map<string, string>();
  for (const table of lake.tables().filter((name) => name !== "dead_letters")) {
    const columns = Object.keys(lake.schema(table)).sort();
    for (const row of rowsOf(await lake.query(`FROM "${table}"`))) {
      const values = columns.map((column) => [column, row[column]]);
      rows.set(
        String(row.event_id),
        JSON.stringify(values, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
      );
    }
  }
  return rows;
}

async function reenrich(directory: string, options: Partial<ReenrichOptions> = {}) {
  await using writer = await openLakeWriter(directory, { keepRemovedMs: 0 });
  return await reenrichLake(writer, { enricher: shipped, ...options });
}

test("events that are enriched later are as those that were enriched when they came", async () => {
  const expected = await rowsIn(await ingest("enriched", shipped));
  for (const [name, enricher] of [
    ["plain", undefined],
    ["nothing", empty],
  ] as const) {
    const directory = await ingest(name, enricher);
    const counts = await reenrich(directory, { samples: 7 });
    assert.equal(counts.events, expected.size);
    assert.ok(counts.changed > 1000 && counts.columns.conn!.src_country! > 100, JSON.stringify(counts.columns));
    assert.equal(counts.samples.length, 7);
    assert.ok(counts.samples.every(({ before, after }) => before === null && after !== null));
    assert.deepEqual(await rowsIn(directory), expected);
    assert.deepEqual((await verifyLake(directory)).findings, []);
    const again = await reenrich(directory);
    assert.deepEqual([again.events, again.changed, again.filesRewritten, again.columns], [expected.size, 0, 0, {}]);
  }
});

test("sources that know less take away what they gave, labels of threat intelligence among it", async () => {
  const directory = await ingest("withdrawn", shipped);
  const counts = await reenrich(directory, { enricher: empty });
  assert.ok(counts.changed > 0);
  assert.deepEqual(await rowsIn(directory), await rowsIn(await ingest("never", empty)));
});

test("a dry run says the same and changes nothing; times and tables bound it", async () => {
  const directory = await ingest("bounded", undefined);
  const before = await rowsIn(directory);
  const commits = (await verifyLake(directory)).commits;
  const all = await reenrich(directory, { isDryRun: true });
  assert.ok(all.changed > 0 && all.filesRewritten === 0);
  assert.deepEqual(await rowsIn(directory), before);
  assert.equal((await verifyLake(directory)).commits, commits);

  const noon = new Date("2022-06-14T12:00:00Z");
  const morning = await reenrich(directory, { isDryRun: true, tables: ["conn"], until: noon });
  const evening = await reenrich(directory, { tables: ["conn"], since: noon });
  assert.ok(morning.events > 0 && evening.events > 0);
  assert.deepEqual(Object.keys(evening.columns), ["conn"]);
  await using lake = openLake(directory);
  const enriched = rowsOf(
    await lake.query(
      `SELECT count(*) FILTER ("timestamp" < '2022-06-14 12:00')::INT AS early, count(*)::INT AS n FROM conn WHERE src_country IS NOT NULL`,
    ),
  );
  const [row] = enriched;
  assert.ok(row!.early === 0 && Number(row!.n) > 0, "only the evening has new values");
  assert.equal((await reenrich(directory)).events, all.events);
});

test("a label that the feed brought itself stays", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  const own = { label: ["string", ["benign"]], label_source: ["string", ["analyst"]] } as const;
  await writer.append(batchOf({ ts: ["timestamp", [new Date(0)]], ip: ["string", ["x"]], ...own }, { feed: "own" }));
  await writer.append(connections(5));
  await writer.commit();
  await reenrichLake(writer, { enricher: shipped });
  await using lake = openLake(directory);
  const [row] = rowsOf(await lake.query("SELECT label, label_source FROM own"));
  assert.deepEqual(row, { label: "benign", label_source: "analyst" });
});

test("work that is stopped leaves the lake as it was or further", async () => {
  const directory = await ingest("stopped", undefined);
  const abort = new AbortController();
  const onProgress = () => abort.abort();
  await assert.rejects(reenrich(directory, { signal: abort.signal, onProgress }), { code: "SOCLAB_ABORTED" });
  assert.deepEqual((await verifyLake(directory)).findings, []);
  await reenrich(directory);
  assert.deepEqual(await rowsIn(directory), await rowsIn(join(root, "enriched")));
});
