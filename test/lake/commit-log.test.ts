import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { standardColumns } from "../../src/event/index.ts";
import { CommitLog } from "../../src/lake/commit-log.ts";
import { openLake, openLakeWriter } from "../../src/lake/index.ts";
import { connections, temporaryLake } from "./fixture.ts";

const file = (n: number) => ({
  table: "conn",
  path: `conn/day=2022-06-01/part-${n}-0.parquet`,
  rows: 1,
  bytes: 1,
  minTimestamp: n,
  maxTimestamp: n,
  sources: [],
  columns: standardColumns,
  sha256: "0".repeat(64),
  arrived: "2022-06-01T00:00:00.000Z",
});

async function logOf(directory: string, commits: number): Promise<CommitLog> {
  await (await openLakeWriter(directory)).close();
  const log = new CommitLog(directory);
  log.refresh();
  for (let n = 1; n <= commits; n++) {
    const removes = n % 3 === 0 ? [{ path: file(n - 1).path, reason: "compaction" as const, sha256: file(0).sha256, rows: 1 }] : [];
    await log.append({ files: [file(n)], removes, sidecars: [], notes: [] }, "2022-06-01T00:00:00.000Z");
  }
  return log;
}

test("a checkpoint stands for the commits before it, and without it they say the same", async (context) => {
  const directory = temporaryLake(context);
  const log = await logOf(directory, 300);
  const commits = join(directory, "_commits");
  const checkpoints = readdirSync(commits).filter((name) => name.startsWith("checkpoint"));
  assert.deepEqual(checkpoints, ["checkpoint-000000000256.json"]);
  const reopened = () => {
    const other = new CommitLog(directory);
    other.refresh();
    return { last: other.last, head: other.head, state: other.state.snapshot() };
  };
  const whole = { last: 300, head: log.head, state: log.state.snapshot() };
  assert.deepEqual(reopened(), whole);
  // It is really used: the commits before it can be gone, as far as a reader is concerned.
  copyFileSync(join(commits, "000000000007.json"), join(directory, "aside"));
  rmSync(join(commits, "000000000007.json"));
  assert.deepEqual(reopened(), whole);
  copyFileSync(join(directory, "aside"), join(commits, "000000000007.json"));
  const path = join(commits, checkpoints[0]!);
  const text = readFileSync(path, "utf8");
  for (const damaged of ["", text.slice(0, 500), text.replace('"rows":1', '"rows":2'), `${"0".repeat(64)}\nnull`, "\0".repeat(100)]) {
    writeFileSync(path, damaged);
    assert.deepEqual(reopened(), whole, "a damaged one is not used");
  }
  rmSync(path);
  assert.deepEqual(reopened(), whole);
});

test("a commit that was changed, or that follows another one, is an error", async (context) => {
  const directory = temporaryLake(context);
  await logOf(directory, 3);
  const path = join(directory, "_commits", "000000000002.json");
  const text = readFileSync(path, "utf8");
  const isRefused = (changed: string, message: RegExp) => {
    writeFileSync(path, changed);
    assert.throws(() => new CommitLog(directory).refresh(), { code: "SOCLAB_INVALID_FILE", message });
  };
  isRefused(text.replace('"rows":1', '"rows":2'), /checksum/);
  isRefused(text.trimEnd(), /checksum/);
  // Sealed again by somebody who knows how: the next commit tells.
  const body = text.replace('"rows":1', '"rows":2').slice(0, text.lastIndexOf(',"sha256"'));
  isRefused(`${body},"sha256":"${createHash("sha256").update(body).digest("hex")}"}\n`, /000000000003\.json does not follow/);
});

test("a lake of format 1 is read, and its chain begins with the next commit and takes in all before", async (context) => {
  const directory = temporaryLake(context);
  {
    await using writer = await openLakeWriter(directory);
    for (const first of [0, 10]) {
      await writer.append(connections(10, { first, everyMs: 60_000 }));
      await writer.commit();
    }
  }
  const commits = join(directory, "_commits");
  let link = "";
  for (const name of readdirSync(commits).sort()) {
    const { commit, at, schemas, files } = JSON.parse(readFileSync(join(commits, name), "utf8"));
    for (const entry of files) delete entry.sha256;
    const text = `${JSON.stringify({ version: 1, commit, at, schemas, files })}\n`;
    writeFileSync(join(commits, name), text);
    link = createHash("sha256").update(link).update(text).digest("hex");
  }
  await using lake = openLake(directory);
  assert.equal(await lake.table("conn").count(), 20);
  assert.equal(lake.head, link);
  assert.equal(lake.files("conn")[0]!.sha256, null);
  {
    await using writer = await openLakeWriter(directory);
    await writer.append(connections(30, { everyMs: 60_000 }));
    assert.equal((await writer.commit()).events, 10);
  }
  assert.equal(JSON.parse(readFileSync(join(commits, "000000000003.json"), "utf8")).previous, link);
  assert.equal(await lake.table("conn").count(), 30);
  const first = join(commits, "000000000001.json");
  writeFileSync(first, readFileSync(first, "utf8").replace('"rows":10', '"rows":11'));
  assert.throws(() => openLake(directory).tables(), { code: "SOCLAB_INVALID_FILE", message: /does not follow/ });
});
