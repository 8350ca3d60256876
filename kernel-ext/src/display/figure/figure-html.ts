import type { MimeData } from "../displayable.ts";
import { escapeHtml } from "../escape-html.ts";
import { toJsonData } from "../json-data.ts";
import { Figure } from "./figure.ts";
import { figureSummary } from "./figure-summary.ts";
import type { Config, Layout, Trace } from "./trace.ts";

export interface FigureHtmlOptions {
  /** Source of plotly.js, put before the figure. Without it, the page has to have loaded `Plotly`; one copy serves all its figures. */
  readonly plotlyJs?: string;
}

/** What `application/vnd.plotly.v1+json` holds, such as a {@link Figure} or an output of a saved notebook. */
export interface FigureData {
  readonly data: readonly Trace[];
  readonly layout?: Layout;
  readonly config?: Config;
}

/**
 * An interactive figure as a fragment of an HTML page that needs nothing from elsewhere. For exported pages: Jupyter runs no scripts
 * of outputs that it does not trust.
 */
export function figureHtml(given: Figure | FigureData, { plotlyJs }: FigureHtmlOptions = {}): string {
  const { data, layout = {}, config = {} } = given;
  const figure = given instanceof Figure ? given.toJSON() : toJsonData({ data, layout, config });
  const height = typeof layout.height === "number" && Number.isFinite(layout.height) ? layout.height : 450;
  const place = `<div class="plotly-figure" role="img" aria-label="${escapeHtml(figureSummary({ data, layout }))}" style="height:${height}px"></div>`;
  const call =
    "((place, figure) => Plotly.newPlot(place, figure.data, figure.layout, { responsive: true, ...figure.config }))" +
    `(document.currentScript.previousElementSibling, ${scriptJson(figure)})`;
  const library = plotlyJs === undefined ? "" : `${plotlyScript(plotlyJs)}\n`;
  return `${library}${place}<script>${call}</script>`;
}

/** plotly.js as a script of the page. */
export function plotlyScript(source: string): string {
  return `<script>${source.replace(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "<\\!--")}</script>`;
}

/** JSON that cannot end the script it stands in. */
function scriptJson(value: MimeData): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
