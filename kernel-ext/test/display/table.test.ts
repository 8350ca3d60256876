import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayBundle, displaySymbol, table } from "../../src/index.ts";

const html = async (value: unknown) => String((await displayBundle(value))["text/html"]);

test("an array of plain objects is a table over the union of their keys; numbers stand right, gaps are empty, null is seen", async () => {
  const shown = await html([
    { host: "a", n: 1 },
    { host: null, n: undefined, at: new Date(0) },
  ]);
  assert.equal(
    shown,
    '<table class="tex2jax_ignore mathjax_ignore"><caption style="text-align:left;white-space:nowrap">2 rows × 3 columns</caption><thead><tr><th scope="col" style="text-align:left">host</th>' +
      '<th scope="col" style="text-align:right">n</th><th scope="col" style="text-align:left;white-space:nowrap">at</th></tr></thead>' +
      '<tbody><tr><td style="text-align:left">a</td><td style="text-align:right">1</td><td style="text-align:left;white-space:nowrap"></td></tr>' +
      '<tr><td style="text-align:left"><span style="opacity:.7"><em>null</em></span></td><td style="text-align:right">' +
      '<span style="opacity:.7"><em>undefined</em></span></td><td style="text-align:left;white-space:nowrap">1970-01-01T00:00:00.000Z</td></tr></tbody></table>',
  );
});

test("a Map is a table whose keys name the rows; objects as values have columns", async () => {
  assert.match(await html(new Map([["10.0.0.5", 3n]])), /<th scope="row"[^>]*>10\.0\.0\.5<\/th><td style="text-align:right">3<\/td>/);
  assert.match(await html(new Map([["a", { n: 1, m: 2 }]])), /1 row × 3 columns.*>key<.*>n<.*>m</);
});

test("a Set is a table, by columns where it holds objects", async () => {
  assert.match(await html(new Set(["a", "b"])), /2 rows × 1 column<.*>value<.*>a<.*>b</);
  assert.match(await html(new Set([{ a: 1 }])), />a<\/th>.*>1<\/td>/);
});

test("arrays of numbers are a table; a row may be short, a hole is no row", async () => {
  assert.match(await html([[1, 2, 3], new Float32Array([4])]), /2 rows × 3 columns.*>4<\/td><td[^>]*><\/td><td[^>]*><\/td>/);
  for (const value of [[[1], ["a"]], [[]], new Array(3), [{}], [[1], 2]]) {
    assert.deepEqual(Object.keys(await displayBundle(value)), ["text/plain"]);
  }
});

test("a long table says how much of it is shown and how to see all", async () => {
  const rows = Array.from({ length: 2000 }, (_, n) => ({ n, m: n }));
  const { "text/html": shown, "text/plain": text } = await displayBundle(rows);
  assert.match(String(shown), /2,000 rows × 2 columns, 50 × 2 shown; table\(value, { maxRows: Infinity }\) shows all/);
  assert.equal(String(shown).match(/<tr>/g)?.length, 51);
  assert.match(String(text), /… 1,950 more rows: table\(value, { maxRows: Infinity }\)$/);
  assert.equal(String(table(rows, { maxRows: Number.POSITIVE_INFINITY }).toMarkup()).match(/<tr>/g)?.length, 2001);
  assert.equal(String((await displayBundle(rows, { all: true }))["text/html"]).match(/<tr>/g)?.length, 2001);
});

test("a wide table is cut, too, and a long cell", async () => {
  const row = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`c${n}`, "x".repeat(300)]));
  assert.match(await html([row]), /1 row × 40 columns, 1 × 30 shown; table\(value, { maxColumns: Infinity }\).*>x{200}…</);
});

test("a getter that throws costs its cell", async () => {
  const rows = [
    {
      a: 1,
      get b() {
        throw new Error("broken");
      },
    },
  ];
  assert.match(await html(rows), />1<\/td>.*broken/);
});

test("any array can be a table of one column, with a caption; a number cannot", () => {
  const view = table(["a", "b"], { caption: "<hosts>" });
  assert.match(String(view.toMarkup()), /<caption[^>]*>&lt;hosts&gt;: 2 rows × 1 column<\/caption>/);
  assert.equal(view[displaySymbol]()["text/plain"], "<hosts>: 2 rows × 1 column\n\nvalue\na\nb");
  assert.throws(() => table(new Date(0)), /holds no rows; give an array/);
});

test("the text aligns columns, leaves out what does not fit and counts it", () => {
  const rows = [Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`column${n}`, n]))];
  const text = String(table(rows)[displaySymbol]()["text/plain"]);
  assert.ok(text.split("\n").every((line) => line.length <= 160));
  assert.match(text, /… 2\d more columns: table\(value, { maxColumns: Infinity }\)$/);
});

test("control characters, overrides of direction and half pairs are written out", async () => {
  assert.match(
    await html([{ "\u202ea": "b\0\u001b[31m\ud800\nc\u2028" }]),
    />\\u\{202e\}a<.*>b\\u\{0\}\\u\{1b\}\[31m\\u\{d800\}\\nc\\u\{2028\}</,
  );
});

test("no value can put a tag of its own into the HTML", async () => {
  const ours =
    /<\/?(?:table class="tex2jax_ignore mathjax_ignore"|table|caption style="text-align:left;white-space:nowrap"|caption|thead|tbody|tr|th scope="(?:col|row)" style="text-align:(?:left(?:;white-space:nowrap)?|right)"|td style="text-align:(?:left(?:;white-space:nowrap)?|right)"|th|td|em|span style="opacity:.7"|span)>/g;
  const rows = fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.anything()), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        rows,
        fc.array(fc.tuple(fc.anything(), fc.anything())).map((entries) => new Map(entries)),
      ),
      async (value) => {
        const { "text/html": shown = "" } = await displayBundle(value);
        assert.doesNotMatch(String(shown).replaceAll(ours, ""), /[<>]/);
      },
    ),
  );
});
