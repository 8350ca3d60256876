import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openAlertIndex } from "../../src/alerts/index.ts";
import { createRandom } from "../../src/core/index.ts";
import { laterLines, makeWorld, zeekDir } from "./world.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-kill-"));
after(() => rm(folder, { recursive: true }));

const kills = 6;

/** The later day many times over, each time three days on, with a broken record now and then. */
async function longLog(path: string, rounds: number): Promise<void> {
  const { header, records } = await laterLines();
  const out = [...header];
  for (let round = 0; round < rounds; round++) {
    for (const [i, record] of records.entries()) {
      const tab = record.indexOf("\t");
      if (i % 1_500 === 700) out.push(`broken ${round} ${i}`);
      out.push(`${(Number(record.slice(0, tab)) + round * 259_200).toFixed(6)}${record.slice(tab)}`);
    }
  }
  await writeFile(path, `${out.join("\n")}\n`, "latin1");
}

function score(world: { registryDir: string; lakeDir: string }, index: string, logs: readonly string[]) {
  const script = join(import.meta.dirname, "..", "..", "bin", "soclab.mjs");
  const args = [
    "score",
    "--model",
    "conn@1",
    "--registry",
    world.registryDir,
    "--lake",
    world.lakeDir,
    "--index",
    index,
    "--follow",
    ...logs,
  ];
  const child = spawn(process.execPath, [script, ...args, "--min-relevance", "99", "--idle-exit", "0", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, ended, output: () => out };
}

async function fingerprint(dir: string): Promise<{ hash: string; deadLetters: string }> {
  await using index = openAlertIndex(dir, { readOnly: true });
  return { hash: await index.contentHash(), deadLetters: await readFile(join(dir, "conn.dead-letters.ndjson"), "utf8") };
}

test("killed again and again and started again, the scorer ends with the index of an undisturbed run", async () => {
  const world = await makeWorld(folder);
  const long = join(folder, "conn.log");
  await longLog(long, 8);
  const logs = [long, join(zeekDir("147.32.83.234", "2022-06-14"), "notice.log.labeled")];
  const calm = join(folder, "calm");
  const undisturbed = score(world, calm, logs);
  assert.equal(await undisturbed.ended, 0);
  const expected = JSON.parse(undisturbed.output());
  assert.equal(expected.closed, true);
  assert.ok(expected.alerts > 1_000 && expected.deadLetters === 8 * 4, undisturbed.output());

  const random = createRandom(Date.now());
  const rough = join(folder, "rough");
  let killed = 0;
  for (; killed < kills; ) {
    const run = score(world, rough, logs);
    const before = await checkpointTime(rough);
    let over = false;
    void run.ended.then(() => {
      over = true;
    });
    // Somewhere after the first sign of progress, or, every third time, before it.
    if (killed % 3 !== 2) while (!over && (await checkpointTime(rough)) === before) await sleep(5);
    await sleep(random.below(400));
    run.child.kill("SIGKILL");
    if ((await run.ended) === 0) break;
    killed++;
  }
  assert.ok(killed >= 2, `only ${killed} kills came before the end`);
  const last = score(world, rough, logs);
  assert.equal(await last.ended, 0);
  assert.deepEqual(JSON.parse(last.output()), expected);
  assert.deepEqual(await fingerprint(rough), await fingerprint(calm));
  assert.deepEqual(
    (await readdir(rough)).filter((name) => name.endsWith(".new")),
    [],
  );
});

async function checkpointTime(dir: string): Promise<number> {
  return stat(join(dir, "conn.checkpoint")).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
