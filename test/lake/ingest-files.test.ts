import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ingestFiles, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { zeekLog } from "../ingest/parse.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-ingest-"));
after(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test("every record is an event, a dead letter or there already", async () => {
  const lakeDir = join(folder, "lake");
  const log = await file(
    "x.log",
    zeekLog("x", { ts: "time", n: "count" }, [
      ["1.0", "1"],
      ["2.0", "many"],
      ["3.0", "3"],
    ]),
  );
  const ingest = async () => {
    await using writer = await openLakeWriter(lakeDir);
    const { seconds: _, ...counts } = await ingestFiles(writer, { feed: "zeek", files: [log] });
    return counts;
  };
  assert.deepEqual(await ingest(), { records: 3, events: 2, deadLetters: 1, duplicates: 0 });
  assert.deepEqual(await ingest(), { records: 3, events: 0, deadLetters: 0, duplicates: 3 });
  await writeFile(
    log,
    zeekLog("x", { ts: "time", n: "count" }, [
      ["1.0", "1"],
      ["2.0", "many"],
      ["3.0", "3"],
      ["4.0", "4"],
    ]),
  );
  assert.deepEqual(await ingest(), { records: 4, events: 1, deadLetters: 0, duplicates: 3 });
});

test("a column of another type goes beside the one there is, and the counts say where", async () => {
  const lakeDir = join(folder, "conflict");
  const good = await file("good.log", zeekLog("x", { ts: "time", n: "count" }, [["1.0", "1"]]));
  const other = await file("other.log", zeekLog("x", { ts: "time", n: "string" }, [["2.0", "b"]]));
  {
    await using writer = await openLakeWriter(lakeDir);
    const { events, warnings } = await ingestFiles(writer, { feed: "zeek", files: [good, other] });
    assert.equal(events, 2);
    assert.equal(warnings?.length, 1);
    assert.match(warnings[0]!, /^column "n" does not fit into "n" \(bigint\) of table "x" and is in "n__string"; first in .*other\.log$/);
  }
  await using lake = openLake(lakeDir);
  assert.deepEqual(await lake.sql('SELECT n, n__string FROM x ORDER BY "timestamp"').rows(), [
    { n: 1n, n__string: null },
    { n: null, n__string: "b" },
  ]);
});
