import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { openLake, openLakeWriter, SearchIndexer } from "../../../src/lake/index.ts";
import { bloomFilter, bucketBytes, bucketOf, mayHold } from "../../../src/lake/search/index/bloom-filter.ts";
import { buildIndex } from "../../../src/lake/search/index/build-index.ts";
import { isIndexedWord, keyOf, wordSeed } from "../../../src/lake/search/index/key-hash.ts";
import { addWords } from "../../../src/lake/search/index/key-scanner.ts";
import { KeySet } from "../../../src/lake/search/index/key-set.ts";
import { DuckDb } from "../../../src/table/index.ts";
import { batchOf, temporaryLake } from "../fixture.ts";

function holds(keys: KeySet, text: string): boolean {
  const filter = bloomFilter(keys);
  const key = keyOf(text, wordSeed);
  return mayHold(new DataView(filter.buffer), bucketBytes * bucketOf(key.high, filter.length / 8), key);
}

test("a filter holds all of its keys, and of a hundred others not one more than it says", () => {
  const keys = new KeySet(1_000_000);
  for (let i = 0; i < 50_000; i++) {
    const { high, low } = keyOf(`word${i}`, wordSeed);
    keys.add(high, low);
  }
  assert.equal(keys.size, 50_000);
  const filter = bloomFilter(keys);
  const view = new DataView(filter.buffer);
  const has = (text: string) => {
    const key = keyOf(text, wordSeed);
    return mayHold(view, bucketBytes * bucketOf(key.high, filter.length / 8), key);
  };
  let wrong = 0;
  for (let i = 0; i < 50_000; i++) {
    assert.ok(has(`word${i}`));
    if (has(`other${i}`)) wrong++;
  }
  assert.ok(wrong < 500, `${wrong} of 50,000`);
});

test("every word of any record is among the keys, in lower case", () => {
  const record = fc.array(
    fc.constantFrom("Evil", "a", "ab_1", "10", "1234567", " ", "\t", '"', "é", "\u212aelvin", "\u0130x", "\x00", "日本"),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      fc.array(
        record.map((parts) => parts.join("")),
        { maxLength: 5 },
      ),
      (records) => {
        const keys = new KeySet(1_000);
        const parts = records.map((text) => Buffer.from(text));
        const offsets = new Float64Array(parts.length + 1);
        for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
        addWords(Buffer.concat(parts), offsets, 0, parts.length, keys);
        for (const text of records) {
          const lower = text.replaceAll("\u212a", "k").replaceAll("\u0130", "i").toLowerCase();
          for (const [word] of lower.matchAll(/[0-9a-z_\u0080-\u{10ffff}]+/gu))
            if (/^\w+$/.test(word) && isIndexedWord(word)) assert.ok(holds(keys, word), `${word} of ${JSON.stringify(text)}`);
        }
      },
    ),
  );
});

const records = [
  Buffer.from("plain Evil.example.com GET"),
  Buffer.from("\u212aelvin \u0130stanbul éCOLE"),
  Buffer.concat([Buffer.from("tab\tseparated\t"), Buffer.from([0xff, 0xfe]), Buffer.from("\tbroken 'quote' \"x\" back\\slash")]),
  Buffer.from([0, 1, 2, 0x80, 0xff]),
  Buffer.from(""),
];

