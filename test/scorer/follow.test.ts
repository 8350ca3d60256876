import assert from "node:assert/strict";
import { appendFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as nextTurn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { type IndexedAlert, openAlertIndex } from "../../src/alerts/index.ts";
import { datasetsDir, type Progress } from "../../src/core/index.ts";
import { findSources } from "../../src/ingest/index.ts";
import { ingestFiles, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { evaluateOnLake, trainOnLake } from "../../src/models/index.ts";
import { follow, type LedgerTotals, scoreLake } from "../../src/scorer/index.ts";
import { ingestInto, laterConn, laterLines, makeWorld, until, type World, zeekDir } from "./world.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-follow-"));
let world: World;
before(async () => {
  world = await makeWorld(folder);
});
after(() => rm(folder, { recursive: true }));

async function stream(
  name: string,
  paths: readonly string[],
  minRelevance = 0,
): Promise<{ ledger: LedgerTotals; alerts: IndexedAlert[]; hash: string }> {
  const dir = join(folder, name);
  await using index = openAlertIndex(dir);
  await using lake = openLake(world.lakeDir);
  const sources = (await Promise.all(paths.map(findSources))).flat();
  const { model, enricher } = world;
  const ledger = await follow({ model, enricher, minRelevance, from: until, sources, index, stateDir: dir, lake, idleExitMs: 0 });
  const alerts: IndexedAlert[] = [];
  for (let offset = 0; ; offset += 5_000) {
    const page = await index.search({ limit: 5_000, offset, from: 0 });
    alerts.push(...page.alerts);
    if (alerts.length >= page.total) break;
  }
  return { ledger, alerts, hash: await index.contentHash() };
}

const modelPoints = (alert: IndexedAlert) => alert.contributions.find(({ name }) => name === "model")?.points;

test("the stream gives every event of the later day the relevance that the batch gives it", async () => {
  const { ledger, alerts } = await stream("stream", [laterConn]);
  assert.deepEqual(
    { ...ledger, late: 0 },
    { in: 5347, scored: 5347, filtered: 0, deadLetters: 0, alerts: 5347, late: 0, waiting: 0, closed: true },
  );
  assert.equal(ledger.late, 1);
  const lakeDir = join(folder, "lake-both");
  await cp(world.lakeDir, lakeDir, { recursive: true });
  await ingestInto(lakeDir, [laterConn], world.enricher);
  await using lake = openLake(lakeDir);
  const { matrix, relevance } = await evaluateOnLake(world.model, lake);
  const batch = new Map(matrix.eventIds.map((id, row) => [id, Math.round(relevance[row]! * 1024) / 1024]));
  const differing = alerts.filter((alert) => modelPoints(alert) !== batch.get(alert.id));
  const late = alerts.filter((alert) => alert.late);
  assert.equal(late.length, 1);
  // A late event was not there yet when the events of the five hours before it were scored; only its own source address can differ.
  assert.deepEqual(
    differing.filter(({ entity }) => entity !== late[0]!.entity),
    [],
  );

  await using index = openAlertIndex(join(folder, "lake-index"));
  const scored = await scoreLake({ model: world.model, minRelevance: 0, from: until, lake, index });
  assert.deepEqual([scored.scored, scored.closed], [matrix.rowCount, true]);
  for (const { id } of alerts.slice(0, 500)) assert.equal(modelPoints((await index.get(id))!), batch.get(id));
});

test("several sources at once give the same alerts as any other order of them", async () => {
  const dir = zeekDir("147.32.83.234", "2022-06-14");
  const all = await stream("all", [dir], 90);
  assert.equal(all.ledger.closed, true);
  assert.ok(all.ledger.filtered > 1_000);
  const sources = (await findSources(dir)).map(({ path }) => path).reverse();
  const reversed = await stream("reversed", sources, 90);
  assert.deepEqual(reversed.ledger, all.ledger);
  assert.equal(reversed.hash, all.hash);
});

test("a broken record becomes a dead letter of the ledger, and scoring again adds nothing", async () => {
  const lines = gunzipSync(await readFile(laterConn))
    .toString("latin1")
    .split("\n");
  lines.splice(100, 0, "not\ta\trecord");
  lines.splice(200, 0, lines[199]!.replace(/\t\d+\.\d+\.\d+\.\d+\t/, "\t999.1.2.3\t"));
  const path = join(folder, "broken.log");
  await writeFile(path, lines.slice(0, 1_000).join("\n"), "latin1");
  const first = await stream("broken", [path], 90);
  assert.equal(first.ledger.deadLetters, 2);
  assert.equal(first.ledger.closed, true);
  const letters = (await readFile(join(folder, "broken", "conn.dead-letters.ndjson"), "utf8")).trimEnd().split("\n");
  assert.deepEqual(
    letters.map((line) => JSON.parse(line).code),
    ["COLUMN_COUNT", "BAD_ADDRESS"],
  );
  const again = await stream("broken", [path], 90);
  assert.deepEqual(again.ledger, first.ledger);
  assert.equal(again.hash, first.hash);
});

