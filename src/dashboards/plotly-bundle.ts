import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const bundle = "plotly.js-dist-min/plotly.min.js";

let source: string | undefined;

/** plotly.js as it ships, for a `<script>` of its own. Read once. */
export function plotlySource(): string {
  source ??= readFileSync(createRequire(import.meta.url).resolve(bundle), "utf8");
  // Where a script element ends: at the first, or, after the second, not at its own end tag.
  if (/<\/script|<!--[\s\S]*<script/i.test(source)) throw new Error(`${bundle} cannot be inlined: it holds a script tag`);
  return source;
}

/**
 * Ids of the style sheets that the bundle adds to a page which has no element of that id. They are for maps, and the page's policy would refuse
 * them with a complaint: an empty element of the id keeps them out.
 */
export function plotlyStyleIds(): string[] {
  return [...plotlySource().matchAll(/getElementById\("([0-9a-f]{64})"\)/g)].map((match) => match[1]!);
}
