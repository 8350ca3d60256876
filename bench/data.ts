import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const root = join(import.meta.dirname, "..");
/** The sample spans two days and a bit. */
const roundSeconds = 3 * 86_400;

/**
 * The shipped conn records, repeated with shifted times and fresh uids until there are `rowCount`; a file, made once. `isBusy` squeezes the
 * rounds into the sample's own days, as a sensor with so much traffic would see them; else every round has days of its own.
 */
export function connLog(rowCount: number, isBusy = false): string {
  const folder = join(root, ".soclab", "bench");
  const path = join(folder, `conn-${rowCount}${isBusy ? "-busy" : ""}.log`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const files = (readdirSync(join(root, "datasets", "zeek"), { recursive: true }) as string[])
    .filter((file) => /conn\.log.*\.gz$/.test(file))
    .sort();
  const header: string[] = [];
  const records: { ts: number; written: number; rest: string }[] = [];
  for (const [i, file] of files.entries()) {
    for (const line of gunzipSync(readFileSync(join(root, "datasets", "zeek", file)))
      .toString("latin1")
      .split("\n")) {
      if (line.startsWith("#")) {
        if (i === 0) header.push(line);
      } else if (line !== "") {
        const [ts, , rest] = split(line);
        records.push({ ts: Number(ts), written: Number(ts) + (Number(rest.split("\t")[6]) || 0), rest });
      }
    }
  }
  // Zeek writes a record when its connection ends.
  records.sort((a, b) => a.written - b.written);
  const lines = [...header];
  const first = records[0]!.ts;
  const rounds = Math.ceil(rowCount / records.length);
  for (let row = 0; row < rowCount; row++) {
    const { ts, rest } = records[row % records.length]!;
    const round = Math.floor(row / records.length);
    const shifted = isBusy ? first + (ts + round * roundSeconds - first) / rounds : ts + round * roundSeconds;
    lines.push(`${shifted.toFixed(6)}\tC${String(row).padStart(17, "0")}\t${rest}`);
  }
  writeFileSync(path, `${lines.join("\n")}\n`, "latin1");
  return path;
}

function split(line: string): [ts: string, uid: string, rest: string] {
  const first = line.indexOf("\t");
  const second = line.indexOf("\t", first + 1);
  return [line.slice(0, first), line.slice(first + 1, second), line.slice(second + 1)];
}
