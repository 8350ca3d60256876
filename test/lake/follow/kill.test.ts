import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createRandom } from "../../../src/core/index.ts";
import { openLake } from "../../../src/lake/index.ts";

const script = fileURLToPath(new URL("killed-follow.ts", import.meta.url));
const lineCount = 400;

/** @returns the steps taken, or undefined where the ingest was killed */
async function follow(root: string, killAt: number): Promise<number | undefined> {
  const arguments_ = [script, join(root, "lake"), join(root, "logs"), String(killAt)];
  const child = spawn(process.execPath, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (...end) => resolve(end)),
  );
  if (signal === "SIGKILL") return undefined;
  assert.equal(code, 0, "the ingest ended by itself");
  return Number(output.trim());
}

/** The numbers of the lines that the lake has, sorted; what SQL and a search find are the same events. */
async function linesIn(directory: string): Promise<number[]> {
  if (!existsSync(join(directory, "_commits"))) return [];
  await using lake = openLake(directory, { threads: 1 });
  if (!lake.tables().includes("conn")) return [];
  const rows = await lake.sql<{ uid: "string" }>("SELECT uid FROM conn").rows();
  const found = await lake.search("").rows();
  const numbers = (all: readonly Readonly<Record<string, unknown>>[]) =>
    all.map(({ uid }) => Number(String(uid).slice(1))).sort((a, b) => a - b);
  assert.deepEqual(numbers(found), numbers(rows));
  assert.equal(await lake.table("dead_letters").count(), 0);
  return numbers(rows);
}

test("a follow ingest killed at any step has lost and doubled nothing once it has run again", async (context) => {
  const root = await mkdtemp(join(tmpdir(), "soclab-follow-kill-"));
  context.after(() => rm(root, { recursive: true, force: true }));
  const start = async (name: string) => {
    await mkdir(join(root, name, "logs"), { recursive: true });
    return join(root, name);
  };
  const all = Array.from({ length: lineCount }, (_, i) => i);
  const whole = await start("whole");
  const steps = (await follow(whole, 0))!;
  assert.deepEqual(await linesIn(join(whole, "lake")), all);
  const files = readdirSync(join(whole, "lake"), { recursive: true, encoding: "utf8" });
  const commits = files.filter((path) => path.endsWith(".json") && path.startsWith("_commits")).length;
  assert.ok(files.filter((path) => path.endsWith(".parquet")).length < commits - 15, "files were merged");
  const seed = Number(process.env.SOCLAB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const kills = Number(process.env.SOCLAB_TEST_KILLS ?? 5);
  context.diagnostic(`seed ${seed}, ${kills} kills among ${steps} steps`);
  const random = createRandom(seed);
  for (let i = 0; i < kills; i++) {
    const place = await start(`killed-${i}`);
    // Killed up to twice, so that a kill also meets what a kill has left.
    for (let again = 0; again < 2; again++) {
      const killAt = 1 + Math.floor(random.next() * steps);
      const isKilled = (await follow(place, killAt)) === undefined;
      const lines = await linesIn(join(place, "lake"));
      assert.deepEqual(lines, all.slice(0, lines.length), `seed ${seed}, kill ${i}.${again} at step ${killAt}: a gap or a double`);
      if (!isKilled) break;
    }
    assert.ok((await follow(place, 0)) !== undefined);
    assert.deepEqual(await linesIn(join(place, "lake")), all, `seed ${seed}, kill ${i}`);
  }
});
