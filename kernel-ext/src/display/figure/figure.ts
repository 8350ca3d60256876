import { inspect } from "node:util";
import { displaySymbol, type MimeBundle, type MimeData } from "../displayable.ts";
import { figureSvg } from "../picture/picture.ts";
import { messageOf } from "../plain-text.ts";
import { figureSummary } from "./figure-summary.ts";
import { plotlyJson } from "./plotly-json.ts";
import type { Config, FigureParts, Layout, Trace } from "./trace.ts";

/**
 * A figure of Plotly. Every front end finds the form that it knows: JupyterLab and VS Code draw the interactive one, nbconvert and
 * others a static picture, a terminal says what is drawn.
 */
export class Figure implements FigureParts {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly config: Config;

  constructor(data: readonly Trace[], layout: Layout = {}, config: Config = {}) {
    this.data = data;
    this.layout = layout;
    this.config = config;
  }

  /** As Plotly's own JSON: `{ data, layout, config }`. */
  toJSON(): { [name: string]: MimeData } {
    return plotlyJson(this);
  }

  /** A static picture: scatter, bar, histogram, box and heatmap on one pair of axes; undefined where it would draw nothing. */
  toSvg(): string | undefined {
    return figureSvg(this);
  }

  [displaySymbol](): MimeBundle {
    const bundle: MimeBundle = { "text/plain": figureSummary(this), "application/vnd.plotly.v1+json": this.toJSON() };
    try {
      const picture = this.toSvg();
      return picture === undefined ? bundle : { ...bundle, "image/svg+xml": picture };
    } catch (error) {
      // What is no figure to us may be one to Plotly.
      return { ...bundle, "text/plain": `${bundle["text/plain"]}\n(no static picture: ${messageOf(error)})` };
    }
  }

  [inspect.custom](): string {
    return figureSummary(this);
  }
}

/**
 * A figure to show, by Plotly's attributes.
 *
 * @see https://plotly.com/javascript/reference/
 * @example
 * plot([{ type: "histogram", x: flows.map((flow) => flow.duration) }], { title: "Duration", xaxis: { title: "seconds" } });
 */
export function plot(data: Trace | readonly Trace[], layout: Layout = {}, config: Config = {}): Figure {
  return new Figure(isTraces(data) ? data : [data], layout, config);
}

function isTraces(data: Trace | readonly Trace[]): data is readonly Trace[] {
  return Array.isArray(data);
}