test("words are found with an index and without, also in records that are not UTF-8", async (context) => {
  const engine = new DuckDb({ threads: 1 });
  context.after(() => engine.close());
  for (const isIndexed of [false, true]) {
    const directory = temporaryLake(context);
    const buildSearch = async (file: { columns: Parameters<typeof buildIndex>[1] }, dataPath: string, indexPath: string) => {
      await buildIndex(engine, file.columns, dataPath, indexPath, 2);
      return true;
    };
    await using writer = await openLakeWriter(directory, isIndexed ? { buildSearch } : {});
    const ts = records.map((_, i) => new Date(Date.UTC(2022, 5, 1, 0, 0, i)));
    await writer.append(batchOf({ ts: ["timestamp", ts], id_orig_h: ["string", records.map((_, i) => `10.0.0.${i}`)] }, { raw: records }));
    await writer.commit();
    await using lake = openLake(directory);
    const find = async (query: string) => (await lake.search(query).rows()).map(({ ip_src_addr }) => Number(ip_src_addr!.split(".")[3]));
    const expected: [string, number[]][] = [
      ["evil.EXAMPLE.com", [0]],
      ["vil", []],
      ["kelvin", [1]],
      ["école", [1]],
      ["ÉCOLE", [1]],
      ["separated", [2]],
      ["tab separated", [2]],
      ["broken", [2]],
      ['"\'quote\' \\"x\\""', [2]],
      ['"back\\slash"', [2]],
      ["10.0.0.3", [3]],
      ["dst:10.0.0.3", []],
      ["src:(10.0.0.3 OR 10.0.0.0)", [3, 0]],
      ["nothing", []],
      ["NOT nothing", [4, 3, 2, 1, 0]],
    ];
    for (const [query, rows] of expected) assert.deepEqual(await find(query), rows, `${query}, index: ${isIndexed}`);
  }
});

test("an index that is damaged or gone costs time and no hit", async (context) => {
  const directory = temporaryLake(context);
  const engine = new DuckDb({ threads: 1 });
  context.after(() => engine.close());
  const buildSearch = async (file: { columns: Parameters<typeof buildIndex>[1] }, dataPath: string, indexPath: string) => {
    await buildIndex(engine, file.columns, dataPath, indexPath);
    return true;
  };
  const writer = await openLakeWriter(directory, { buildSearch });
  await writer.append(batchOf({ ts: ["timestamp", [new Date(0)]], id_orig_h: ["string", ["10.0.0.1"]] }, { raw: [Buffer.from("needle")] }));
  await writer.commit();
  await writer.close();
  const [name] = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".search"));
  const path = join(directory, name!);
  const whole = await readFile(path);
  const damaged = [
    whole.subarray(0, 5),
    whole.subarray(0, -4),
    Buffer.alloc(whole.length),
    Buffer.concat([whole.subarray(0, 12), Buffer.alloc(whole.length - 12, "{")]),
  ];
  for (const bytes of [whole, ...damaged]) {
    await writeFile(path, bytes);
    await using lake = openLake(directory);
    assert.equal((await lake.search("needle").rows()).length, 1);
    assert.equal(await lake.search("other").count(), 0);
  }
});

test("files that came without an index are given one, small ones are not", async (context) => {
  const directory = temporaryLake(context);
  await using indexer = new SearchIndexer();
  await using writer = await openLakeWriter(directory, { buildSearch: indexer.build });
  indexer.isPaused = true;
  const numbers = Array.from({ length: 25_000 }, (_, i) => i);
  const column = (day: number, count: number) => numbers.slice(0, count).map((i) => new Date(Date.UTC(2022, 5, day) + i));
  await writer.append(batchOf({ ts: ["timestamp", column(1, 25_000)], uid: ["string", numbers.map((i) => `C${i}`)] }));
  await writer.append(
    batchOf({ ts: ["timestamp", column(2, 10)], uid: ["string", numbers.slice(0, 10).map((i) => `D${i}`)] }, { first: 30_000 }),
  );
  await writer.commit();
  await using lake = openLake(directory);
  const before = await lake.search("uid:C777 OR D3").rows();
  assert.equal(await indexer.complete(writer), 1);
  assert.deepEqual(
    lake
      .files("conn")
      .map(({ search }) => search !== undefined)
      .sort(),
    [false, true],
  );
  assert.deepEqual(await lake.search("uid:C777 OR D3").rows(), before);
  assert.equal(before.length, 1);
  assert.equal(await indexer.complete(writer), 0);
});
