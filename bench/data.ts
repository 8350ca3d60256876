import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
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

/**
 * The shipped EVE records, repeated with shifted times, flow ids of their own and other source ports until there are `rowCount`, all within the
 * sample's own days; a file, made once.
 */
export function eveLog(rowCount: number): string {
  const folder = join(root, ".soclab", "bench");
  const path = join(folder, `eve-${rowCount}.json`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const records = gunzipSync(readFileSync(join(root, "datasets", "suricata", "eve.json.gz")))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  const out = openSync(path, "w");
  for (let row = 0; row < rowCount; ) {
    const lines: string[] = [];
    for (const record of records) {
      if (row >= rowCount) break;
      const second = String(row % 60).padStart(2, "0");
      const moved = record
        .replace(/("timestamp":"[^"]{17})\d\d/, `$1${second}`)
        .replace(/("flow_id":\d{8})\d*/, `$1${String(row).padStart(8, "0")}`)
        .replace(/("src_port":)\d+/, `$1${1024 + ((row * 7919) % 64_000)}`);
      lines.push(moved);
      row++;
    }
    writeSync(out, `${lines.join("\n")}\n`);
  }
  closeSync(out);
  return path;
}

/** The sample of ASA messages, repeated with the last part of each address and each port of its own until there are `rowCount`; a file, made once. */
export function asaLog(rowCount: number): string {
  const folder = join(root, ".soclab", "bench");
  const path = join(folder, `asa-${rowCount}.log`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const sample = readFileSync(join(root, "test", "ingest", "fixtures", "samples", "asa.log"), "latin1")
    .trimEnd()
    .split("\n");
  const lines = Array.from({ length: rowCount }, (_, row) =>
    sample[row % sample.length]!.replace(/(\d+\.\d+\.\d+\.)\d+\/\d+/g, (_, net) => `${net}${row % 251}/${1024 + ((row * 7919) % 64_000)}`),
  );
  writeFileSync(path, `${lines.join("\n")}\n`, "latin1");
  return path;
}

function split(line: string): [ts: string, uid: string, rest: string] {
  const first = line.indexOf("\t");
  const second = line.indexOf("\t", first + 1);
  return [line.slice(0, first), line.slice(first + 1, second), line.slice(second + 1)];
}
