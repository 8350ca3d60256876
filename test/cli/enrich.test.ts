import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { zeekLog } from "../ingest/parse.ts";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const lake = join(folder, "lake");
const log = join(folder, "conn.log");
const config = join(folder, "sources.json");
const assets = join(folder, "assets.csv");

await writeFile(
  log,
  zeekLog("conn", { ts: "time", "id.orig_h": "addr" }, [
    ["1655000000.0", "10.0.0.1"],
    ["1655100000.0", "10.0.0.1"],
    ["1655100001.0", "10.0.0.2"],
  ]),
);
await writeFile(config, JSON.stringify({ assets: "assets.csv" }));
const inventory = (rows: string) => writeFile(assets, `ip,name,owner,role,criticality,valid_from,valid_until\n${rows}`);
await inventory("10.0.0.1,gate,net,router,3,2022-01-01,\n");
const ingest = await soclab(["ingest", "--lake", lake, "--feed", "zeek", "--config", config, log]);
assert.equal(ingest.code, 0, ingest.err);

test("what an inventory learns later about an earlier time comes to the events of that time, and is told", async () => {
  // The gate was another machine from the 13th on; nobody had noted it.
  await inventory("10.0.0.1,gate,net,router,3,2022-01-01,2022-06-13\n10.0.0.1,door,net,router,5,2022-06-13,\n");
  const enrich = async (...args: string[]) => {
    const { code, out, err } = await soclab(["enrich", "--lake", lake, "--config", config, "--json", ...args]);
    assert.equal(code, 0, err);
    return ndjson(out)[0]!;
  };
  const planned = await enrich("--dry-run");
  const expected = { conn: { src_asset_name: 1, src_asset_criticality: 1 } };
  assert.deepEqual([planned.dryRun, planned.events, planned.changed, planned.columns], [true, 3, 1, expected]);
  assert.equal((await enrich("--until", "2022-06-13")).changed, 0);
  const done = await enrich("--since", "2022-06-13");
  assert.deepEqual([done.events, done.changed, done.filesRewritten, done.columns], [2, 1, 1, expected]);
  const [sample] = done.samples as Record<string, unknown>[];
  assert.deepEqual([sample!.column, sample!.before, sample!.after], ["src_asset_name", "gate", "door"]);
  assert.equal((await enrich()).changed, 0);
  const { out } = await soclab(["sql", "--lake", lake, "--json", 'SELECT src_asset_name AS name FROM conn ORDER BY "timestamp"']);
  assert.deepEqual(
    ndjson(out).map(({ name }) => name),
    ["gate", "door", null],
  );
});

test("a person sees a table of columns and some changes; wrong use is refused", async () => {
  await inventory("10.0.0.2,sink,net,server,1,2022-01-01,\n");
  const { code, out } = await soclab(["enrich", "--lake", lake, "--config", config, "--dry-run"]);
  assert.equal(code, 0);
  assert.match(out, /3 events looked at: 3 would change/);
  assert.match(out, /conn +src_asset_name +3/);
  assert.match(out, /conn +[0-9a-f]{32} +src_asset_name +gate/);
  const unknown = await soclab(["enrich", "--lake", lake, "--config", config, "--table", "con"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Did you mean "conn"\?/);
  assert.equal((await soclab(["enrich", "--lake", lake, "--since", "2022-06-13", "--until", "2022-06-12"])).code, 2);
  assert.equal((await soclab(["enrich", "--lake", join(folder, "none")])).code, 1);
});
