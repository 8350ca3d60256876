import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/core/index.ts";
import { PairTable } from "../../src/features/pair-table.ts";

test("pairs stay found while others come, are touched, expire and their places are used again", () => {
  const random = createRandom(11);
  const released: number[] = [];
  const table = new PairTable((key) => released.push(key));
  table.reserve(40);
  const twin = Array.from({ length: 40 }, () => new Map<number, number>());
  let gone = 0;
  for (let mark = 0; mark < 60_000; mark++) {
    const entity = random.below(40);
    const key = random.below(300);
    const pairs = twin[entity]!;
    assert.equal(table.touch(entity, key, mark), !pairs.has(key));
    pairs.delete(key); // a Map keeps the order of insertion, the table that of the last touch
    pairs.set(key, mark);
    if (random.below(3) === 0) {
      const last = mark - 4000;
      table.expire(entity, last);
      for (const [old, at] of pairs) if (at <= last && pairs.delete(old)) gone += 1;
    }
    assert.equal(table.counts[entity], pairs.size);
    const asked = random.below(300);
    assert.equal(table.markOf(entity, asked), pairs.get(asked));
  }
  assert.equal(released.length, gone);
  for (const [entity, pairs] of twin.entries()) {
    const seen: [number, number][] = [];
    table.forEach(entity, (key, mark) => seen.push([key, mark]));
    assert.deepEqual(seen, [...pairs]);
  }
});
