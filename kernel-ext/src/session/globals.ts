import { display } from "../display/display.ts";
import { plot } from "../display/figure/figure.ts";
import { html, svg } from "../display/html.ts";
import { image } from "../display/image.ts";
import { json } from "../display/json.ts";
import { latex } from "../display/latex.ts";
import { md } from "../display/markdown.ts";
import { progress } from "../display/progress/progress.ts";
import { table } from "../display/table.ts";
import { kernel, password, prompt } from "./current-kernel.ts";

/** Puts what every cell may use without an import on the global object. A cell may declare the same names itself. */
export function offerGlobals(require: NodeJS.Require, directory: string): void {
  const shown = { display, html, md, svg, latex, json, table, image, plot, progress };
  const globals = { ...shown, kernel, prompt, password, require, __dirname: directory };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
