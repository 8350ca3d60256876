import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Lake, type LakeFile, openLake, openLakeWriter, type SearchBuilder } from "../../../src/lake/index.ts";
import { buildIndex } from "../../../src/lake/search/index/build-index.ts";
import { constant, identifier } from "../../../src/sql/index.ts";
import { DuckDb } from "../../../src/table/index.ts";
import { connections, temporaryLake } from "../fixture.ts";

const everyMs = 60_000;
const queries = ["", "record", '"record 17"', "src_port:>0", "NOT record", "nowhere"];

async function answers(lake: Lake): Promise<unknown[]> {
  const ids = async (query: string) => (await lake.search(query).rows()).map(({ event_id }) => event_id);
  return Promise.all(queries.map(ids));
}

for (const isIndexed of [false, true]) {
  test(`a search finds the same once files are replaced, and nothing of files that are removed, index: ${isIndexed}`, async (context) => {
    const engine = new DuckDb({ threads: 1 });
    context.after(() => engine.close());
    const buildSearch: SearchBuilder = async (file, dataPath, indexPath) => {
      await buildIndex(engine, file.columns, dataPath, indexPath, 4);
      return true;
    };
    const directory = temporaryLake(context);
    await using writer = await openLakeWriter(directory, { keepRemovedMs: 0, ...(isIndexed ? { buildSearch } : {}) });
    for (const first of [0, 10, 20]) {
      await writer.append(connections(10, { first, everyMs }));
      await writer.commit();
    }
    await using lake = openLake(directory);
    const before = await answers(lake);
    assert.equal(await lake.search("").count(), 30);
    assert.equal(await lake.search('"record 17"').count(), 1);
    const old = writer.files("conn");
    const [{ table, columns, path }] = old as [LakeFile];
    const paths = old.map((file) => join(directory, file.path));
    const pages = lake.search("record", { limit: 30 }).hits();
    const first = await pages.next();
    await writer.replace({
      remove: old,
      reason: "compaction",
      add: [
        {
          table,
          day: /day=([^/]+)/.exec(path)?.[1],
          sql: `SELECT ${Object.keys(columns).map(identifier).join(", ")} FROM read_parquet(${constant(paths)}, hive_partitioning = false) ORDER BY "timestamp", event_id`,
          columns,
          sources: old.flatMap(({ sources }) => sources),
        },
      ],
    });
    for (const { path, search } of old)
      for (const gone of search ? [path, search.path] : [path]) assert.ok(!existsSync(join(directory, gone)), gone);
    assert.equal(lake.files("conn").length, 1);
    assert.equal(lake.files("conn")[0]!.search !== undefined, isIndexed);
    assert.deepEqual(await answers(lake), before);
    const seen = [first.value!.event.event_id, ...(await Array.fromAsync(pages, ({ event }) => event.event_id))];
    assert.deepEqual(seen, before[1], "a search that began before the files were replaced goes on");
    await writer.replace({ remove: writer.files("conn"), reason: "retention" });
    assert.equal(await lake.search("").count(), 0);
    assert.deepEqual(await lake.search('"record 17"').rows(), []);
  });
}
