import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { StdinSource } from "../../../src/lake/follow/stdin-source.ts";
import { type FollowIngestOptions, followIngest, type Lake, openLake, openLakeWriter } from "../../../src/lake/index.ts";
import { settleHot } from "../../../src/lake/upkeep/settle-hot.ts";
import { zeekLog } from "../../ingest/parse.ts";

const fields = {
  ts: "time",
  uid: "string",
  "id.orig_h": "addr",
  "id.orig_p": "port",
  "id.resp_h": "addr",
  "id.resp_p": "port",
  proto: "enum",
};
const row = (i: number) => [`${1_655_000_000 + i}.5`, `C${i}`, `10.0.0.${i % 250}`, "1024", "192.0.2.1", "443", "tcp"];
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const log = (from: number, to: number) => zeekLog("conn", fields, numbers(from, to).map(row));
const lines = (from: number, to: number) =>
  numbers(from, to)
    .map((i) => `${row(i).join("\t")}\n`)
    .join("");

interface World {
  readonly logs: string;
  readonly lake: string;
  start(options?: Partial<FollowIngestOptions>): Promise<Following>;
}

interface Following {
  /** Waits until the lake, opened by somebody else, has just these events. */
  sees(expected: readonly number[]): Promise<void>;
  stop(): Promise<{ events: number; duplicates: number; records: number }>;
}

async function world(context: TestContext): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), "soclab-follow-"));
  context.after(() => rm(root, { recursive: true, force: true }));
  const [logs, lake] = [join(root, "logs"), join(root, "lake")];
  await mkdir(logs);
  const start = async (options: Partial<FollowIngestOptions> = {}): Promise<Following> => {
    const writer = await openLakeWriter(lake, { threads: 1 });
    const abort = new AbortController();
    let failure: unknown;
    const done = followIngest(writer, { feed: "zeek", paths: [logs], idleExitMs: null, commitMs: 1, signal: abort.signal, ...options });
    done.catch((error) => {
      failure = error;
    });
    const reader = openLake(lake, { threads: 1 });
    const stop = async () => {
      abort.abort();
      const counts = await done;
      await writer.close();
      await reader.close();
      return counts;
    };
    context.after(() => {
      abort.abort();
      return Promise.allSettled([done.then(() => writer.close()), reader.close()]);
    });
    return { stop, sees: (expected) => waitFor(reader, expected, () => failure) };
  };
  return { logs, lake, start };
}

async function waitFor(lake: Lake, expected: readonly number[], failure: () => unknown): Promise<void> {
  for (;;) {
    if (failure() !== undefined) throw failure();
    const found = lake.tables().includes("conn") ? await lake.search("").rows() : [];
    const seen = found.map(({ uid }) => Number(String(uid).slice(1))).sort((a, b) => a - b);
    assert.equal(new Set(seen).size, seen.length, "no event twice");
    if (seen.length >= expected.length) {
      assert.deepEqual(seen, expected);
      const [counted] = await lake.sql<{ n: "bigint" }>("SELECT count(*) AS n FROM conn").rows();
      assert.equal(Number(counted!.n), expected.length, "SQL sees what a search sees");
      return;
    }
    await sleep(20);
  }
}

test("what is appended, comes into the folder or is compressed is found while the ingest runs", async (context) => {
  const { logs, start } = await world(context);
  await writeFile(join(logs, "conn.log"), log(0, 10));
  const following = await start();
  await following.sees(numbers(0, 10));
  await appendFile(join(logs, "conn.log"), lines(10, 30));
  await following.sees(numbers(0, 30));
  const [half, rest] = [lines(30, 31).slice(0, 20), lines(30, 31).slice(20)];
  await appendFile(join(logs, "conn.log"), half);
  await mkdir(join(logs, "deeper"));
  await writeFile(join(logs, "deeper", "other.log"), log(40, 50));
  await following.sees([...numbers(0, 30), ...numbers(40, 50)]);
  await appendFile(join(logs, "conn.log"), rest);
  await following.sees([...numbers(0, 31), ...numbers(40, 50)]);
  await writeFile(join(logs, "old.log.gz"), gzipSync(log(60, 70)));
  await following.sees([...numbers(0, 31), ...numbers(40, 50), ...numbers(60, 70)]);
  const { events, duplicates } = await following.stop();
  assert.deepEqual({ events, duplicates }, { events: 51, duplicates: 0 });
});

test("a file that is rotated, cut or replaced loses and doubles nothing", async (context) => {
  const { logs, start } = await world(context);
  const path = join(logs, "conn.log");
  await writeFile(path, log(0, 10));
  const following = await start();
  await following.sees(numbers(0, 10));
  await appendFile(path, lines(10, 15));
  await rename(path, join(logs, "conn.1.log"));
  await appendFile(join(logs, "conn.1.log"), lines(15, 18));
  await writeFile(path, log(18, 25));
  await following.sees(numbers(0, 25));
  await appendFile(join(logs, "conn.1.log"), lines(25, 27));
  await following.sees(numbers(0, 27));
  await truncate(path);
  await writeFile(path, log(27, 28));
  await following.sees(numbers(0, 28));
  assert.equal((await following.stop()).events, 28);
});

test("an ingest that is started again goes on where the lake is, also where its own notes are gone or old", async (context) => {
  const { logs, lake, start } = await world(context);
  const path = join(logs, "conn.log");
  await writeFile(path, log(0, 20));
  const first = await start();
  await first.sees(numbers(0, 20));
  await first.stop();
  const old = await readFile(join(lake, "_follow.json"));
  await appendFile(path, lines(20, 30));
  const second = await start();
  await second.sees(numbers(0, 30));
  assert.deepEqual(await second.stop().then(({ records, duplicates }) => [records, duplicates]), [10, 0], "it reads on");
  for (const notes of [old, Buffer.from("{"), Buffer.from('{"version":1,"sources":[null,{"path":1}]}')]) {
    await writeFile(join(lake, "_follow.json"), notes);
    const third = await start();
    await third.sees(numbers(0, 30));
    assert.equal((await third.stop()).events, 0);
  }
});

test("a path that is not there is a mistake before anything is written", async (context) => {
  const { lake, logs } = await world(context);
  await using writer = await openLakeWriter(lake);
  await assert.rejects(followIngest(writer, { feed: "zeek", paths: [join(logs, "none")], idleExitMs: 0 }), { code: "SOCLAB_NOT_FOUND" });
});

test("hot files become cold ones, and readers see the same events before and after", async (context) => {
  const { logs, lake, start } = await world(context);
  const path = join(logs, "conn.log");
  await writeFile(path, log(0, 1));
  const following = await start();
  for (let i = 1; i <= 20; i++) {
    await appendFile(path, lines(i, i + 1));
    await following.sees(numbers(0, i + 1));
  }
  await following.stop();
  await using reader = openLake(lake);
  assert.ok(reader.files("conn").length <= 8, `${reader.files("conn").length} files`);
  await using writer = await openLakeWriter(lake);
  assert.equal(await settleHot(writer), 0, "nothing is left to merge");
});

test("standard input is read as it comes, and its last line when it ends", async () => {
  const input = new PassThrough();
  const source = new StdinSource("zeek", {}, input);
  const records = () => {
    let sum = 0;
    for (let output = source.read(); output; output = source.read()) sum += output.records;
    return sum;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  input.write(log(0, 3));
  await settled();
  assert.equal(records(), 3);
  input.end(lines(3, 4).trimEnd());
  await settled();
  assert.equal(records(), 0);
  assert.ok(source.isOver);
  assert.equal(source.end().records, 1);
  source.close();
});
