import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { service } from "../../../test/services.ts";
import { debuggerSuite } from "./debugger-suite.ts";
import { displaySuite } from "./display-suite.ts";
import { Lab } from "./lab.ts";
import { runningSuite } from "./running-suite.ts";
import { typingSuite } from "./typing-suite.ts";
import { widgetSuite } from "./widget-suite.ts";

const python = service("python", ["jupyterlab", "plotly", "anywidget"]);
const chrome = service("chromium");

describe("JupyterLab in Chromium", { skip: python.skip || chrome.skip }, () => {
  let started: Lab | undefined;
  const lab = (): Lab => {
    if (!started) throw new Error("JupyterLab did not start");
    return started;
  };
  before(async () => {
    started = await Lab.start(python, chrome);
  });
  after(() => started?.stop());

  runningSuite(lab);
  typingSuite(lab);
  displaySuite(lab);
  widgetSuite(lab);
  debuggerSuite(lab);

  it("reports no error of its own meanwhile, and asks nobody else for anything", () => {
    assert.deepEqual(lab().complaints, []);
  });
});
