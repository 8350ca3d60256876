import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Lab, sharedNotebook } from "./lab.ts";

const cells = {
  slider:
    "import { button, slider } from 'soclab-kernel';\nconst threshold = slider({ min: 0, max: 10, step: 1, value: 3, label: 'threshold' });\nthreshold",
  read: "threshold.get('value')",
  write: "threshold.set('value', 7);",
  button: "button({ label: 'again', onClick: () => console.log('pressed') })",
};

/** Controls in the page whose state the session shares, by anywidget. */
export function widgetSuite(lab: () => Lab): void {
  describe("widgets", () => {
    const notebook = sharedNotebook(lab, cells);

    it("a slider that the keyboard moves has its new value in the next cell, and a cell moves it back", async () => {
      await notebook().run("slider");
      const slider = notebook().cell("slider").getByRole("slider", { name: "threshold" });
      assert.equal(await slider.inputValue(), "3");
      await slider.focus();
      await lab().page.keyboard.press("ArrowRight");
      assert.equal(await slider.inputValue(), "4");
      await notebook().run("read");
      assert.equal(await notebook().text("read"), "4");
      await lab().picture("slider");
      await notebook().run("write");
      await notebook().cell("slider").locator("output").filter({ hasText: "7" }).waitFor();
      assert.equal(await slider.inputValue(), "7");
    });

    it("a button that is pressed calls the session, whose output appears", async () => {
      await notebook().run("button");
      await notebook().cell("button").getByRole("button", { name: "again" }).click();
      await notebook().outputs("button").filter({ hasText: "pressed" }).waitFor();
    });
  });
}
