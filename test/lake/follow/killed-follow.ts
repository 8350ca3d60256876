import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/**
 * A follow ingest that kills its own process at the n-th step that it takes on the file system, while the file that it follows grows and is
 * rotated. Arguments: the lake, the folder of logs, n (0: never). Writes the number of steps.
 */
const [directory, logs, killAt] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4])];
const lineCount = 400;
const rotateAt = 270;
const header = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tconn"];
header.push("#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto", "#types\ttime\tstring\taddr\tport\taddr\tport\tenum");
const line = (i: number) => `${1_655_000_000 + i}.000000\tC${i}\t10.0.0.${i % 250}\t${1000 + i}\t192.0.2.1\t443\ttcp\n`;

const current = join(logs, "conn.log");
const rotated = join(logs, "conn.1.log");
const linesOf = (path: string) =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((text) => text !== "" && !text.startsWith("#")).length
    : 0;
let written = linesOf(current) + linesOf(rotated);
if (!existsSync(current)) writeFileSync(current, `${header.join("\n")}\n`);

function grow(): void {
  if (written >= lineCount) return;
  if (written >= rotateAt && !existsSync(rotated)) {
    renameSync(current, rotated);
    writeFileSync(current, `${header.join("\n")}\n`);
  }
  const end = Math.min(lineCount, written + 10);
  let text = "";
  while (written < end) text += line(written++);
  appendFileSync(current, text);
}

let steps = 0;
function step(): void {
  if (++steps === killAt) process.kill(process.pid, "SIGKILL");
}
type Step = (...values: unknown[]) => Promise<unknown>;
for (const name of ["open", "link", "unlink", "rename", "mkdir", "rm", "writeFile"] as const) {
  const original: Step = fs[name] as Step;
  const replaced: Step = async (...values) => {
    step();
    const result = await original(...values);
    step();
    // A commit is linked into the log: time for more to commit.
    if (name === "link") grow();
    return result;
  };
  Object.defineProperty(fs, name, { value: replaced });
}
syncBuiltinESMExports();

const { followIngest, openLakeWriter } = await import("../../../src/lake/index.ts");
const writer = await openLakeWriter(directory, { threads: 1, keepRemovedMs: 0 });
grow();
await followIngest(writer, { feed: "zeek", paths: [logs], idleExitMs: 600, commitMs: 1 });
await writer.close();
console.log(String(steps));
