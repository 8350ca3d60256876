import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createRandom } from "../../src/core/index.ts";
import { openLake } from "../../src/lake/index.ts";
import { count, distinct } from "../../src/table/index.ts";

const script = fileURLToPath(new URL("killed-ingest.ts", import.meta.url));

/** @returns the steps taken, or undefined where the ingest was killed */
async function ingest(directory: string, killAt: number): Promise<string[] | undefined> {
  const child = spawn(process.execPath, [script, directory, String(killAt)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (...end) => resolve(end)),
  );
  if (signal === "SIGKILL") return undefined;
  assert.equal(code, 0, "the ingest ended by itself");
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

test("an ingest killed at any step leaves whole commits, and run again it completes without doubles", async (context) => {
  const root = await mkdtemp(join(tmpdir(), "soclab-kill-"));
  context.after(() => rm(root, { recursive: true, force: true }));
  const steps = (await ingest(join(root, "whole"), 0))!;
  const whole = dataFiles(join(root, "whole")).length;

  const seed = Number(process.env.SOCLAB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  context.diagnostic(`seed ${seed} of ${steps.length} steps`);
  const random = createRandom(seed);
  const stretches = 8;
  const anywhere = Array.from({ length: stretches }, (_, i) => 1 + Math.floor(((i + random.next()) * steps.length) / stretches));
  // Every step of writing the second commit into the log: there a mistake would be seen.
  const whileCommitting = steps.flatMap((step, i) => (step.includes("000000000002.json") ? [i + 1] : []));
  assert.ok(whileCommitting.length >= 6, "the steps of a commit are found");
  for (const [i, killAt] of [...anywhere, ...whileCommitting].entries()) {
    const directory = join(root, `killed-${i}`);
    const at = `killed at step ${killAt} (${steps[killAt - 1]}), seed ${seed}`;
    assert.equal(await ingest(directory, killAt), undefined, at);
    if (existsSync(directory)) {
      const { n, ids, letters } = await eventsIn(directory);
      assert.ok([0, 40, 80, 120].includes(n), `${n} events are whole commits, ${at}`);
      assert.equal(ids, n, at);
      assert.equal(letters, n / 40, at);
    }
    assert.ok((await ingest(directory, 0)) !== undefined, at);
    assert.deepEqual(await eventsIn(directory), { n: 120, ids: 120, letters: 3 }, at);
    assert.equal(dataFiles(directory).length, whole, `no file is left over, ${at}`);
    assert.ok(!existsSync(join(directory, "_staging")) && !existsSync(join(directory, "_lock")), at);
  }
});
