import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Lab, sharedNotebook } from "./lab.ts";

const hostile = "<script>globalThis.hacked = 1</script><img src='data:,' onerror='globalThis.hacked = 1'>";

const kinds = {
  table: `const hostile = ${JSON.stringify(hostile)};\nconst rows = Array.from({ length: 60 }, (_, id) => ({ id, sent: 10n ** BigInt(id % 9), when: new Date(0), text: hostile, none: null }));\nrows`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a cell's own template
  html: "html`<p>Seen: <b>${hostile}</b></p>`",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a cell's own template
  markdown: "md`# Title\n\n- one **bold** ${hostile}\n\n| a | b |\n|---|---|\n| 1 | 2 |`",
  latex: "latex`\\frac{1}{2} \\sum_{i=0}^n i^2`",
  json: "json({ name: 'host', list: [1, 2, { deep: true }], hostile })",
  svg: "svg`<svg xmlns='http://www.w3.org/2000/svg' width='60' height='30'><circle cx='15' cy='15' r='10' fill='teal'/></svg>`",
  image:
    "image(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'), { alt: 'one pixel' })",
  text: "console.log('out', hostile);\nconsole.error('careful');\nnew Map([['a', 1]])",
};
type Kind = keyof typeof kinds;

const cells = {
  ...kinds,
  figure:
    "plot([{ type: 'bar', x: ['10.0.0.5', '10.0.0.7'], y: [3, 1] }, { type: 'scatter', x: ['10.0.0.5', '10.0.0.7'], y: [2, 2] }], { title: 'Alerts' })",
  waits:
    "import { existsSync } from 'node:fs';\nconst sees = async (sign: string) => {\n  while (!existsSync(sign)) await new Promise((resolve) => setTimeout(resolve, 10));\n};",
  progress:
    "const bar = progress(4, { label: 'read' });\nbar.set(1);\nawait sees('1.sign');\nbar.set(3);\nawait sees('3.sign');\nbar.set(4);\nbar.end();",
  cleared: "import { clearOutput } from 'soclab-kernel';\ndisplay('first');\nclearOutput({ wait: true });\ndisplay('second');",
};

/** Values become pictures, tables, formulas. */
export function displaySuite(lab: () => Lab): void {
  describe("outputs", () => {
    const notebook = sharedNotebook(lab, cells);

    it("every kind of value is drawn in JupyterLab's own way, in both themes, and text of the data runs nothing", async () => {
      const output = (kind: Kind) => notebook().outputs(kind);
      for (const kind of Object.keys(kinds) as Kind[]) await notebook().run(kind);

      assert.deepEqual(await output("table").locator("th").allTextContents(), ["id", "sent", "when", "text", "none"]);
      assert.equal(await output("table").locator("tbody tr").count(), 50);
      assert.equal(await output("table").locator("td").nth(3).textContent(), hostile);
      assert.equal(await output("html").locator("b").textContent(), hostile);
      await output("markdown").locator("td").nth(1).waitFor();
      assert.deepEqual(await output("markdown").locator("h1, strong, td").allTextContents(), ["Title¶", "bold", "1", "2"]);
      await output("latex").locator("mjx-container mjx-mfrac").waitFor();
      await output("json")
        .filter({ hasText: /list\s*\[\] 3 items/ })
        .waitFor();
      assert.equal(await output("svg").getAttribute("data-mime-type"), "image/svg+xml");
      assert.equal(await output("image").locator("img").getAttribute("alt"), "one pixel");
      const types = ["application/vnd.jupyter.stdout", "application/vnd.jupyter.stderr", "text/html"];
      assert.deepEqual(await notebook().mimeTypes("text"), types);
      assert.equal(await lab().page.evaluate("globalThis.hacked"), undefined);
      assert.equal(await notebook().panel.locator(".jp-OutputArea-output img[src='data:,'], .jp-OutputArea-output script").count(), 0);
      for (const theme of ["JupyterLab Dark", "JupyterLab Light"] as const) {
        await lab().setTheme(theme);
        for (const kind of ["table", "html", "json"] as const) {
          await notebook().cell(kind).scrollIntoViewIfNeeded();
          await lab().picture(`${kind}-${theme.slice(11)}`);
        }
      }
    });

    it("a figure is drawn by Plotly, not as its static picture", async () => {
      await notebook().run("figure");
      const cell = notebook().cell("figure");
      await cell.locator(".jp-OutputArea-output svg.main-svg .bars .point").nth(1).waitFor();
      assert.equal(await cell.locator("svg.main-svg .scatterlayer .trace").count(), 1);
      assert.deepEqual(await cell.locator("svg.main-svg .gtitle").allTextContents(), ["Alerts"]);
      // Plotly's renderer, which comes with the Python package, marks its output by no type.
      assert.deepEqual(await notebook().mimeTypes("figure"), [null]);
      const saved = await notebook().save();
      const outputs = saved.cells.flatMap((one) => one.outputs ?? []);
      const { data = {} } = outputs.find((one) => one.data?.["application/vnd.plotly.v1+json"]) ?? {};
      for (const type of ["image/svg+xml", "text/plain"]) assert.equal(typeof data[type], "object", type);
    });

    it("a progress bar moves while the cell runs", async () => {
      await notebook().run("waits");
      await notebook().start("progress");
      const bar = notebook().cell("progress").locator(".jp-OutputArea-output progress");
      for (const [value, share] of Object.entries({ 1: "25 %", 3: "75 %" })) {
        await notebook().outputs("progress").filter({ hasText: share }).waitFor();
        assert.equal(await bar.getAttribute("value"), value);
        writeFileSync(join(lab().place.root, `${value}.sign`), "");
      }
      await notebook().hasNewNumber("progress");
      assert.equal(await bar.count(), 1);
      assert.match(await notebook().text("progress"), /read\s+100 %, 4 of 4, .*done after/);
    });

    it("an output that is cleared is gone when the next one comes", async () => {
      await notebook().run("cleared");
      assert.deepEqual(await notebook().outputs("cleared").allTextContents(), ["'second'"]);
    });
  });
}
