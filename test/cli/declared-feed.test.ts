import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const feed = join(folder, "shop.json");
const log = join(folder, "shop.log");
const definition = {
  name: "shop",
  kind: "grok",
  pattern: "%{TIMESTAMP_ISO8601:when} %{IP:client} bought %{WORD:item} for %{NUMBER:price:float}",
  fields: { when: { type: "timestamp", format: "iso8601" } },
  standard: { timestamp: "when", ip_src_addr: "client" },
};
await writeFile(feed, JSON.stringify(definition));
await writeFile(log, "2024-05-01T10:00:00Z 192.0.2.7 bought tea for 3.50\n2024-05-01T10:00:01Z 192.0.2.7 sold tea\n");

test("parse and ingest take a feed that a file declares; its dead letters are replayed once it is mended", async () => {
  const parsed = await soclab(["parse", "--feed", feed, log]);
  assert.equal(parsed.code, 0, parsed.err);
  const [event] = ndjson(parsed.out);
  assert.deepEqual([event!.feed, event!.ip_src_addr, event!.item, event!.price], ["shop", "192.0.2.7", "tea", 3.5]);
  const lake = join(folder, "lake");
  const counts = ndjson((await soclab(["ingest", "--lake", lake, "--feed", feed, "--no-enrich", "--json", log])).out)[0]!;
  assert.deepEqual([counts.events, counts.deadLetters], [1, 1]);

  const mended = { ...definition, pattern: [definition.pattern, "%{TIMESTAMP_ISO8601:when} %{IP:client} sold %{WORD:item}"] };
  await writeFile(feed, JSON.stringify(mended));
  const replayed = await soclab(["dead-letters", "replay", "--lake", lake, "--as", feed, "--no-enrich", "--json"]);
  assert.equal(ndjson(replayed.out)[0]!.events, 1, replayed.err);
  const { out } = await soclab(["sql", "--lake", lake, "--json", 'SELECT item, price FROM shop ORDER BY "timestamp"']);
  assert.deepEqual(ndjson(out), [
    { item: "tea", price: 3.5 },
    { item: "tea", price: null },
  ]);
  const again = ndjson((await soclab(["ingest", "--lake", lake, "--feed", feed, "--no-enrich", "--json", log])).out)[0]!;
  assert.deepEqual([again.events, again.duplicates], [0, 2]);
});

test("a definition that cannot be used is refused with the place, before anything is read", async () => {
  const bad = join(folder, "bad.json");
  await writeFile(bad, JSON.stringify({ ...definition, pattern: "(?<a>(x+)+)y" }));
  const slow = await soclab(["parse", "--feed", bad, log]);
  assert.equal(slow.code, 1);
  assert.match(slow.err, /SOCLAB_INVALID_DEFINITION: .*bad\.json: pattern: a repeated part can match the same text/);
  await writeFile(bad, "{");
  assert.match((await soclab(["ingest", "--lake", join(folder, "none"), "--feed", bad, log])).err, /bad\.json is no JSON/);
  assert.match((await soclab(["parse", "--feed", join(folder, "none.json"), log])).err, /SOCLAB_NOT_FOUND/);
});
