import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { chromium } from "playwright-core";
import { service } from "../../../test/services.ts";
import { ansiHtml } from "../../src/notebook/ansi-html.ts";
import { highlightTypescript } from "../../src/notebook/highlight-typescript.ts";
import { notebookPage } from "../../src/notebook/notebook-page.ts";
import { parseNotebook } from "../../src/notebook/parse-notebook.ts";
import { markdownCell, notebookText } from "./notebook-text.ts";

const chrome = service("chromium");
const folder = mkdtempSync(join(tmpdir(), "notebook-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const page = (cells: Parameters<typeof notebookText>[0], metadata?: object) =>
  notebookPage(parseNotebook(notebookText(cells, metadata), "a.ipynb"), { name: "a.ipynb", folder });
const body = (html: string) => html.slice(html.indexOf("<main>") + 7, html.indexOf("\n</main>"));
const shown = (data: object) => body(page([{ source: "", outputs: [{ output_type: "display_data", metadata: {}, data }] }]));
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>';

test("Markdown is HTML, with its formulas as they are written and ids on its headings", () => {
  const html = body(page([markdownCell("# A *b*\n\n$a_1$ and $b_2$, 5$ or 6$\n\n## A b\n\n| x |\n|-|\n| 1 |\n\n```ts\nlet x = 1\n```")]));
  assert.match(html, /<h1 id="a-b">A <em>b<\/em><\/h1>/);
  assert.match(html, /<h2 id="a-b-2">/);
  assert.match(html, /<span class="formula">\$a_1\$<\/span> and <span class="formula">\$b_2\$<\/span>, 5\$ or 6\$/);
  assert.match(html, /<td>1<\/td>/);
  assert.match(html, /<pre><code><span class="k">let<\/span> x = <span class="n">1<\/span><\/code><\/pre>/);
});

test("HTML and hostile addresses in Markdown do nothing", () => {
  const attacks = [
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "[x](javascript:alert(1))",
    "[x](JaVa\tScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x) [y](data:text/html,x) [z](file:///etc/passwd)",
    '[x](http://a "t\\" onmouseover=alert(1)")',
    '![x"onerror=alert(1)](data:image/png;base64,xx)',
    "![x](http://example.org/a.png)",
    "<javascript:alert(1)>",
    "# <svg onload=alert(1)>",
    "```<script>\nx\n```",
    "$<script>alert(1)</script>$",
    "| <b>x</b> |\n|-|\n| <iframe src=x> |",
    '[a]: javascript:alert(1) "t"\n\n[a]',
  ];
  for (const attack of attacks) {
    const html = body(page([markdownCell(attack)]));
    const tags = html.replace(/="[^"]*"/g, "=");
    assert.doesNotMatch(tags, /<(?:script|svg|iframe|b)\b|<[^>]* on\w+=/i, attack);
    assert.doesNotMatch(html, /<img[^>]*http|href="(?!https?:|mailto:|&amp;)/i, attack);
    assert.doesNotMatch(html, /(?:href|src)="[^"]*(?:javascript|vbscript|file):/i, attack);
  }
  assert.match(
    body(page([markdownCell("[x](https://a.example/?b=1&c) <a@b.example>")])),
    /<a href="https:\/\/a\.example\/\?b=1&amp;c" rel="noopener noreferrer">x<\/a>/,
  );
});

test("pictures come from attachments and from the notebook's folder, and from nowhere else", () => {
  mkdirSync(join(folder, "sub"));
  writeFileSync(join(folder, "sub", "a b.png"), "inside");
  writeFileSync(`${folder}.png`, "outside");
  symlinkSync(`${folder}.png`, join(folder, "link.png"));
  after(() => rmSync(`${folder}.png`, { force: true }));
  const picture = (address: string, attachments?: object) =>
    body(page([markdownCell(`![x](${address})`, attachments ? { attachments } : {})]));
  const inside = `src="data:image/png;base64,${Buffer.from("inside").toString("base64")}"`;
  assert.ok(picture("sub/a%20b.png").includes(inside));
  assert.ok(picture("attachment:p.png", { "p.png": { "image/png": "aGk=" } }).includes('src="data:image/png;base64,aGk="'));
  for (const address of [
    `../${folder.split("/").at(-1)}.png`,
    "link.png",
    `${folder}.png`,
    "none.png",
    "//example.org/a.png",
    "attachment:none.png",
    "%ff.png",
  ]) {
    assert.doesNotMatch(picture(address), /<img/, address);
  }
});

test("of several forms the richest one that is safe is shown", () => {
  const plain = { "text/plain": "<plain>" };
  assert.match(shown(plain), /<pre>&lt;plain&gt;<\/pre>/);
  assert.match(shown({ ...plain, "application/json": { a: ["<b>"] } }), /<pre class="json">\{\n {2}&quot;a&quot;/);
  assert.match(shown({ ...plain, "text/latex": "$x<y$" }), /<pre class="formula">\$x&lt;y\$<\/pre>/);
  assert.match(shown({ ...plain, "image/png": "aG\nk=" }), /<img src="data:image\/png;base64,aGk=" alt="&lt;plain&gt;">/);
  assert.match(shown({ ...plain, "image/png": "x", "image/svg+xml": svg }), /<img src="data:image\/svg\+xml;base64,/);
  assert.match(shown({ ...plain, "image/svg+xml": svg, "text/markdown": "**b** <i>" }), /<strong>b<\/strong> &lt;i&gt;/);
  assert.match(shown({ ...plain, "text/markdown": "x", "text/html": ["<b>", "h</b>"] }), /<div class="html"><b>h<\/b><\/div>/);
  assert.doesNotMatch(shown({ ...plain, "application/javascript": "alert(1)" }), /alert/);
  assert.equal(shown({}), shown({ "application/x-unknown": {} }));
});

test("streams and tracebacks keep their colours, and nothing else of the terminal", () => {
  for (const [text, html] of [
    ["\u001b[31mred\u001b[0m plain", '<span style="color:var(--ansi-1)">red</span> plain'],
    [
      "\u001b[1;4;92mx\u001b[22my\u001b[m",
      '<span style="color:var(--ansi-10);font-weight:bold;text-decoration:underline">x</span><span style="color:var(--ansi-10);text-decoration:underline">y</span>',
    ],
    [
      "\u001b[38;5;196mx\u001b[39m\u001b[48;2;1;2;300my\u001b[49m",
      '<span style="color:rgb(255,0,0)">x</span><span style="background:rgb(1,2,255)">y</span>',
    ],
    ["\u001b[38;5;250;1mx", '<span style="color:rgb(188,188,188);font-weight:bold">x</span>'],
    ["a\u001b[2Kb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u001b(e", "abcd(e"],
    ["<b>\u001b[31m<i>", '&lt;b&gt;<span style="color:var(--ansi-1)">&lt;i&gt;</span>'],
    ["x\u001b[", "x"],
  ] as const) {
    assert.equal(ansiHtml(text), html);
  }
  const html = body(
    page([{ source: "f()", outputs: [{ output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mE\u001b[0m: <v>"] }] }]),
  );
  assert.match(html, /<pre class="error" role="alert"><span style="color:var\(--ansi-1\)">E<\/span>: &lt;v&gt;<\/pre>/);
});

test("any text of a stream is shown as it is, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const plain = text.replaceAll("\u001b", "");
      assert.equal(textOf(ansiHtml(plain)), plain);
    }),
  );
});

test("highlighting adds classes and changes no character", () => {
  const code = 'const re = /a"b/g; // <c>\nlet t = `x ${\n still`; /* a\n b */ type A = "s"; 5n';
  assert.match(highlightTypescript(code), /re = \/a&quot;b\/g; <span class="c">\/\/ &lt;c&gt;<\/span>/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constant(code)), (text) =>
      assert.equal(textOf(highlightTypescript(text)), text),
    ),
  );
});

test("a Python notebook's code is not coloured as TypeScript", () => {
  const html = body(page(["let x = 1"], { language_info: { name: "python" } }));
  assert.match(html, /<code>let x = 1<\/code>/);
});

test("the title is the first heading, else the file's name; folded code stays folded", () => {
  assert.match(page([markdownCell("text\n\n# The `title` <x>\n"), "1"]), /<title>The title &lt;x&gt;<\/title>/);
  assert.match(page(["1"]), /<title>a\.ipynb<\/title>/);
  assert.doesNotMatch(page([{ source: "secret()", metadata: { jupyter: { source_hidden: true } } }]), /secret/);
});

const figure = {
  data: [{ x: [1, 2], y: [3, 4], type: "scatter" }],
  layout: { title: { text: "A </script><script>hit=1</script> title" } },
};

test("in a browser figures are drawn, nothing is fetched, and no text becomes a script", { skip: chrome.skip }, async () => {
  const path = join(folder, "page.html");
  const output = (data: object) => ({ output_type: "display_data", metadata: {}, data });
  const cells = [
    markdownCell("# Report <script>hit=1</script>"),
    {
      source: "</code></pre><script>hit=1</script>",
      outputs: [output({ "application/vnd.plotly.v1+json": figure, "image/svg+xml": svg, "text/plain": "figure" })],
    },
    {
      source: "x",
      outputs: [
        { output_type: "stream", name: "stdout", text: "</pre><script>hit=1</script>" },
        output({ "text/html": '<img src="http://127.0.0.1:9/x.png"><table><tr><td>cell</td></tr></table>' }),
      ],
    },
  ];
  writeFileSync(path, page(cells));
  const browser = await chromium.launch({ executablePath: chrome.path, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const tab = await browser.newPage({ colorScheme });
      const errors: string[] = [];
      const requests: string[] = [];
      tab.on("pageerror", (error) => errors.push(error.message));
      tab.on("requestfinished", (request) => requests.push(request.url()));
      await tab.goto(pathToFileURL(path).href);
      await tab.waitForSelector(".figure .main-svg");
      assert.equal(await tab.evaluate(() => "hit" in globalThis), false);
      assert.deepEqual(errors, []);
      assert.deepEqual(
        requests.filter((url) => !/^(?:file|data|blob):/.test(url)),
        [],
      );
      assert.equal(await tab.locator("td").textContent(), "cell");
      const background = await tab.evaluate("getComputedStyle(document.body).backgroundColor");
      assert.equal(background, colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)");
      await tab.close();
    }
  } finally {
    await browser.close();
  }
});

test("plotly.js is in the page once, and only where there is a figure", () => {
  const output = { output_type: "display_data", metadata: {}, data: { "application/vnd.plotly.v1+json": figure } };
  const two = page([{ source: "1", outputs: [output, output] }]);
  assert.equal(two.match(/Plotly\.newPlot\(/g)?.length, 1);
  assert.ok(two.length > 1e6 && two.length < 8e6);
  assert.ok(page(["1"]).length < 2e4);
});
