import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Bars and lines: a quarter of the full bundle, and it keeps to a strict style policy, which the full one does not. */
const bundle = "plotly.js-basic-dist-min/plotly-basic.min.js";

let source: string | undefined;

/** plotly.js as it ships, for a `<script>` of its own. Read once. */
export function plotlySource(): string {
  source ??= readFileSync(createRequire(import.meta.url).resolve(bundle), "utf8");
  // Where a script element ends: at the first, or, after the second, not at its own end tag.
  if (/<\/script|<!--[\s\S]*<script/i.test(source)) throw new Error(`${bundle} cannot be inlined: it holds a script tag`);
  return source;
}
