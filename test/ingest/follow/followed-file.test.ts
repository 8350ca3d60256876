import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { eventToJson } from "../../../src/event/index.ts";
import { findSources } from "../../../src/ingest/follow/find-sources.ts";
import { FollowedFile } from "../../../src/ingest/follow/followed-file.ts";
import { zeekLog } from "../parse.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-file-source-"));
after(() => rm(folder, { recursive: true }));

const types = { ts: "time", uid: "string", n: "count" };
const row = (n: number) => [`${1_655_000_000 + n}.25`, `C${n}`, String(n)];

async function readNow(source: FollowedFile): Promise<{ ns: unknown[]; ids: unknown[]; codes: string[] }> {
  const ns: unknown[] = [];
  const ids: unknown[] = [];
  const codes: string[] = [];
  for (let read = await source.read(); read.state === "data"; read = await source.read()) {
    for (const batch of read.output.batches) {
      for (let i = 0; i < batch.length; i++) {
        const event = eventToJson(batch, i);
        ns.push(event.n);
        ids.push(event.event_id);
      }
    }
    codes.push(...read.output.deadLetters.map(({ code }) => code));
  }
  return { ns, ids, codes };
}

test("what is appended is read, and half a line waits for its end", async () => {
  const path = join(folder, "a.log");
  await writeFile(path, zeekLog("x", types, [row(1)]));
  const { source } = await FollowedFile.open(path, "zeek");
  assert.deepEqual((await readNow(source)).ns, [1]);
  const line = `${row(2).join("\t")}\n`;
  await appendFile(path, line.slice(0, 9));
  assert.deepEqual((await readNow(source)).ns, []);
  await appendFile(path, line.slice(9));
  assert.deepEqual((await readNow(source)).ns, [2]);
  await source.close();
});

for (const [how, replace] of [
  ["rotated", async (path: string) => rename(path, `${path}.1`)],
  ["truncated", async (path: string) => truncate(path, 0)],
] as const) {
  test(`a ${how} file is over, what was left of it included; its successor is a source of its own`, async () => {
    const path = join(folder, `${how}.log`);
    const log = zeekLog("x", types, [row(1), row(2)]);
    await writeFile(path, log.trimEnd());
    const { source } = await FollowedFile.open(path, "zeek");
    const before = await readNow(source);
    await replace(path);
    await appendFile(path, zeekLog("x", types, [row(3)]));
    const rest = await source.read();
    assert.ok(rest.state === "rotated");
    assert.equal(before.ns.length + rest.output.records, 2);
    assert.equal((await source.read()).state, "done");
    await source.close();
    const next = await FollowedFile.open(path, "zeek");
    const after = await readNow(next.source);
    assert.deepEqual(after.ns, [3]);
    assert.ok(!before.ids.includes(after.ids[0]));
    await next.source.close();
  });
}

for (const [kind, pack] of [
  ["plain", (text: string) => Buffer.from(text)],
  ["gzip", (text: string) => gzipSync(text)],
] as const) {
  test(`a ${kind} file goes on where its state says, with the same ids`, async () => {
    const path = join(folder, `d-${kind}`);
    const rows = Array.from({ length: 30_000 }, (_, n) => row(n));
    await writeFile(path, pack(zeekLog("x", types, rows)));
    const undisturbed = await FollowedFile.open(path, "zeek");
    const whole = await readNow(undisturbed.source);
    await undisturbed.source.close();
    const { source } = await FollowedFile.open(path, "zeek");
    const first = await source.read();
    assert.ok(first.state === "data");
    const state = JSON.parse(JSON.stringify(source.state));
    await source.close();
    const { source: second, resumed } = await FollowedFile.open(path, "zeek", { state });
    assert.equal(resumed, true);
    const rest = await readNow(second);
    assert.ok(rest.ids.length > 0 && rest.ids.length < 30_000);
    assert.deepEqual(rest.ids, whole.ids.slice(-rest.ids.length));
    assert.equal(rest.ids.length + first.output.records, 30_000);
    await second.close();
  });
}

test("a state of a file that has been replaced is not used", async () => {
  const path = join(folder, "e.log");
  await writeFile(path, zeekLog("x", types, [row(1), row(2)]));
  const { source } = await FollowedFile.open(path, "zeek");
  await readNow(source);
  const state = source.state;
  await source.close();
  await writeFile(path, zeekLog("x", types, [row(7)]));
  const { source: second, resumed } = await FollowedFile.open(path, "zeek", { state });
  assert.equal(resumed, false);
  assert.deepEqual((await readNow(second)).ns, [7]);
  await second.close();
});

test("sources are found by what the files hold", async () => {
  const logs = join(folder, "logs");
  await rm(logs, { recursive: true, force: true });
  await mkdir(join(logs, "host"), { recursive: true });
  await writeFile(join(logs, "host", "conn.log.gz"), gzipSync(zeekLog("conn", types, [row(1)])));
  await writeFile(join(logs, "eve.json"), '{"timestamp":"2021-06-06T15:59:46Z","event_type":"flow"}\n');
  await writeFile(join(logs, "zeek.json"), '{"_path":"conn","ts":1.5}\n');
  await writeFile(join(logs, "README.md"), "# Logs\n");
  const found = await findSources(logs);
  assert.deepEqual(
    found.map(({ path, feed }) => [path.slice(logs.length + 1), feed]),
    [
      ["eve.json", "suricata"],
      ["host/conn.log.gz", "zeek"],
      ["zeek.json", "zeek"],
    ],
  );
  await assert.rejects(findSources(join(folder, "nowhere")), /SOCLAB_NOT_FOUND/);
});
