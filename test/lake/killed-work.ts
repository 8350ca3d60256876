import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/**
 * Work on a lake that kills its own process, with no chance to clean up, at the n-th step it takes on the file system: before the step where n is
 * odd, after it where n is even. Arguments: the lake, the work, n (0: never). Writes the steps it took, one a line.
 */
const [directory, work, killAt] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4])];
const steps: string[] = [];

function step(name: string): void {
  steps.push(name);
  if (steps.length === killAt) process.kill(process.pid, "SIGKILL");
}

type Step = (...values: unknown[]) => Promise<unknown>;
for (const name of ["open", "link", "unlink", "rename", "mkdir", "rm", "stat"] as const) {
  const original: Step = fs[name] as Step;
  const replaced: Step = async (...values) => {
    step(`before ${name} ${values.join(" ")}`);
    const result = await original(...values);
    step(`after ${name} ${values.join(" ")}`);
    return result;
  };
  Object.defineProperty(fs, name, { value: replaced });
}
syncBuiltinESMExports();

const { applyRetention, compactLake, openLakeWriter, retentionPolicyOf } = await import("../../src/lake/index.ts");
const { connections } = await import("./fixture.ts");

/** Three commits: 120 events of five days, three dead letters. */
async function ingest(): Promise<void> {
  await using writer = await openLakeWriter(directory, { rowsPerFile: 25, threads: 1 });
  for (const commit of [0, 1, 2]) {
    for (const batch of [0, 1]) await writer.append(connections(20, { first: commit * 40 + batch * 20, everyMs: 6 * 3_600_000 }));
    await writer.appendDeadLetters([
      {
        feed: "zeek",
        source: "conn.log",
        sourceId: "0123456789abcdef",
        offset: commit * 4000 + 50,
        code: "NOT_JSON",
        reason: "no object",
        raw: Buffer.from(`letter ${commit}`),
        context: { header: [] },
      },
    ]);
    await writer.commit();
  }
}

async function compact(): Promise<void> {
  await using writer = await openLakeWriter(directory, { threads: 1, keepRemovedMs: 0 });
  await compactLake(writer, { rowsPerFile: 40 });
}

/** Of the five days the first two go. */
async function retain(): Promise<void> {
  await using writer = await openLakeWriter(directory, { threads: 1, keepRemovedMs: 0 });
  await applyRetention(writer, retentionPolicyOf({ tables: { conn: { days: 10 } } }), { now: new Date("2022-06-13T12:00:00Z") });
}

if (work === "ingest") await ingest();
else if (work === "compact") await compact();
else await retain();
console.log(steps.join("\n"));
