import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromArrays } from "apache-arrow";
import { displayBundle, displaySymbol } from "../../src/index.ts";

const kinds = async (value: unknown) => Object.keys(await displayBundle(value));
const text = async (value: unknown) => String((await displayBundle(value))["text/plain"]);

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

test("a display method that throws, rejects or gives rubbish leaves text that says so, and what was good", async () => {
  const display = (method: () => unknown) => ({ [displaySymbol]: method });
  const thrower = display(() => {
    throw new Error("no renderer");
  });
  assert.match(await text(thrower), /\n\(its display method threw: no renderer\)$/);
  assert.match(await text(display(() => Promise.reject("late"))), /threw: late/);
  for (const rubbish of [undefined, null, 3, "text", []]) assert.match(await text(display(() => rubbish)), /not a MIME bundle/);
  const half = await displayBundle(display(() => ({ "text/html": "<b>", "image/png": 3, png: "x" })));
  assert.deepEqual(half["text/html"], "<b>");
  assert.match(String(half["text/plain"]), /gave a value of type number for image\/png, gave "png", which is no MIME type/);
});

test("a display method that never answers is given up after the time limit", async () => {
  const hanging = { name: "slow", [displaySymbol]: () => new Promise(() => undefined) };
  const { "text/plain": shown } = await displayBundle(hanging, { timeLimitMs: 5 });
  assert.match(String(shown), /name: 'slow'[\s\S]*gave nothing within 0.005 s/);
});

test("an object may say that it shows nothing", async () => {
  assert.deepEqual(await displayBundle({ [displaySymbol]: () => ({}) }), {});
});

test("bytes become base64, JSON data is made safe and text well-formed, so that the notebook can be saved", async () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const bundle = await displayBundle({
    [displaySymbol]: () => ({
      "image/png": Uint8Array.of(1, 2, 3),
      "application/json": { n: Number.NaN, big: 2n ** 70n, cyclic, at: new Date(0) },
      "text/html": "half \ud800 pair",
      "text/plain": ["two\n", "lines"],
    }),
  });
  assert.deepEqual(bundle, {
    "image/png": "AQID",
    "application/json": { n: null, big: (2n ** 70n).toString(), cyclic: { self: "[Circular]" }, at: "1970-01-01T00:00:00.000Z" },
    "text/html": "half \ufffd pair",
    "text/plain": "two\nlines",
  });
});

test("an error shows its message, stack, causes and properties, escaped", async () => {
  const error = Object.assign(new TypeError("<img src=x>", { cause: new Error("the \u001b[31mdisk\u202e") }), { code: "E_X" });
  const { "text/html": html, "text/plain": shown } = await displayBundle(error);
  assert.match(String(shown), /^TypeError: <img src=x>\n {4}at [\s\S]*code: 'E_X'[\s\S]*\[cause\]: Error: the disk\\u\{202e\}\n/);
  assert.match(String(html), /^<pre>TypeError: &lt;img src=x&gt;/);
});

test("plain values, class instances, dates, functions and promises are text as Node shows it", async () => {
  class Host {
    readonly name = "a";
  }
  const date = new Date(0);
  for (const value of [
    1,
    10n,
    null,
    undefined,
    true,
    Symbol("s"),
    "",
    [],
    [1, 2],
    new Map(),
    new Set(),
    date,
    /x/u,
    new URL("a:b"),
    () => 1,
    Host,
  ]) {
    assert.deepEqual(await kinds(value), ["text/plain"]);
  }
  assert.equal(await text([new Host()]), "[ Host { name: 'a' } ]");
  assert.equal(await text("it's\n"), `"it's\\n"`);
  // Under a test runner, async hooks add ids.
  assert.match(await text(Promise.resolve(1)), /^Promise \{\s+1\b/);
  assert.equal(await text(new Float64Array([1, 2])), "Float64Array(2) [ 1, 2 ]");
  assert.equal(await text(Host), "[class Host]");
});

test("a value that cannot be inspected, or not even be asked, is described instead", async () => {
  const hostile = {
    [Symbol.for("nodejs.util.inspect.custom")]() {
      throw new Error("boom");
    },
  };
  assert.deepEqual(await displayBundle(hostile), { "text/plain": "[object that cannot be inspected: boom]" });
  const trap = () => {
    throw new Error("trapped");
  };
  assert.match(await text(new Proxy({}, { has: trap, get: trap, getPrototypeOf: trap, ownKeys: trap })), /display failed: trapped/);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.match(await text(proxy), /Revoked Proxy/);
});

test("large values are cut with a note how to see all, and are all there with all", async () => {
  assert.match(await text("x".repeat(20_000)), /more characters\n… there is more: display\(value, { all: true }\) shows all$/);
  assert.match(await text(Array.from({ length: 101 }, (_, n) => n)), /1 more item\n\]\n… there is more/);
  assert.match(await text({ a: { b: { c: { d: { e: { f: 1 } } } } } }), /\[Object\][\s\S]*… there is more/);
  const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, n]));
  assert.match(await text(wide), /k199: 199\n\}\n… 800 more keys\n… there is more/);
  assert.match(String((await displayBundle(wide, { all: true }))["text/plain"]), /k999: 999\n\}$/);
  assert.doesNotMatch(await text({ a: { b: [1, 2, 3] } }), /there is more/);
});

