import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { service } from "../../../test/services.ts";
import { type JupyterPlace, makeJupyterPlace, repository } from "./jupyter-place.ts";
import { chromiumFlags } from "./lab.ts";
import type { SavedNotebook, SavedOutput } from "./lab-notebook.ts";

const python = service("python", ["nbclient", "nbconvert", "papermill"]);
const chrome = service("chromium");

describe("the first notebook in Python's tools", { skip: python.skip }, () => {
  let place: JupyterPlace;
  before(() => {
    place = makeJupyterPlace(python.path);
    copyFileSync(join(repository, "notebooks", "first-look.ipynb"), join(place.root, "first-look.ipynb"));
    jupyter("execute", "first-look.ipynb", "--output=done");
  });
  after(() => place.remove());

  function jupyter(...words: string[]): void {
    const { status, stderr } = spawnSync(python.path, ["-m", "jupyter", ...words], { cwd: place.root, env: place.env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }
  const read = (name: string) => readFileSync(join(place.root, name), "utf8");
  const outputsOf = (name: string): SavedOutput[] => {
    const { cells }: SavedNotebook = JSON.parse(read(name));
    const code = cells.filter((cell) => cell.cell_type === "code");
    const counts = code.map((cell) => cell.execution_count);
    assert.deepEqual(
      counts,
      code.map((_, index) => index + 1),
    );
    return code.flatMap(({ outputs = [] }) => outputs);
  };
  const formsOf = (outputs: readonly SavedOutput[]) => outputs.flatMap(({ data = {} }) => Object.keys(data));

  it("nbclient runs it: tables, a figure with its static picture, no error", () => {
    const outputs = outputsOf("done.ipynb");
    assert.deepEqual([...new Set(outputs.map((output) => output.output_type))], ["execute_result"]);
    const forms = formsOf(outputs);
    assert.ok(forms.filter((form) => form === "text/html").length >= 3, forms.join(" "));
    for (const form of ["application/vnd.plotly.v1+json", "image/svg+xml"]) assert.ok(forms.includes(form), form);
    assert.equal(forms.filter((form) => form === "text/plain").length, outputs.length);
  });

  it("papermill runs it to the same outputs", () => {
    const { status, stderr } = spawnSync(python.path, ["-m", "papermill", "first-look.ipynb", "paper.ipynb", "--no-progress-bar"], {
      cwd: place.root,
      env: place.env,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(formsOf(outputsOf("paper.ipynb")), formsOf(outputsOf("done.ipynb")));
  });

  it("nbconvert exports a .ts file with the cells' own text", () => {
    jupyter("nbconvert", "--to", "script", "first-look.ipynb");
    const { cells }: SavedNotebook = JSON.parse(read("first-look.ipynb"));
    const script = read("first-look.ts");
    for (const { cell_type, source } of cells) if (cell_type === "code") assert.ok(script.includes([source].flat().join("")));
  });

  it("nbconvert's page shows TypeScript, tables and the figure in a browser without network", { skip: chrome.skip }, async () => {
    // Without them the page asks others for MathJax and RequireJS.
    const offline = ["--HTMLExporter.mathjax_url=", "--HTMLExporter.require_js_url="];
    jupyter("nbconvert", "--to", "html", ...offline, "done.ipynb");
    const browser = await chromium.launch({ executablePath: chrome.path, args: [...chromiumFlags] });
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(pathToFileURL(join(place.root, "done.html")).href);
      const keywords = page.locator(".highlight.hl-typescript span.kd, .highlight.hl-typescript span.kr");
      assert.ok((await keywords.allTextContents()).includes("const"));
      assert.ok((await page.locator(".jp-OutputArea-output table").count()) >= 3);
      const picture = page.locator('img[src^="data:image/svg+xml"], .jp-OutputArea-output svg').first();
      const box = await picture.boundingBox();
      assert.ok(box && box.width > 300 && box.height > 200, JSON.stringify(box));
      assert.deepEqual(complaints, []);
      const folder = process.env.SOCLAB_PICTURES;
      if (folder) await page.screenshot({ path: join(folder, "nbconvert.png"), fullPage: true });
    } finally {
      await browser.close();
    }
  });
});
