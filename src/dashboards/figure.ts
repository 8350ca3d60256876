import { type Html, html, jsonForScript } from "./html.ts";
import { type DataTable, dataTable } from "./table.ts";

/**
 * One chart in three forms that say the same: a plot for the eye, a sentence for everyone, a table for the numbers. Colours are names
 * (`"@malicious"`); the page puts the theme's colour in.
 */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What the chart shows and what stands out, in one or two sentences. */
  readonly summary: string;
  /** Null where there is nothing to draw; the summary then says why. */
  readonly plot: Plot | null;
  readonly table: DataTable | null;
  /** Pixels. */
  readonly height: number;
}

export interface Plot {
  readonly data: readonly Record<string, unknown>[];
  readonly layout: Record<string, unknown>;
  /** Changes for a narrow screen, by path: `"xaxis.nticks": 4`. */
  readonly narrow?: Readonly<Record<string, unknown>> | undefined;
}

/** The figure as a card; its plot is drawn by the page's script from the JSON beside it. */
export function figureCard(figure: Figure, className = ""): Html {
  const { id, title, summary, plot, table, height } = figure;
  return html`<section class="card ${className}" aria-labelledby="${id}-title" id="${id}">
<h2 id="${id}-title">${title}</h2>
<p class="summary" id="${id}-summary">${summary}</p>
${
  plot === null
    ? html`<p class="empty" aria-hidden="true">Nothing to draw</p>`
    : html`<div class="plot" data-height="${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-summary" id="${id}-plot"><p class="no-script">This chart needs JavaScript; its numbers are in the table below.</p></div>
<script type="application/json" id="${id}-json">${jsonForScript(plot)}</script>`
}
${table === null ? null : html`<details><summary>Numbers of this chart as a table</summary>${dataTable(table)}</details>`}
</section>`;
}

/** Known labels in reading order, with their colour, pattern and symbol: never by colour alone. */
const labelLooks: readonly { readonly label: string | null; readonly name: string; readonly colour: string; readonly pattern: string }[] = [
  { label: "malicious", name: "malicious", colour: "@malicious", pattern: "" },
  { label: "benign", name: "benign", colour: "@benign", pattern: "/" },
  { label: "background", name: "background", colour: "@background", pattern: "." },
  { label: null, name: "no label", colour: "@unlabelled", pattern: "x" },
];

export interface LabelLook {
  readonly name: string;
  readonly colour: string;
  readonly pattern: string;
}

export function labelLook(label: string | null): LabelLook {
  return labelLooks.find((look) => look.label === label) ?? { name: label ?? "no label", colour: "@series6", pattern: "+" };
}

/** Labels that occur, known ones first and in their order. */
export function labelOrder(labels: Iterable<string | null>): (string | null)[] {
  const place = (label: string | null) => {
    const at = labelLooks.findIndex((look) => look.label === label);
    return at < 0 ? labelLooks.length : at;
  };
  return [...new Set(labels)].sort((a, b) => place(a) - place(b) || String(a).localeCompare(String(b), "en"));
}

/** The marker of a bar: a colour, and a pattern on it. */
export function barMarker(colour: string, pattern: string): Record<string, unknown> {
  return {
    color: colour,
    pattern: { shape: pattern, bgcolor: colour, fgcolor: "@patternInk", fgopacity: 0.42, size: 6, solidity: 0.25 },
    line: { width: 0 },
  };
}