test("a model's relevance is written back onto the alerts that Suricata raised on the same flow or entity", async () => {
  const lakeDir = join(folder, "lake-eve");
  {
    await using writer = await openLakeWriter(lakeDir);
    await ingestFiles(writer, { feed: "suricata", files: [join(datasetsDir(), "suricata", "eve.json.gz")], enricher: world.enricher });
  }
  await using lake = openLake(lakeDir);
  const definition: unknown = JSON.parse(await readFile(join(datasetsDir(), "definitions", "suricata-flow.json"), "utf8"));
  const from = Date.UTC(2021, 5, 7) * 1000;
  const model = await trainOnLake({ lake, definition, name: "flow", detector: "isolation-forest", params: { seed: 1 }, until: from });
  await using index = openAlertIndex(join(folder, "eve-index"));
  const ledger = await scoreLake({ model, minRelevance: 90, from, lake, index });
  assert.equal(ledger.closed, true);
  const { alerts, total } = await index.search({ filters: { source: "suricata" }, limit: 1_000 });
  assert.ok(total > 200, `${total} Suricata alerts`);
  const written = alerts.filter((alert) => alert.model?.name === "flow");
  const linked = lake.sql(`
    WITH alert AS (SELECT *, epoch_us(timestamp) AS at FROM suricata WHERE event_type = 'alert'),
      flow AS (SELECT *, epoch_us(flow_end) AS at FROM suricata WHERE event_type = 'flow' AND epoch_us(flow_end) >= ${from})
    SELECT DISTINCT a.event_id FROM alert a JOIN flow f ON f.at >= a.at AND (
      (f.ip_src_addr = a.ip_src_addr AND f.at <= a.at + 600000000) OR
      (f.at <= a.at + 3600000000 AND f.protocol = a.protocol AND (
        (f.ip_src_addr, f.ip_src_port, f.ip_dst_addr, f.ip_dst_port) = (a.ip_src_addr, a.ip_src_port, a.ip_dst_addr, a.ip_dst_port) OR
        (f.ip_dst_addr, f.ip_dst_port, f.ip_src_addr, f.ip_src_port) = (a.ip_src_addr, a.ip_src_port, a.ip_dst_addr, a.ip_dst_port))))
    WHERE a.at >= ${from}`);
  const expected = (await linked.rows()).map(({ event_id }) => String(event_id)).sort();
  assert.ok(expected.length > 20, `${expected.length} linked alerts`);
  assert.deepEqual(written.map(({ id }) => id).sort(), expected);
  for (const alert of written) {
    assert.equal(
      alert.contributions.reduce((sum, { points }) => sum + points, 0),
      alert.relevance,
    );
    assert.ok(alert.contributions.some(({ name }) => name === "model"));
  }
});

test("a file that is rotated after a restart is read from its start", async () => {
  const { header, records } = await laterLines();
  const part = (from: number, to: number) => `${[...header, ...records.slice(from, to)].join("\n")}\n`;
  const path = join(folder, "rotating", "conn.log");
  await mkdir(join(folder, "rotating"));
  await writeFile(path, part(0, 1_000), "latin1");
  const first = await stream("rotating-index", [path]);
  assert.equal(first.ledger.scored, 1_000);

  const dir = join(folder, "rotating-index");
  await using index = openAlertIndex(dir);
  await using lake = openLake(world.lakeDir);
  const abort = new AbortController();
  const { model, enricher } = world;
  let read = 0;
  const onProgress = ({ done }: Progress) => {
    read = done;
  };
  const options = {
    model,
    enricher,
    minRelevance: 0,
    from: until,
    index,
    stateDir: dir,
    lake,
    idleExitMs: null,
    signal: abort.signal,
    onProgress,
  };
  const running = follow({ ...options, sources: [{ path, feed: "zeek" }] });
  await appendFile(path, `${records.slice(1_000, 1_100).join("\n")}\n`, "latin1");
  await reached(() => read, 1_100);
  await rename(path, `${path}.1`);
  await writeFile(path, part(1_100, 1_300), "latin1");
  await reached(() => read, 1_300);
  await reached(async () => (await index.search({ limit: 0 })).total, 1_300);
  abort.abort();
  const ledger = await running;
  assert.deepEqual([ledger.in, ledger.scored, ledger.closed], [1_300, 1_300, true]);
});

test("a file that is rotated while the scorer is down goes on under its new name, and what waited in it is scored", async () => {
  const { header, records } = await laterLines();
  const place = join(folder, "down");
  const path = join(place, "conn.log");
  await mkdir(place);
  await writeFile(path, `${[...header, ...records.slice(0, 1_000)].join("\n")}\n`, "latin1");
  const { model, enricher } = world;
  const dir = join(folder, "down-index");
  await using index = openAlertIndex(dir);
  await using lake = openLake(world.lakeDir);
  const run = async (idleExitMs: number | null, signal?: AbortSignal, onProgress?: (progress: Progress) => void) =>
    follow({
      model,
      enricher,
      minRelevance: 0,
      from: until,
      sources: await findSources(path),
      index,
      stateDir: dir,
      lake,
      idleExitMs,
      signal,
      onProgress,
    });
  const abort = new AbortController();
  const stopped = await run(null, abort.signal, ({ done }) => {
    if (done >= 1_000) abort.abort();
  });
  assert.ok(stopped.waiting > 0 && stopped.closed, JSON.stringify(stopped));
  await appendFile(path, `${records.slice(1_000, 1_010).join("\n")}\n`, "latin1");
  await rename(path, join(place, "conn.2022-06-14.log"));
  await writeFile(path, `${[...header, ...records.slice(1_010, 1_200)].join("\n")}\n`, "latin1");
  const ledger = await run(0);
  assert.deepEqual([ledger.in, ledger.scored, ledger.waiting, ledger.closed], [1_200, 1_200, 0, true]);
  assert.equal((await index.search({ limit: 0 })).total, 1_200);
});

/** Waits until a count has come to a number, for a minute at most. */
async function reached(count: () => number | Promise<number>, wanted: number): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while ((await count()) < wanted) {
    assert.ok(!deadline.aborted, `${await count()} of ${wanted} after a minute`);
    await nextTurn(20);
  }
}
