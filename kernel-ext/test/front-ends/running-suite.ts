import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repository } from "./jupyter-place.ts";
import type { Lab } from "./lab.ts";
import type { SavedNotebook } from "./lab-notebook.ts";

const stderr = '[data-mime-type="application/vnd.jupyter.stderr"]';

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
        await notebook.panel.locator(".jp-OutputArea-output svg.main-svg").first().waitFor();
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
      await lab().withNotebook(["const first = 1;\nfirst", "throw new Error('stop')", "first + 1", "first + 2"], async (notebook) => {
        await notebook.menu("Run", "Run All Cells");
        await notebook.hasNewNumber(1);
        await notebook.cell(3).locator(".jp-InputArea-prompt").filter({ hasNotText: "*" }).waitFor();
        const prompts = await Promise.all([0, 1, 2, 3].map((cell) => notebook.prompt(cell)));
        assert.deepEqual(prompts, ["[1]:", "[2]:", "[ ]:", "[ ]:"]);
        assert.equal(await notebook.outputs(2).count(), 0);
      });
    });

    it("a type error is red, names TypeScript's code and the cell's line, and nothing of the cell ran", async () => {
      await lab().withNotebook(
        ["const host = { name: 'a' };", "console.log('ran');\nconst port: number = host.name;"],
        async (notebook) => {
          await notebook.run(0);
          await notebook.run(1);
          const [error, ...others] = await notebook.outputs(1).allTextContents();
          assert.deepEqual(others, []);
          assert.match(error ?? "", /^TS2322: Type 'string' is not assignable to type 'number'\. \(cell 2, line 2, column 7\)/);
          assert.match(error ?? "", /→ 2 │ const port: number = host\.name;/);
          const [red = 0, green = 0, blue = 0] = await backgroundOf(lab(), `.jp-OutputArea-output${stderr}`);
          assert.ok(red > green + 20 && red > blue + 20, `the background is ${red}, ${green}, ${blue}`);
          await lab().picture("type-error");
        },
      );
    });

    it("a thrown error shows where in the cells it came from, and its cause", async () => {
      const cells = [
        "function parse(text: string): number {\n  try {\n    return JSON.parse(text);\n  } catch (cause) {\n    throw new Error('no number', { cause });\n  }\n}",
        "const ready = true;\nparse('{');",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        await notebook.run(1);
        const text = await notebook.text(1);
        assert.match(text, /^Error: no number\n/);
        assert.match(text, /at parse \(cell 1, line 5, column 11\)\n\s+at \(cell 2, line 2, column 1\)/);
        assert.match(text, /Caused by:\s+SyntaxError: /);
        assert.doesNotMatch(text, /soclab-kernel|node:internal|kernel-ext/);
        await lab().picture("thrown-error");
      });
    });

    it("the button stops an endless loop and a promise that never comes; variables survive", async () => {
      await lab().withNotebook(
        ["let kept = 41;\nconsole.log('runs');\nwhile (true) {}", "console.log('runs');\nawait new Promise(() => {})", "kept + 1"],
        async (notebook) => {
          for (const cell of [0, 1]) {
            await notebook.start(cell);
            await notebook.outputs(cell).filter({ hasText: "runs" }).waitFor();
            await notebook.toolbarButton("notebook:interrupt-kernel");
            await notebook.hasNewNumber(cell);
            assert.match(await notebook.text(cell), /^runs\s+Interrupted: /);
          }
          await notebook.run(2);
          assert.equal(await notebook.text(2), "42");
          await notebook.isIdle();
        },
      );
    });

    it("the restart button gives a fresh session, whose cells are counted from one", async () => {
      await lab().withNotebook(["let kept = 41;", "typeof kept", "1 + 1"], async (notebook) => {
        await notebook.run(0);
        await notebook.toolbarButton("notebook:restart-kernel");
        await notebook.accept();
        await notebook.isIdle();
        await notebook.run(1);
        assert.match(await notebook.text(1), /TS2304: Cannot find name 'kept'/);
        await notebook.run(2);
        assert.equal(await notebook.prompt(2), "[2]:");
        assert.equal(await notebook.text(2), "2");
      });
    });

    it("a question of a cell is answered below it; a password is not shown", async () => {
      const cells = ["const name = await prompt('Your name? ');\nname.length", "(await password('Secret? ')).length"];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.start(0);
        await notebook.answer(0, "Ada Lovelace");
        await notebook.hasNewNumber(0);
        assert.deepEqual(await notebook.outputs(0).filter({ hasText: /^12$/ }).allTextContents(), ["12"]);
        await notebook.start(1);
        await notebook.cell(1).locator('.jp-Stdin-input[type="password"]').waitFor();
        await notebook.answer(1, "hunter2");
        await notebook.hasNewNumber(1);
        const shown = await notebook.outputs(1).allTextContents();
        assert.ok(shown.includes("7") && !shown.join("").includes("hunter2"), shown.join());
      });
    });

    it("what is printed after a cell's end appears below that cell", async () => {
      const cells = [
        "let release = () => {};\nvoid new Promise<void>((resolve) => { release = resolve; }).then(() => console.log('late'));",
        "release();\n'second'",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        await notebook.run(1);
        await notebook.outputs(0).filter({ hasText: "late" }).waitFor();
        assert.deepEqual(await notebook.outputs(1).allTextContents(), ["'second'"]);
      });
    });
  });
}

async function backgroundOf(lab: Lab, selector: string): Promise<number[]> {
  const color = await lab.page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).backgroundColor`);
  return [...String(color).matchAll(/\d+/g)].map(Number);
}
