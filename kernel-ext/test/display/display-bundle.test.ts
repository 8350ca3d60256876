import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayBundle, displaySymbol } from "../../src/index.ts";

test("an object with Deno's display symbol says itself how it looks", async () => {
  const figure = { [Symbol.for("Jupyter.display")]: () => ({ "image/svg+xml": "<svg/>", "text/plain": "figure" }) };
  assert.deepEqual(await displayBundle(figure), { "image/svg+xml": "<svg/>", "text/plain": "figure" });
});

test("a display method may be asynchronous, and text is added where it gives none", async () => {
  class Table {
    readonly rows = 3;
    async [displaySymbol]() {
      return { "text/html": "<b>3</b>" };
    }
  }
  assert.deepEqual(await displayBundle(new Table()), { "text/plain": "Table { rows: 3 }", "text/html": "<b>3</b>" });
});

test("a display method that throws, or gives no bundle, leaves text and never fails the cell", async () => {
  const broken = {
    [displaySymbol]() {
      throw new Error("no renderer");
    },
  };
  assert.match(String((await displayBundle(broken))["text/plain"]), /display method threw: no renderer/);
  assert.deepEqual(Object.keys(await displayBundle({ [displaySymbol]: () => undefined })), ["text/plain"]);
});

test("an array of plain objects is a table over the union of their keys, with empty cells where a row lacks one", async () => {
  const { "text/html": html } = await displayBundle([
    { host: "a", n: 1 },
    { host: "b", at: new Date(0) },
  ]);
  assert.equal(
    html,
    '<table><caption>2 rows × 3 columns</caption><thead><tr><th scope="col">host</th><th scope="col">n</th><th scope="col">at</th></tr></thead>' +
      '<tbody><tr><td>a</td><td style="text-align:right">1</td><td></td></tr>' +
      "<tr><td>b</td><td></td><td>1970-01-01T00:00:00.000Z</td></tr></tbody></table>",
  );
});

test("a Map is a table of keys and values", async () => {
  const { "text/html": html } = await displayBundle(new Map([["10.0.0.5", 3n]]));
  assert.match(String(html), /<td>10\.0\.0\.5<\/td><td style="text-align:right">3<\/td>/);
});

test("a long table says how much of it is shown", async () => {
  const { "text/html": html } = await displayBundle(Array.from({ length: 2000 }, (_, n) => ({ n })));
  assert.match(String(html), /2000 rows × 1 columns, 50 × 1 shown/);
  assert.equal(String(html).match(/<tr>/g)?.length, 51);
});

test("an error shows its message and stack, escaped", async () => {
  const { "text/html": html, "text/plain": text } = await displayBundle(new TypeError("<img src=x>"));
  assert.match(String(text), /^TypeError: <img src=x>\n {4}at /);
  assert.match(String(html), /^<pre>TypeError: &lt;img src=x&gt;/);
});

test("plain values, empty arrays, class instances and arrays of numbers stay text", async () => {
  class Host {
    readonly name = "a";
  }
  for (const value of [1, 10n, null, undefined, true, Symbol("s"), [], [1, 2], [new Host()], new Map(), () => 1]) {
    assert.deepEqual(Object.keys(await displayBundle(value)), ["text/plain"]);
  }
  assert.deepEqual(await displayBundle("line\nline"), { "text/plain": "line\nline" });
});

test("a value that cannot be inspected is described instead", async () => {
  const hostile = {
    [Symbol.for("nodejs.util.inspect.custom")]() {
      throw new Error("boom");
    },
  };
  assert.deepEqual(await displayBundle(hostile), { "text/plain": "[object that cannot be inspected: boom]" });
});

test("no value can put a tag of its own into the HTML", async () => {
  const ours = /<\/?(?:table|caption|thead|tbody|tr|th scope="col"|td style="text-align:right"|th|td)>/g;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.anything()), { minLength: 1 }), async (rows) => {
      const { "text/html": html = "" } = await displayBundle(rows);
      assert.doesNotMatch(String(html).replaceAll(ours, ""), /[<>]/);
    }),
  );
});
