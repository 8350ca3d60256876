import assert from "node:assert/strict";
import { test } from "node:test";
import { feeds } from "../../src/ingest/index.ts";
import { corpora, zeekTsv } from "./corpus.ts";
import { fuzzFeed } from "./fuzz-feed.ts";
import { mutated } from "./mutate.ts";

/** For a long run: `npm run fuzz -- --records 10000000`. */
const records = 4000;
const seed = Number(process.env.SOCLAB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

test("every feed has real records to be mutated", () => {
  assert.deepEqual(
    feeds.map(({ name }) => name).filter((name) => (corpora.find(({ feed }) => feed.name === name)?.records.length ?? 0) === 0),
    [],
  );
});

test("a seed and a place make the same mutant again", () => {
  assert.equal(mutated(zeekTsv.records, 7, 99), mutated(zeekTsv.records, 7, 99));
  assert.notEqual(mutated(zeekTsv.records, 7, 99), mutated(zeekTsv.records, 8, 99));
});

for (const corpus of [...corpora, zeekTsv])
  test(`${corpus.feed.name}${corpus === zeekTsv ? ", TSV" : ""}: no mutated record crashes, gets lost, is slow or makes memory grow`, (context) => {
    context.diagnostic(`seed ${seed}`);
    const report = fuzzFeed(corpus, { seed, records });
    assert.equal(report.records, report.events + report.deadLetters);
    assert.ok(report.events > 0 && report.deadLetters >= 0);
  });
