import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Lab } from "./lab.ts";

/** JupyterLab's own panel. */
export function debuggerSuite(lab: () => Lab): void {
  describe("the debugger", () => {
    it("stops at a breakpoint of the gutter, shows the variables, steps, goes on and ends the cell", async () => {
      const cells = {
        kept: "let kept = 1;",
        scale:
          "function scale(n: number): number {\n  const factor = 3;\n  const product = n * factor;\n  return product;\n}\nfor (const n of [1, 2]) {\n  kept += scale(n);\n}\nkept",
      };
      await lab().withNotebook(cells, async (notebook) => {
        const { page } = lab();
        const variables = page.locator(".jp-DebuggerVariables");
        const frames = page.locator(".jp-DebuggerCallstack-body li");
        const line = notebook.cell("scale").locator(".cm-line.jp-DebuggerEditor-highlight");
        const breakpoint = notebook.cell("scale").locator(".cm-breakpoint-gutter .cm-gutterElement").nth(3);

        await notebook.run("kept");
        await notebook.panel.locator('.jp-DebuggerBugButton:not([aria-disabled="true"])').click();
        await notebook.panel.locator('.jp-DebuggerBugButton[aria-pressed="true"]').waitFor();
        await breakpoint.click();
        await notebook.start("scale");

        await line.filter({ hasText: "const product = n * factor;" }).waitFor();
        await variables.filter({ hasText: /n\s*1\s*factor\s*3/ }).waitFor();
        assert.match((await frames.allTextContents()).join("\n"), /^scale.*:3\s+cell-2.*:7$/s);
        await page.keyboard.press("F10");
        await line.filter({ hasText: "return product;" }).waitFor();
        await variables.filter({ hasText: /product\s*3/ }).waitFor();
        await lab().picture("debugger");

        await page.keyboard.press("F9");
        await variables.filter({ hasText: /n\s*2\s*factor\s*3/ }).waitFor();
        await breakpoint.click();
        await page.keyboard.press("F9");
        await notebook.hasNewNumber("scale");
        assert.equal(await notebook.text("scale"), "10");
        await frames.first().waitFor({ state: "detached" });
        await variables.filter({ hasText: /kept\s*10/ }).waitFor();
      });
    });
  });
}
