import type { DashboardDataset, DashboardModel } from "../dashboard-data.ts";
import { count, periodText } from "../format.ts";
import { type Html, html } from "../html.ts";

/** Where the data and the model come from, to the byte. */
export function provenanceSection(model: DashboardModel | null, datasets: readonly DashboardDataset[]): Html {
  return html`<section class="card" aria-labelledby="provenance-title" id="provenance">
<h2 id="provenance-title">Provenance</h2>
<div class="provenance">
<div><h3>Model</h3>${model === null ? html`<p class="summary">No model was given.</p>` : modelList(model)}</div>
<div><h3>Data</h3>${datasets.length === 0 ? html`<p class="summary">No manifest was given.</p>` : datasetTable(datasets)}</div>
</div>
</section>`;
}

function modelList(model: DashboardModel): Html {
  const rows: [string, Html][] = [
    ["Model", html`<b>${model.name}@${model.version}</b>, ${model.detector}`],
    [
      "Trained on",
      html`${model.training === null ? "not known" : periodText(model.training)}${model.trainingRows === null ? null : `, ${count(model.trainingRows)} events`}`,
    ],
    ["Artefact", hash(model.artefactHash)],
    ["Definition", hash(model.definitionHash)],
    ["Features", html`<span class="mono wrap">${model.features.join(", ")}</span>`],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function datasetTable(datasets: readonly DashboardDataset[]): Html {
  return html`<div class="scroll" role="region" aria-label="Data sets" tabindex="0"><table>
<caption class="visually-hidden">Data sets, their sources, licences and checksums</caption>
<thead><tr><th scope="col">Data set</th><th scope="col" class="number">Records</th><th scope="col">Source</th><th scope="col">Licence</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${datasets.map(
    (dataset) =>
      html`<tr><th scope="row">${dataset.name}</th><td class="number">${count(dataset.records)}</td><td class="wrap">${dataset.source}</td><td>${dataset.licence}</td><td>${hash(dataset.sha256)}</td></tr>
`,
  )}</tbody></table></div>`;
}

function hash(value: string): Html {
  return html`<span class="mono hash">${value}</span>`;
}
