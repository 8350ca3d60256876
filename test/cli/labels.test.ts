import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { zeekLog } from "../ingest/parse.ts";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-labels-"));
after(() => rm(folder, { recursive: true }));

test("labels are added, tagged and listed from the command line", async () => {
  const lake = join(folder, "lake");
  const log = zeekLog("conn", { ts: "time", "id.orig_h": "addr", orig_bytes: "count" }, [
    ["1655071198.5", "10.0.0.1", "5"],
    ["1655071199.5", "10.0.0.2", "500"],
  ]);
  await soclab(["ingest", "--lake", lake, "--feed", "zeek", "--no-enrich", "-", "--json"], log);
  const file = join(folder, "labels.csv");
  await writeFile(file, "column,value,label\naddress,10.0.0.1,benign\n");
  const added = await soclab(["labels", "add", file, "--lake", lake, "--known-at", "2022-07-01", "--json"]);
  assert.deepEqual(JSON.parse(added.out), { labels: 1, duplicates: 0 });
  const tagged = await soclab(["labels", "tag", "large", "--lake", lake, "--table", "-", "--where", "TRUE", "--by", "ada"]);
  assert.equal(tagged.code, 2);
  const again = await soclab([
    "labels",
    "tag",
    "large",
    "--lake",
    lake,
    "--table",
    "conn",
    "--where",
    "orig_bytes > 100",
    "--by",
    "ada",
    "--known-at",
    "2022-07-02",
  ]);
  assert.match(again.err, /the condition finds 1 events/);
  const listed = await soclab(["labels", "list", "--lake", lake, "--table", "conn", "--json"]);
  assert.deepEqual(
    ndjson(listed.out).map(({ label, tag, source }) => [label, tag, source]),
    [
      [null, "large", "tag:ada"],
      ["benign", null, "label-file:labels.csv"],
    ],
  );
  const before = await soclab(["labels", "list", "--lake", lake, "--table", "conn", "--known-before", "2022-07-02", "--json"]);
  assert.equal(ndjson(before.out).length, 1);
});
