import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyEdits, type Edit } from "../../src/cells/edits.ts";
import { PositionMap, TextBuilder } from "../../src/cells/position-map.ts";

/** A text of distinct characters, so that each position can be told from every other. */
const distinct = fc.integer({ min: 1, max: 40 }).map((length) => String.fromCodePoint(...Array.from({ length }, (_, i) => 0x4e00 + i)));

test("every copied character is found from both sides", () => {
  fc.assert(
    fc.property(distinct, fc.array(fc.tuple(fc.nat(39), fc.nat(39), fc.string({ maxLength: 3 })), { maxLength: 6 }), (source, ranges) => {
      const builder = new TextBuilder(source);
      for (const [a, b, inserted] of ranges)
        builder.copy(Math.min(a, b, source.length), Math.min(Math.max(a, b), source.length)).insert(inserted);
      const { text, map } = builder.build();
      for (const [i, character] of [...text].entries()) {
        const at = source.indexOf(character);
        if (at < 0) continue;
        assert.equal(source[map.toSource(i)], character);
        const made = map.toMade(at);
        assert.ok(made !== undefined && text[made] === character);
      }
    }),
  );
});

test("maps follow each other", () => {
  fc.assert(
    fc.property(distinct, fc.nat(39), fc.nat(39), fc.nat(60), (source, a, b, c) => {
      const cut = Math.min(a, source.length);
      const first = new TextBuilder(source).copy(0, cut).insert("…").copy(cut, source.length).build();
      const from = Math.min(b, first.text.length);
      const to = Math.max(from, Math.min(c, first.text.length));
      const second = new TextBuilder(first.text).insert("<<").copy(from, to).insert(">>").copy(0, from).build();
      const map = first.map.followedBy(second.map);
      for (const [i, character] of [...second.text].entries())
        if (source.includes(character)) assert.equal(source[map.toSource(i)], character);
    }),
  );
});

test("inserted text stands for what follows it, and the end for the end", () => {
  const { map } = new TextBuilder("abc").insert("xx").copy(0, 2).insert("yy").copy(2, 3).insert("z").build();
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => map.toSource(i)),
    [0, 0, 0, 1, 2, 2, 2, 3, 3],
  );
  assert.equal(PositionMap.identity(3).toSource(2), 2);
  assert.equal(new PositionMap([{ length: 2, source: undefined }]).toMade(0), undefined);
});

test("an insertion comes before what replaces the characters after it", () => {
  const edits: Edit[] = [
    { start: 1, end: 3, parts: ["BC"] },
    { start: 1, end: 1, parts: ["("] },
    { start: 3, end: 3, parts: [")"] },
  ];
  assert.equal(applyEdits("abcd", edits).text, "a(BC)d");
});

test("a moved range takes the edits inside it along", () => {
  const edits: Edit[] = [
    { start: 2, end: 6, parts: [";"], isMoved: true },
    { start: 3, end: 5, parts: ["XY"] },
  ];
  const { text, map } = applyEdits("abcdefgh", edits, [[2, 6], "|"]);
  assert.equal(text, "cXYf|ab;gh");
  assert.equal(map.toSource(0), 2);
});
