import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve, sep } from "node:path";
import { escapeHtml } from "../display/escape-html.ts";
import { highlightTypescript } from "./highlight-typescript.ts";
import { markdownHtml } from "./markdown-html.ts";
import { type Cell, type CodeCell, isCodeCell, languageOf, type Notebook, type TextCell } from "./notebook.ts";
import { outputHtml, plotlyMime } from "./output-html.ts";
import { pageStyle } from "./page-style.ts";

export interface PageOptions {
  /** Shown where the notebook has no heading: its file's name. */
  readonly name: string;
  /** The notebook's folder: pictures in it that Markdown names are taken into the page. */
  readonly folder: string;
  /** The language of the cells where the notebook does not say it. @default "typescript" */
  readonly language?: string;
}

// Whatever an output holds, nothing is fetched and nothing is sent.
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; script-src 'unsafe-inline' 'unsafe-eval' blob: data:; worker-src blob:";

/** The notebook as one HTML page that needs no network; Plotly's figures stay interactive where plotly.js is installed. */
export function notebookPage(notebook: Notebook, options: PageOptions): string {
  const hasFigures = notebook.cells.some(
    (cell) => isCodeCell(cell) && cell.outputs.some((output) => "data" in output && plotlyMime in output.data),
  );
  const plotly = hasFigures ? plotlySource(options.folder) : undefined;
  const language = languageOf(notebook) ?? options.language ?? "typescript";
  const headingIds = new Set<string>();
  const highlight = (code: string, name: string) => (isTypescript(name) ? highlightTypescript(code) : escapeHtml(code));
  const markdown = (text: string, cell?: TextCell) =>
    markdownHtml(text, { headingIds, highlight, resolveImage: (address) => imageAddress(address, cell, options.folder) });
  const codeCell = (cell: CodeCell) => {
    const outputs = cell.outputs.map((output) => outputHtml(output, { hasPlotly: plotly !== undefined, markdown })).join("\n");
    const label = cell.execution_count === null ? "Code" : `In [${cell.execution_count}]`;
    const shown = outputs === "" ? "" : `<div class="outputs">${outputs}</div>`;
    const code = cell.source === "" || isHidden(cell) ? "" : `<pre class="code"><code>${highlight(cell.source, language)}</code></pre>`;
    return `<section class="cell" aria-label="${label}"><div class="count" aria-hidden="true">${label}</div>${code}${shown}</section>`;
  };
  const cellHtml = (cell: Cell) => {
    if (isCodeCell(cell)) return codeCell(cell);
    if (cell.cell_type === "markdown") return `<section class="cell markdown">${markdown(cell.source, cell)}</section>`;
    return `<section class="cell"><pre>${escapeHtml(cell.source)}</pre></section>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(titleOf(notebook) ?? options.name)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${notebook.cells.map(cellHtml).join("\n")}
</main>
${plotly === undefined ? "" : `<script>${scriptText(plotly)}</script>\n<script>${drawFigures}</script>\n`}</body>
</html>
`;
}

const drawFigures = `for (const element of document.querySelectorAll(".figure")) {
  const { data, layout, config, frames } = JSON.parse(element.querySelector("script").textContent);
  element.replaceChildren();
  Plotly.newPlot(element, { data, layout, frames, config: { responsive: true, displaylogo: false, ...config } });
}`;

/** plotly.js as one file, from the notebook's packages or this package's. */
function plotlySource(folder: string): string | undefined {
  for (const from of [join(folder, "notebook.js"), import.meta.url]) {
    try {
      return readFileSync(createRequire(from).resolve("plotly.js-dist-min"), "utf8");
    } catch {
      // The next one may have it; without any, figures are shown as their picture.
    }
  }
  return undefined;
}

/** Code that may stand in a script element: in a string or pattern, `<\/script` is the same. */
function scriptText(code: string): string {
  return code.replace(/<\/(?=script)/gi, "<\\/").replaceAll("<!--", "<\\!--");
}

function isTypescript(language: string): boolean {
  return /^(?:type|java)script$|^[tj]sx?$/i.test(language);
}

/** JupyterLab's own mark of a cell whose code is folded away. */
function isHidden({ metadata }: CodeCell): boolean {
  const { jupyter } = metadata;
  return typeof jupyter === "object" && jupyter !== null && "source_hidden" in jupyter && jupyter.source_hidden === true;
}

function titleOf({ cells }: Notebook): string | undefined {
  for (const cell of cells) {
    const heading = cell.cell_type === "markdown" ? /^#\s+(.+?)\s*#*\s*$/m.exec(cell.source)?.[1] : undefined;
    if (heading !== undefined) return heading.replace(/[*_`]/g, "");
  }
  return undefined;
}

const imageTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};
const largestImageBytes = 20_000_000;

/** A data address for a cell's attachment or a picture in the notebook's folder; undefined for all else. */
function imageAddress(address: string, cell: TextCell | undefined, folder: string): string | undefined {
  if (/^data:image\//i.test(address)) return address;
  if (address.startsWith("attachment:")) {
    const bundle = cell?.attachments?.[decoded(address.slice("attachment:".length))] ?? {};
    const found = Object.entries(bundle).find(([mime, data]) => mime.startsWith("image/") && typeof data === "string");
    return found && `data:${found[0]};base64,${found[1]}`;
  }
  const mime = imageTypes[extname(address).toLowerCase()];
  if (mime === undefined || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) return undefined;
  try {
    const base = realpathSync(folder);
    const path = realpathSync(resolve(base, decoded(address)));
    if (!path.startsWith(base + sep)) return undefined;
    const bytes = readFileSync(path);
    return bytes.length > largestImageBytes ? undefined : `data:${mime};base64,${bytes.toString("base64")}`;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
