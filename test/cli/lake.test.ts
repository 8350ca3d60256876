import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ndjson, script, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const lake = join(folder, "lake");
const log = join(folder, "odd.log");
const records = [
  Buffer.from("<34>Oct 11 22:14:15 gate su: plain"),
  Buffer.concat([Buffer.from("<34>Oct 11 22:14:16 gate su: "), Buffer.from([0xff, 0xfe, 0x00, 0x80]), Buffer.from(" no UTF-8")]),
  Buffer.from("<34>Oct 11 22:14:17 gate su: ünïcode\ttab  two spaces "),
];
await writeFile(log, Buffer.concat(records.flatMap((record, i) => [record, Buffer.from(i === 0 ? "\r\n" : "\n")])));
const ingest = await soclab(["ingest", "--lake", lake, "--feed", "syslog", "--no-enrich", log]);
assert.equal(ingest.code, 0, ingest.err);
const { out } = await soclab(["sql", "--lake", lake, "--json", 'SELECT event_id FROM syslog ORDER BY "timestamp"']);
const ids = ndjson(out).map(({ event_id }) => String(event_id));

test("raw gives a record's own bytes and nothing else", async () => {
  const seen = ids.map((id) => spawnSync(process.execPath, [script, "lake", "raw", "--lake", lake, id]).stdout);
  assert.deepEqual(seen.slice(1), records.slice(1));
  assert.equal(seen[0]!.toString().trimEnd(), records[0]!.toString());
  const about = await soclab(["lake", "raw", "--lake", lake, "--json", ids[1]!]);
  const [document] = ndjson(about.out);
  assert.equal(document!.source, log);
  assert.equal(document!.offset, records[0]!.length + 2);
  assert.equal(document!.sha256, createHash("sha256").update(records[1]!).digest("hex"));
  assert.deepEqual(Buffer.from(String(document!.raw_base64), "base64"), records[1]);
  const shown = await soclab(["lake", "raw", "--lake", lake, "--about", ids[2]!]);
  assert.match(shown.out, /raw {9}<34>Oct 11 22:14:17 gate su: ünïcode→tab/);
});

test("a search gives the raw records, newest first, byte for byte", async () => {
  const { stdout, status } = spawnSync(process.execPath, [script, "search", "--lake", lake, "--raw", "gate"]);
  assert.equal(status, 0);
  assert.deepEqual(stdout, Buffer.concat(records.toReversed().flatMap((record) => [record, Buffer.from("\n")])));
  const both = await soclab(["search", "--lake", lake, "--raw", "--json", "gate"]);
  assert.notEqual(both.code, 0);
  assert.match(`${both.out}${both.err}`, /--raw gives bytes and cannot be joined with --json/);
});

test("an id that is none or is not there is refused with a hint", async () => {
  const wrong = await soclab(["lake", "raw", "--lake", lake, "12"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /expected 32 hexadecimal digits/);
  const unknown = await soclab(["lake", "raw", "--lake", lake, "0".repeat(32)]);
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /SOCLAB_NOT_FOUND.*has no event/);
});

test("info tells what is in a lake, head what it stands at", async () => {
  const [info] = ndjson((await soclab(["lake", "info", "--lake", lake, "--json"])).out);
  assert.equal(info!.commits, 1);
  const [table] = info!.tables as Record<string, unknown>[];
  assert.deepEqual([table!.table, table!.rows, table!.days, table!.indexedRows], ["syslog", 3, 1, 0]);
  assert.match((await soclab(["lake", "info", "--lake", lake])).out, /syslog +3 +1 +1 +[\d.]+ kB/);
  assert.equal((await soclab(["lake", "head", "--lake", lake])).out.trim(), info!.head);
});

test("verify exits 0 for a lake as it was written, and 1 naming what was changed", async () => {
  const good = await soclab(["lake", "verify", "--lake", lake, "--records"]);
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /1 commits, 1 files with 3 rows.*all as they were written/);
  const head = (await soclab(["lake", "head", "--lake", lake])).out.trim();
  const anchored = await soclab(["lake", "verify", "--lake", lake, "--head", head, "--json"]);
  assert.deepEqual([anchored.code, ndjson(anchored.out)[0]!.headCommit], [0, 1]);

  const files = await readdir(lake, { recursive: true });
  const path = join(lake, files.find((file) => file.endsWith(".parquet"))!);
  const bytes = await readFile(path);
  bytes[Math.floor(bytes.length / 2)]! ^= 4;
  await writeFile(path, bytes);
  const bad = await soclab(["lake", "verify", "--lake", lake]);
  assert.equal(bad.code, 1);
  assert.match(bad.out, /changed-file +syslog\/day=\S+: its SHA-256 is .*3 rows of syslog/);
  assert.match(bad.err, /SOCLAB_INVALID_FILE/);
  const json = await soclab(["lake", "verify", "--lake", lake, "--json"]);
  const [report] = ndjson(json.out);
  assert.deepEqual([json.code, report!.ok], [1, false]);
  assert.equal(JSON.parse(json.err).error.code, "SOCLAB_INVALID_FILE");
});
