import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const log = join(folder, "device.log");
await writeFile(log, "Dec 31 23:30:00 gate app: still up\n");
const times = ["--zone", "Europe/Berlin", "--reference-time", "2017-01-02"];
const expected = Date.UTC(2016, 11, 31, 22, 30);

test("parse reads times without zone and year as it is told", async () => {
  const { out } = await soclab(["parse", "--feed", "syslog", ...times, log]);
  assert.equal(ndjson(out)[0]!.timestamp, expected);
});

test("so does ingest, at once and following", async () => {
  for (const [name, follow] of [
    ["once", []],
    ["followed", ["--follow", "--idle-exit", "0"]],
  ] as const) {
    const lake = join(folder, name);
    const ingest = await soclab(["ingest", "--lake", lake, "--feed", "syslog", "--no-enrich", ...times, ...follow, log]);
    assert.equal(ingest.code, 0, ingest.err);
    const { out } = await soclab(["sql", "--lake", lake, "--json", 'SELECT epoch_ms("timestamp") AS t FROM syslog']);
    assert.equal(Number(ndjson(out)[0]!.t), expected, name);
  }
});

test("a zone or a time that is none is refused before anything is read", async () => {
  for (const wrong of [
    ["--zone", "Europa/Berlin"],
    ["--reference-time", "soon"],
  ]) {
    for (const command of [["parse"], ["ingest", "--lake", join(folder, "none")]]) {
      const { code, err } = await soclab([...command, "--feed", "syslog", ...wrong, log]);
      assert.equal(code, 2);
      assert.match(err, /SOCLAB_INVALID_VALUE.*(Europa\/Berlin|soon)/);
    }
  }
});
