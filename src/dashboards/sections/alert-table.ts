import type { TopAlert } from "../dashboard-data.ts";
import { labelLook } from "../figure.ts";
import { compact, count, fixed, relevanceText, second, shortened } from "../format.ts";
import { type Html, html } from "../html.ts";

const columns = [
  { key: "relevance", name: "Relevance", order: "descending" },
  { key: "time", name: "Time (UTC)", order: "ascending" },
  { key: "entity", name: "Entity", order: "ascending" },
  { key: "signature", name: "Signature", order: "ascending" },
  { key: "label", name: "Label", order: "ascending" },
  { key: "why", name: "Why", order: null },
] as const;

/** The highest alerts. Sorted by the page's script; without it they stand by relevance, as they come. */
export function alertTableSection(alerts: readonly TopAlert[], total: number): Html {
  const summary =
    alerts.length === 0
      ? "No alert was raised."
      : `The ${count(alerts.length)} highest of ${count(total)} by relevance. Choose a column head to sort. Points under "why" add up to the relevance.`;
  return html`<section class="card" aria-labelledby="alerts-title" id="alerts">
<h2 id="alerts-title">Top alerts</h2>
<p class="summary" id="alerts-summary">${summary}</p>
${alerts.length === 0 ? null : table(alerts)}
</section>`;
}

function table(alerts: readonly TopAlert[]): Html {
  return html`<p class="sort-choice"><label for="sort-by">Sort by</label> <select id="sort-by">${columns
    .filter((column) => column.order !== null)
    .map((column) => html`<option value="${column.key}">${column.name.toLowerCase()}</option>`)}</select></p>
<table class="alerts" id="alert-table" role="table" aria-describedby="alerts-summary">
<caption class="visually-hidden">Top alerts</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => head(column))}</tr></thead>
<tbody role="rowgroup">${alerts.map((alert) => row(alert))}</tbody>
</table>
<p class="visually-hidden" role="status" id="sort-status"></p>`;
}

function head({ key, name, order }: (typeof columns)[number]): Html {
  if (order === null) return html`<th scope="col" role="columnheader">${name}</th>`;
  const sorted = key === "relevance" ? html` aria-sort="descending"` : null;
  return html`<th scope="col" role="columnheader" data-key="${key}"${sorted}><button type="button" data-order="${order}">${name}<span class="arrow" aria-hidden="true"></span></button></th>`;
}

function row(alert: TopAlert): Html {
  const look = labelLook(alert.label);
  return html`<tr role="row" data-relevance="${alert.relevance}" data-time="${alert.time ?? 0}" data-entity="${alert.entity}" data-signature="${alert.signature}" data-label="${alert.label}">
<td role="cell" class="number relevance"><span class="cell-name">Relevance</span><b>${relevanceText(alert.relevance)}</b>${meter(alert.relevance)}</td>
<td role="cell" class="time"><span class="cell-name">Time (UTC)</span>${second(alert.time)}${alert.late ? html` <span class="tag">late</span>` : null}</td>
<th role="rowheader" scope="row" class="entity"><span class="cell-name">Entity</span><span class="mono">${alert.entity ?? "(none)"}</span>${flow(alert)}</th>
<td role="cell" class="signature"><span class="cell-name">Signature</span>${shortened(alert.signature, 160)} <span class="tag">${alert.source}</span></td>
<td role="cell" class="label"><span class="cell-name">Label</span><span class="label-mark" data-look="${look.name}" aria-hidden="true"></span>${look.name}${alert.verdict === null ? null : html`<br><span class="tag">${alert.verdict}</span>`}</td>
<td role="cell" class="why"><span class="cell-name">Why</span>${why(alert)}</td>
</tr>
`;
}

/** Drawn with an SVG attribute: the page's policy allows no inline style. */
function meter(relevance: number): Html {
  return html`<svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="4"/><rect class="fill" width="${fixed(relevance, 1)}" height="4"/></svg>`;
}

function flow(alert: TopAlert): Html | null {
  if (alert.from === null && alert.to === null) return null;
  return html`<span class="flow mono">${alert.from ?? "?"}<span aria-label=" to "> → </span>${alert.to ?? "?"}</span>`;
}

function why(alert: TopAlert): Html {
  const features = alert.features
    .slice(0, 3)
    .map(({ name, value }) => html`<li><span class="mono">${name}</span> = ${compact(value)}</li>`);
  return html`<ul class="parts">${alert.contributions
    .filter(({ points }) => points !== 0)
    .map(
      ({ name, points, evidence }) =>
        html`<li><span class="points">${points < 0 ? "−" : "+"}${fixed(Math.abs(points), 1)}</span> ${name}${name === "model" ? null : html` <span class="evidence">(${evidence})</span>`}</li>`,
    )}</ul>${features.length === 0 ? null : html`<ul class="features" aria-label="strongest features">${features}</ul>`}`;
}
