import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Lab } from "./lab.ts";

const hostile = "<script>globalThis.hacked = 1</script><img src='data:,' onerror='globalThis.hacked = 1'>";

const cells = {
  table: `const hostile = ${JSON.stringify(hostile)};\nconst rows = Array.from({ length: 60 }, (_, id) => ({ id, sent: 10n ** BigInt(id % 9), when: new Date(0), text: hostile, none: null }));\nrows`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a cell's own template
  html: "html`<p>Seen: <b>${hostile}</b></p>`",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a cell's own template
  markdown: "md`# Title\n\n- one **bold** ${hostile}\n\n| a | b |\n|---|---|\n| 1 | 2 |`",
  latex: "latex`\\frac{1}{2} \\sum_{i=0}^n i^2`",
  json: "json({ name: 'host', list: [1, 2, { deep: true }], hostile })",
  svg: "svg`<svg xmlns='http://www.w3.org/2000/svg' width='60' height='30'><circle cx='15' cy='15' r='10' fill='teal'/></svg>`",
  image:
    "import { image } from 'soclab-kernel';\nimage(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'), { alt: 'one pixel' })",
  text: "console.log('out', hostile);\nconsole.error('careful');\nnew Map([['a', 1]])",
  plot: "import { plot } from 'soclab-kernel';\nplot([{ type: 'bar', x: ['10.0.0.5', '10.0.0.7'], y: [3, 1] }, { type: 'scatter', x: ['10.0.0.5', '10.0.0.7'], y: [2, 2] }], { title: 'Alerts' })",
} as const;

type Shown = keyof typeof cells;
const names = Object.keys(cells) as Shown[];

/** Values become pictures, tables, formulas. */
export function displaySuite(lab: () => Lab): void {
  describe("outputs", () => {
    it("every kind of value is drawn in JupyterLab's own way, in both themes, and text of the data runs nothing", async () => {
      await lab().withNotebook(Object.values(cells), async (notebook) => {
        const output = (name: Shown) => notebook.outputs(names.indexOf(name));
        for (const [index] of names.entries()) await notebook.run(index);

        assert.deepEqual(await output("table").locator("th").allTextContents(), ["id", "sent", "when", "text", "none"]);
        assert.equal(await output("table").locator("tbody tr").count(), 50);
        assert.equal(await output("table").locator("td").nth(3).textContent(), hostile);
        assert.equal(await output("html").locator("b").textContent(), hostile);
        assert.deepEqual(await output("markdown").locator("h1, strong, td").allTextContents(), ["Title¶", "bold", "1", "2"]);
        await output("latex").locator("mjx-container mjx-mfrac").waitFor();
        assert.equal((await output("json").locator("li.jp-mod-open, ul").count()) > 0, true);
        assert.match(await notebook.text(names.indexOf("json")), /list\s*\[\] 3 items/);
        assert.equal(await output("svg").getAttribute("data-mime-type"), "image/svg+xml");
        assert.equal(await output("image").locator("img").getAttribute("alt"), "one pixel");
        const types = ["application/vnd.jupyter.stdout", "application/vnd.jupyter.stderr", "text/html"];
        assert.deepEqual(await notebook.mimeTypes(names.indexOf("text")), types);
        assert.equal(await lab().page.evaluate("globalThis.hacked"), undefined);
        assert.equal(await notebook.panel.locator(".jp-OutputArea-output img[src='data:,'], .jp-OutputArea-output script").count(), 0);
        for (const theme of ["JupyterLab Dark", "JupyterLab Light"] as const) {
          await lab().setTheme(theme);
          for (const name of ["table", "html", "json"] as const) {
            await notebook.cell(names.indexOf(name)).scrollIntoViewIfNeeded();
            await lab().picture(`${name}-${theme.slice(11)}`);
          }
        }
      });
    });

    it("a figure is drawn by Plotly, not as its static picture", async () => {
      await lab().withNotebook([cells.plot], async (notebook) => {
        await notebook.run(0);
        await notebook.cell(0).locator(".jp-OutputArea-output svg.main-svg .bars .point").nth(1).waitFor();
        assert.equal(await notebook.cell(0).locator("svg.main-svg .scatterlayer .trace").count(), 1);
        assert.deepEqual(await notebook.cell(0).locator("svg.main-svg .gtitle").allTextContents(), ["Alerts"]);
        assert.equal(await notebook.outputs(0).count(), 1);
        assert.equal(await notebook.cell(0).locator('[data-mime-type="image/svg+xml"]').count(), 0);
        const saved = await notebook.save();
        const [output] = saved.cells[0]?.outputs ?? [];
        for (const type of ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"]) assert.ok(output?.data?.[type], type);
      });
    });

    it("a progress bar moves while the cell runs", async () => {
      const cells = [
        "import { existsSync } from 'node:fs';\nimport { progress } from 'soclab-kernel';\nconst go = async (sign: string) => {\n  while (!existsSync(sign)) await new Promise((resolve) => setTimeout(resolve, 10));\n};",
        "const bar = progress(4, { label: 'read' });\nbar.set(1);\nawait go('1.sign');\nbar.set(3);\nawait go('3.sign');\nbar.set(4);\nbar.end();",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        await notebook.start(1);
        const bar = notebook.cell(1).locator(".jp-OutputArea-output progress");
        for (const [value, share] of Object.entries({ 1: "25 %", 3: "75 %" })) {
          await notebook.outputs(1).filter({ hasText: share }).waitFor();
          assert.equal(await bar.getAttribute("value"), value);
          writeFileSync(join(lab().place.root, `${value}.sign`), "");
        }
        await notebook.hasNewNumber(1);
        assert.equal(await bar.count(), 1);
        assert.match(await notebook.text(1), /read\s+100 %, 4 of 4, .*done after/);
      });
    });

    it("an output that is cleared is gone when the next one comes", async () => {
      const cells = ["import { clearOutput } from 'soclab-kernel';\ndisplay('first');\nclearOutput({ wait: true });\ndisplay('second');"];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        assert.deepEqual(await notebook.outputs(0).allTextContents(), ["'second'"]);
      });
    });
  });
}
