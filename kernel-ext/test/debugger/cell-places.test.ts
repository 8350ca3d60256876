import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PositionMap, TextBuilder } from "../../src/cells/position-map.ts";
import { CellPlaces } from "../../src/debugger/cell-places.ts";
import { LineStarts } from "../../src/debugger/line-starts.ts";

function cell(source: string, { text: script, map }: { text: string; map: PositionMap }): CellPlaces {
  return new CellPlaces({ url: "cell-1.ts", source, script, map });
}

test("a line separator is a line for V8 and none for an editor", () => {
  assert.deepEqual(LineStarts.ofScript("a\u2028b\r\nc\rd").place(2), { line: 1, column: 0 });
  assert.deepEqual(LineStarts.ofSource("a\u2028b\r\nc\rd").place(2), { line: 0, column: 2 });
  const source = "`\u2028`;\nboom()";
  assert.deepEqual(cell(source, { text: source, map: PositionMap.identity(source.length) }).toSource({ line: 2, column: 0 }), {
    line: 1,
    column: 0,
    isInserted: false,
  });
});

test("offset and place are inverse in every text", () => {
  const text = fc.string({ unit: fc.constantFrom("\r", "\n", "\r\n", "\u2028", "a", "🧪") });
  fc.assert(
    fc.property(text, fc.nat(), (given, seed) => {
      for (const lines of [LineStarts.ofScript(given), LineStarts.ofSource(given)]) {
        const offset = given.length === 0 ? 0 : seed % (given.length + 1);
        assert.equal(lines.offset(lines.place(offset)), offset);
      }
    }),
  );
});

test("moved lines are found where the user wrote them", () => {
  const source = "f();\r\nfunction f() { '🧪' }";
  const places = cell(source, new TextBuilder(source).insert("let f;").copy(6, source.length).insert("\n").copy(0, 6).build());
  assert.deepEqual(places.toSource({ line: 0, column: 6 }), { line: 1, column: 0, isInserted: false });
  assert.deepEqual(places.toSource({ line: 1, column: 2 }), { line: 0, column: 2, isInserted: false });
});

test("a call put around the user's expression is the user's, other inserted code is not", () => {
  const source = "a()\nb()";
  const built = new TextBuilder(source)
    .insert("run(async()=>{log(")
    .copy(0, 3)
    .insert(");end()")
    .copy(3, 4)
    .insert("show(")
    .copy(4, 7)
    .insert(")\n});");
  const places = cell(source, built.build());
  const at = (line: number, column: number): string => {
    const place = places.toSource({ line, column });
    return place.isInserted ? "inserted" : `${place.line}:${place.column}`;
  };
  assert.equal(at(0, 0), "inserted");
  assert.equal(at(0, 14), "0:0");
  assert.equal(at(0, 18), "0:0");
  assert.equal(at(0, 23), "inserted");
  assert.equal(at(1, 0), "1:0");
  assert.equal(at(1, 8), "inserted");
  assert.equal(at(2, 0), "inserted");
  assert.equal(at(9, 9), "inserted");
});
