import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repository } from "./jupyter-place.ts";
import { type Lab, sharedNotebook } from "./lab.ts";
import type { SavedNotebook } from "./lab-notebook.ts";

const stderr = '[data-mime-type="application/vnd.jupyter.stderr"]';

const cells = {
  host: "const host = { name: 'a' };",
  wrongType: "console.log('ran');\nconst port: number = host.name;",
  parse:
    "function parse(text: string): number {\n  try {\n    return JSON.parse(text);\n  } catch (cause) {\n    throw new Error('no number', { cause });\n  }\n}",
  throwing: "const ready = true;\nparse('{');",
  name: "const name = await prompt('Your name? ');\nname.length",
  secret: "(await password('Secret? ')).length",
  later: "let release = () => {};\nvoid new Promise<void>((resolve) => { release = resolve; }).then(() => console.log('late'));",
  release: "release();\n'second'",
  spinning: "let kept = 41;\nconsole.log('runs');\nwhile (true) {}",
  waiting: "console.log('runs');\nawait new Promise(() => {})",
  kept: "kept + 1",
};

/** Cells run, fail, are stopped. */
export function runningSuite(lab: () => Lab): void {
  describe("running cells", () => {
    it("the first notebook runs from its first cell to its last, and says what language it is in", async () => {
      const shipped: SavedNotebook = JSON.parse(readFileSync(join(repository, "notebooks", "first-look.ipynb"), "utf8"));
      const codeCells = shipped.cells.filter((cell) => cell.cell_type === "code");
      writeFileSync(join(lab().place.root, "first-look.ipynb"), JSON.stringify(shipped));
      const notebook = await lab().open("first-look.ipynb");
      try {
        const last = notebook.panel.locator(".jp-CodeCell").nth(codeCells.length - 1);
        await notebook.menu("Run", "Run All Cells");
        await last
          .locator(".jp-InputArea-prompt")
          .filter({ hasText: /\[\d+\]/ })
          .waitFor();
        assert.deepEqual(await notebook.panel.locator(stderr).allTextContents(), []);
        assert.ok((await notebook.panel.locator(".jp-OutputArea-output table").count()) >= 3);
        const figure = notebook.panel.locator(".jp-OutputArea-output svg.main-svg").first();
        await figure.waitFor();
        await figure.scrollIntoViewIfNeeded();
        await lab().picture("first-look");
        const saved = await notebook.save();
        assert.deepEqual(saved.metadata.kernelspec, {
          display_name: "TypeScript (soclab)",
          language: "typescript",
          name: lab().place.kernelName,
        });
        const { version, ...language } = saved.metadata.language_info;
        assert.match(String(version), /^\d+\.\d+\.\d+$/);
        assert.deepEqual(language, {
          codemirror_mode: "typescript",
          file_extension: ".ts",
          mimetype: "application/typescript",
          name: "typescript",
          nbconvert_exporter: "script",
          pygments_lexer: "typescript",
        });
        const counts = saved.cells.flatMap((cell) => (cell.cell_type === "code" ? [cell.execution_count] : []));
        assert.deepEqual(
          counts,
          codeCells.map((_, index) => index + 1),
        );
      } finally {
        await lab().close();
      }
    });

    it("an error in the middle stops the cells behind it, which stay without a number", async () => {
      const four = { first: "const first = 1;\nfirst", stop: "throw new Error('stop')", third: "first + 1", fourth: "first + 2" };
      await lab().withNotebook(four, async (notebook) => {
        await notebook.menu("Run", "Run All Cells");
        await notebook.hasNewNumber("stop");
        await notebook.cell("fourth").locator(".jp-InputArea-prompt").filter({ hasNotText: "*" }).waitFor();
        const prompts = await Promise.all((["first", "stop", "third", "fourth"] as const).map((name) => notebook.prompt(name)));
        assert.deepEqual(prompts, ["[1]:", "[2]:", "[ ]:", "[ ]:"]);
        assert.equal(await notebook.outputs("third").count(), 0);
      });
    });

    it("the restart button gives a fresh session, whose cells are counted from one", async () => {
      await lab().withNotebook({ set: "let kept = 41;", asked: "typeof kept", sum: "1 + 1" }, async (notebook) => {
        await notebook.run("set");
        await notebook.toolbarButton("notebook:restart-kernel");
        await notebook.accept();
        await notebook.isIdle();
        await notebook.run("asked");
        assert.match(await notebook.text("asked"), /TS2304: Cannot find name 'kept'/);
        await notebook.run("sum");
        assert.equal(await notebook.prompt("sum"), "[2]:");
        assert.equal(await notebook.text("sum"), "2");
      });
    });

    describe("one by one", () => {
      const notebook = sharedNotebook(lab, cells);

      it("a type error is red, names TypeScript's code and the cell's line, and nothing of the cell ran", async () => {
        await notebook().run("host");
        await notebook().run("wrongType");
        const [error = "", ...others] = await notebook().outputs("wrongType").allTextContents();
        assert.deepEqual(others, []);
        const place = `(cell ${await notebook().count("wrongType")}, line 2, column 7)`;
        assert.ok(error.startsWith(`TS2322: Type 'string' is not assignable to type 'number'. ${place}`), error);
        assert.match(error, /→ 2 │ const port: number = host\.name;/);
        const [red = 0, green = 0, blue = 0] = await backgroundOf(lab(), `.jp-OutputArea-output${stderr}`);
        assert.ok(red > green + 20 && red > blue + 20, `the background is ${red}, ${green}, ${blue}`);
        await lab().picture("type-error");
      });

      it("a thrown error shows where in the cells it came from, and its cause", async () => {
        await notebook().run("parse");
        await notebook().run("throwing");
        const text = await notebook().text("throwing");
        const [parse, throwing] = [await notebook().count("parse"), await notebook().count("throwing")];
        assert.match(text, /^Error: no number\n/);
        assert.match(text, new RegExp(`at parse \\(cell ${parse}, line 5, column 11\\)\n\\s+at \\(cell ${throwing}, line 2, column 1\\)`));
        assert.match(text, /Caused by:\s+SyntaxError: /);
        assert.doesNotMatch(text, /soclab-kernel|node:internal|kernel-ext/);
        await lab().picture("thrown-error");
      });

      it("a question of a cell is answered below it; a password is not shown", async () => {
        await notebook().start("name");
        await notebook().answer("name", "Ada Lovelace");
        await notebook().hasNewNumber("name");
        assert.deepEqual(await notebook().outputs("name").filter({ hasText: /^12$/ }).allTextContents(), ["12"]);
        await notebook().start("secret");
        await notebook().cell("secret").locator('.jp-Stdin-input[type="password"]').waitFor();
        await notebook().answer("secret", "hunter2");
        await notebook().hasNewNumber("secret");
        const shown = await notebook().outputs("secret").allTextContents();
        assert.ok(shown.includes("7") && !shown.join("").includes("hunter2"), shown.join());
      });

      it("what is printed after a cell's end appears below that cell", async () => {
        await notebook().run("later");
        await notebook().run("release");
        await notebook().outputs("later").filter({ hasText: "late" }).waitFor();
        assert.deepEqual(await notebook().outputs("release").allTextContents(), ["'second'"]);
      });

      it("the button stops an endless loop and a promise that never comes; variables survive, the kernel is idle", async () => {
        for (const cell of ["spinning", "waiting"] as const) {
          await notebook().start(cell);
          await notebook().outputs(cell).filter({ hasText: "runs" }).waitFor();
          await notebook().isBusy();
          await notebook().toolbarButton("notebook:interrupt-kernel");
          await notebook().hasNewNumber(cell);
          assert.match(await notebook().text(cell), /^runs\s+Interrupted: /);
          await notebook().isIdle();
        }
        await notebook().run("kept");
        assert.equal(await notebook().text("kept"), "42");
      });
    });
  });
}

async function backgroundOf(lab: Lab, selector: string): Promise<number[]> {
  const color = await lab.page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).backgroundColor`);
  return [...String(color).matchAll(/\d+/g)].map(Number);
}
