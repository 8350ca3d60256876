import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const lake = join(folder, "lake");
const ingested: string[] = [];
for (const [i, day] of [11, 11, 12, 12, 13].entries()) {
  const log = join(folder, `gate-${i}.log`);
  await writeFile(log, `<34>Oct ${day} 22:14:15 gate su: session ${i}\n`);
  const { code, err } = await soclab(["ingest", "--lake", lake, "--feed", "syslog", "--no-enrich", "--reference-time", "2024-10-20", log]);
  assert.equal(code, 0, err);
  ingested.push(log);
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await soclab([...args, "--lake", lake, "--json"]);
  assert.equal(code, 0, err);
  return ndjson(out)[0]!;
}

test("compact says what it would do, does it, and is done then", async () => {
  assert.deepEqual(await json("lake", "compact", "--dry-run"), { dryRun: true, files: 4, into: 2, rows: 4 });
  const done = await json("lake", "compact");
  assert.deepEqual([done.filesBefore, done.filesAfter, done.rows], [4, 2, 4]);
  assert.equal((await json("lake", "compact")).filesBefore, 0);
  assert.deepEqual((await json("lake", "verify", "--records")).findings, []);
  const unknown = await soclab(["lake", "compact", "--lake", lake, "--table", "syslgo"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Did you mean "syslog"\?/);
  assert.equal((await soclab(["lake", "compact", "--lake", join(folder, "none")])).code, 1);
});

test("retain says what would go, takes out whole days, and keeps what is held", async () => {
  const now = ["--now", "2024-10-14T09:00:00Z"];
  const planned = await json("lake", "retain", "--table", "syslog", "--days", "2", ...now, "--dry-run");
  assert.deepEqual((planned.tables as { rows: number }[])[0]!.rows, 2);
  const policy = join(folder, "retention.json");
  const holds = [{ from: "2024-10-11", to: "2024-10-11", reason: "case 17" }];
  await writeFile(policy, JSON.stringify({ default: { days: 1 }, tables: { sylog: { days: 3 } }, holds }));
  const shown = await soclab(["lake", "retain", "--lake", lake, "--policy", policy, ...now, "--grace", "0s"]);
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /syslog: 2 events of before 2024-10-13 gone, 1 files/);
  assert.match(shown.out, /held: syslog\/day=2024-10-11\/\S+ \(case 17\)/);
  assert.match(shown.err, /no table "sylog"\. Did you mean "syslog"\?/);
  assert.deepEqual(ndjson((await soclab(["sql", "--lake", lake, "--json", "SELECT count(*)::INT AS n FROM syslog"])).out), [{ n: 3 }]);
  await writeFile(policy, JSON.stringify({ default: { days: -1 } }));
  const wrong = await soclab(["lake", "retain", "--lake", lake, "--policy", policy]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /SOCLAB_INVALID_DEFINITION.*default\.days/);
  assert.equal((await soclab(["lake", "retain", "--lake", lake])).code, 2);
  assert.equal((await soclab(["lake", "retain", "--lake", lake, "--table", "syslog", "--days", "1", "--grace", "soon"])).code, 2);
});
