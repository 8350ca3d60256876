import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Lab } from "./lab.ts";

/** Controls in the page whose state the session shares, by anywidget. */
export function widgetSuite(lab: () => Lab): void {
  describe("widgets", () => {
    it("a slider that the keyboard moves has its new value in the next cell, and a cell moves it back", async () => {
      const cells = [
        "import { slider } from 'soclab-kernel';\nconst threshold = slider({ min: 0, max: 10, step: 1, value: 3, label: 'threshold' });\nthreshold",
        "threshold.get('value')",
        "threshold.set('value', 7);",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        const slider = notebook.cell(0).getByRole("slider", { name: "threshold" });
        assert.equal(await slider.inputValue(), "3");
        await slider.focus();
        await lab().page.keyboard.press("ArrowRight");
        assert.equal(await slider.inputValue(), "4");
        await notebook.run(1);
        assert.equal(await notebook.text(1), "4");
        await lab().picture("slider");
        await notebook.run(2);
        await notebook.cell(0).locator("output").filter({ hasText: "7" }).waitFor();
        assert.equal(await slider.inputValue(), "7");
      });
    });

    it("a button that is pressed calls the session, whose output appears", async () => {
      const cells = ["import { button } from 'soclab-kernel';\nbutton({ label: 'again', onClick: () => console.log('pressed') })"];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        await notebook.cell(0).getByRole("button", { name: "again" }).click();
        await notebook.outputs(0).filter({ hasText: "pressed" }).waitFor();
      });
    });
  });
}