test("only what is shown is looked at: reading further would throw", async () => {
  const guarded = (size: number) =>
    new Proxy<{ n: number }[]>([], {
      get(target, key) {
        if (key === "length") return size;
        if (typeof key === "string" && Number(key) > 200) throw new Error(`read row ${key}`);
        return typeof key === "string" && /^\d+$/.test(key) ? { n: Number(key) } : Reflect.get(target, key);
      },
      has: (_, key) => typeof key === "string" && Number(key) < size,
    });
  assert.match(String((await displayBundle(guarded(1e9)))["text/html"]), /1,000,000,000 rows × 1 column, 50 × 1 shown/);
});

test("nested values are opened as deep as a few thousand of them allow", async () => {
  const cube = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => [1])));
  assert.ok((await text(cube)).length < 50_000);
});

test("an Arrow table shows its columns' types and first rows", async () => {
  const { "text/html": html, "text/plain": shown } = await displayBundle(
    tableFromArrays({ bytes: Float64Array.from({ length: 60 }, (_, n) => n), "<host>": Array.from({ length: 60 }, () => "a&b") }),
  );
  assert.match(
    String(html),
    /60 rows × 2 columns, 50 × 2 shown.*&lt;host&gt;.*<em>Float64<\/em>.*<td style="text-align:right">49<\/td>.*a&amp;b/,
  );
  assert.match(
    String(shown),
    /^60 rows × 2 columns\n\n {2}bytes {2}<host>\n[\s\S]*\n… 10 more rows: table\(value, { maxRows: Infinity }\)$/,
  );
});

test("elements, canvases and Vega views of other libraries show as they would in Deno's kernel", async () => {
  class Element {
    readonly #markup: string;
    constructor(markup: string) {
      this.#markup = markup;
    }
    get outerHTML() {
      return this.#markup;
    }
  }
  class Canvas {
    toDataURL() {
      return "data:image/png;base64,AQID";
    }
  }
  class View {
    toSpec() {
      return { $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" };
    }
  }
  assert.equal((await displayBundle(new Element("<svg></svg>")))["image/svg+xml"], "<svg></svg>");
  assert.equal((await displayBundle(new Element("<b>x</b>")))["text/html"], "<b>x</b>");
  assert.equal((await displayBundle(new Canvas()))["image/png"], "AQID");
  assert.deepEqual(Object.keys(await displayBundle(new View())), ["text/plain", "application/vnd.vegalite.v5+json"]);
});

test("a record that only looks like an element, a bundle or a figure is data", async () => {
  const markup = "<img src=x onerror=alert(1)>";
  for (const record of [{ outerHTML: markup }, { "text/html": markup }, { data: [{ type: "bar" }], layout: {} }, { toSpec: 1 }]) {
    assert.deepEqual(await kinds(record), ["text/plain"]);
  }
  assert.deepEqual(await kinds(Buffer.from("\x89PNG\r\n\x1a\n", "latin1")), ["text/plain"]);
});

test("pixels as ImageData holds them are a PNG", async () => {
  const pixels = { width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255) };
  assert.match(String((await displayBundle(pixels))["image/png"]), /^iVBORw0KGgo/);
  assert.deepEqual(await kinds({ ...pixels, width: 3 }), ["text/plain"]);
});
