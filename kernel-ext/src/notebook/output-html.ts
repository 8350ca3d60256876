import type { NotebookOutput } from "../client/index.ts";
import type { MimeBundle, MimeData } from "../display/displayable.ts";
import { escapeHtml } from "../display/escape-html.ts";
import { ansiHtml } from "./ansi-html.ts";
import { overwritten } from "./format-notebook.ts";

export interface OutputHtmlOptions {
  /** The page has plotly.js, so that figures are drawn by it. */
  readonly hasPlotly: boolean;
  readonly markdown: (text: string) => string;
}

export const plotlyMime = "application/vnd.plotly.v1+json";

/** One output as HTML. HTML that a cell gave is taken as it is: the cell has just run here. */
export function outputHtml(output: NotebookOutput, options: OutputHtmlOptions): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="stream ${output.name}">${ansiHtml(overwritten(output.text))}</pre>`;
    case "error": {
      const text = output.traceback.length > 0 ? output.traceback.join("\n") : `${output.ename}: ${output.evalue}`;
      return `<pre class="error" role="alert">${ansiHtml(text)}</pre>`;
    }
    default:
      return bundleHtml(output.data, options);
  }
}

const binaryImages = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];

/** The richest form that is safe in a page without network. */
function bundleHtml(data: MimeBundle, { hasPlotly, markdown }: OutputHtmlOptions): string {
  const text = (mime: string) => textOf(data[mime]);
  const plain = text("text/plain");
  const figure = data[plotlyMime];
  if (figure !== undefined && hasPlotly) {
    // A browser ends the element at the first </script>, wherever it stands.
    const json = JSON.stringify(figure).replaceAll("<", "\\u003c");
    return `<div class="figure" role="img" aria-label="${escapeHtml(figureTitle(figure))}"><script type="application/json">${json}</script></div>`;
  }
  const html = figure === undefined ? text("text/html") : undefined;
  if (html !== undefined) return `<div class="html">${html}</div>`;
  const formatted = text("text/markdown");
  if (formatted !== undefined) return `<div class="markdown">${markdown(formatted)}</div>`;
  const svg = text("image/svg+xml");
  if (svg !== undefined) return image("image/svg+xml", Buffer.from(svg).toString("base64"), plain);
  for (const mime of binaryImages) {
    const base64 = text(mime);
    if (base64 !== undefined) return image(mime, base64.replace(/\s/g, ""), plain);
  }
  const latex = text("text/latex");
  if (latex !== undefined) return `<pre class="formula">${escapeHtml(latex)}</pre>`;
  const json = data["application/json"];
  if (json !== undefined) return `<pre class="json">${escapeHtml(JSON.stringify(json, undefined, 2))}</pre>`;
  return plain === undefined ? "" : `<pre>${ansiHtml(plain)}</pre>`;
}

function image(mime: string, base64: string, description: string | undefined): string {
  const alt = (description ?? "picture").slice(0, 200);
  return `<img src="data:${mime};base64,${escapeHtml(base64)}" alt="${escapeHtml(alt)}">`;
}

function textOf(data: MimeData | undefined): string | undefined {
  if (typeof data === "string") return data;
  return Array.isArray(data) && data.every((line) => typeof line === "string") ? data.join("") : undefined;
}

function figureTitle(figure: MimeData): string {
  const title = member(member(figure, "layout"), "title");
  const text = typeof title === "string" ? title : member(title, "text");
  return typeof text === "string" && text !== "" ? text.replace(/<[^>]*>/g, "") : "figure";
}

function member(value: MimeData | undefined, name: string): MimeData | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;
}
