import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRandom } from "../../src/core/index.ts";
import { openLake, verifyLake } from "../../src/lake/index.ts";
import { count, distinct } from "../../src/table/index.ts";

const script = fileURLToPath(new URL("killed-work.ts", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "soclab-kill-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** For a long run: `SOCLAB_KILL_POINTS=70 SOCLAB_TEST_SEED=1 npm test -- lake/kill` kills each kind of work 70 times. */
const points = Number(process.env.SOCLAB_KILL_POINTS ?? 3);
const seed = Number(process.env.SOCLAB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

type Work = "ingest" | "compact" | "retain";

/** @returns the steps taken, or undefined where the work was killed */
async function run(directory: string, work: Work, killAt: number): Promise<string[] | undefined> {
  const child = spawn(process.execPath, [script, directory, work, String(killAt)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (...end) => resolve(end)),
  );
  if (signal === "SIGKILL") return undefined;
  assert.equal(code, 0, "the work ended by itself");
  return output.trim().split("\n");
}

function dataFiles(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".parquet") && !name.startsWith("_")).sort();
}

async function eventsIn(directory: string): Promise<{ n: number; ids: number; letters: number }> {
  await using lake = openLake(directory);
  if (!lake.tables().includes("conn")) return { n: 0, ids: 0, letters: 0 };
  const [row] = await lake
    .table("conn")
    .groupBy()
    .agg({ n: count(), ids: distinct("event_id") })
    .rows();
  return { n: Number(row!.n), ids: Number(row!.ids), letters: await lake.table("dead_letters").count() };
}

/** Reads the lake over and over while work goes on; every look must see whole commits. */
async function watched<T>(directory: string, isWhole: (n: number) => boolean, work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const reader = (async () => {
    while (!isOver) {
      if (existsSync(directory)) {
        const { n, ids } = await eventsIn(directory);
        assert.ok(isWhole(n) && ids === n, `a reader saw ${n} events with ${ids} ids`);
      }
      await nextTurn();
    }
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await reader;
  }
}

interface Case {
  readonly work: Work;
  /** What the lake may hold at any moment. */
  readonly events: readonly number[];
  readonly before?: string | undefined;
  /** Steps at which a mistake would be seen, besides random ones. */
  readonly tricky: RegExp;
}

async function killAtPoints(context: TestContext, { work, events, before, tricky }: Case): Promise<void> {
  const place = (name: string) => {
    const directory = join(root, `${work}-${name}`);
    if (before !== undefined) cpSync(before, directory, { recursive: true });
    return directory;
  };
  const undisturbed = place("whole");
  const steps = (await run(undisturbed, work, 0))!;
  const [whole, last] = [dataFiles(undisturbed).length, events.at(-1)!];
  context.diagnostic(`seed ${seed} of ${steps.length} steps`);
  const random = createRandom(seed);
  const anywhere = Array.from({ length: points }, (_, i) => 1 + Math.floor(((i + random.next()) * steps.length) / points));
  const whileCommitting = steps.flatMap((step, i) => (tricky.test(step) ? [i + 1] : []));
  assert.ok(whileCommitting.length >= 4, "the steps of a commit are found");
  for (const [i, killAt] of [...anywhere, ...whileCommitting].entries()) {
    const directory = place(String(i));
    const at = `killed at step ${killAt} (${steps[killAt - 1]}), seed ${seed}`;
    const killed = await watched(
      directory,
      (n) => events.includes(n),
      () => run(directory, work, killAt),
    );
    assert.equal(killed, undefined, at);
    if (existsSync(directory)) {
      const { n, ids, letters } = await eventsIn(directory);
      assert.ok(events.includes(n), `${n} events are whole commits, ${at}`);
      assert.equal(ids, n, at);
      assert.equal(letters, work === "ingest" ? n / 40 : 3, at);
    }
    assert.ok((await run(directory, work, 0)) !== undefined, at);
    assert.deepEqual(await eventsIn(directory), { n: last, ids: last, letters: 3 }, at);
    assert.equal(dataFiles(directory).length, whole, `no file is left over, ${at}`);
    assert.ok(!existsSync(join(directory, "_staging")) && !existsSync(join(directory, "_lock")), at);
    assert.deepEqual((await verifyLake(directory)).findings, [], at);
    rmSync(directory, { recursive: true });
  }
}

let filled: string | undefined;

async function filledLake(): Promise<string> {
  if (filled === undefined) {
    filled = join(root, "filled");
    assert.ok(await run(filled, "ingest", 0));
  }
  return filled;
}

test("an ingest killed at any step leaves whole commits, and run again it completes without doubles", async (context) => {
  await killAtPoints(context, { work: "ingest", events: [0, 40, 80, 120], tricky: /000000000002\.json/ });
});

test("a compaction killed at any step leaves every event there once", async (context) => {
  await killAtPoints(context, { work: "compact", events: [120], before: await filledLake(), tricky: /000000000004\.json/ });
});

test("a retention killed at any step has taken out all or nothing", async (context) => {
  await killAtPoints(context, { work: "retain", events: [120, 72], before: await filledLake(), tricky: /000000000004\.json/ });
});
