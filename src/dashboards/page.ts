import { createHash } from "node:crypto";
import type { DashboardData } from "./dashboard-data.ts";
import { figureCard } from "./figure.ts";
import { budgetFigure } from "./figures/budget.ts";
import { contributionsFigure } from "./figures/contributions.ts";
import { distributionFigure } from "./figures/distribution.ts";
import { entitiesFigure } from "./figures/entities.ts";
import { httpFailuresFigure } from "./figures/http-failures.ts";
import { volumeFigure } from "./figures/volume.ts";
import { periodText } from "./format.ts";
import { type Html, html } from "./html.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import { plotlySource, plotlyStyleIds } from "./plotly-bundle.ts";
import { alertTableSection } from "./sections/alert-table.ts";
import { headlineSection } from "./sections/headline.ts";
import { honestySection } from "./sections/honesty.ts";
import { ledgerSection } from "./sections/ledger.ts";
import { provenanceSection } from "./sections/provenance.ts";

const navigation = [
  ["honesty", "Trust"],
  ["volume", "Over time"],
  ["distribution", "Distribution"],
  ["budget", "Budget"],
  ["entities", "Entities"],
  ["http-failures", "HTTP 404"],
  ["contributions", "Features"],
  ["alerts", "Alerts"],
  ["ledger", "Ledger"],
  ["provenance", "Provenance"],
] as const;

/**
 * The dashboard as one HTML page that needs nothing else: no request leaves it (its policy forbids them), and only the two scripts that it was
 * made with run. The same data gives the same bytes.
 */
export function renderDashboard(data: DashboardData): string {
  const plotly = plotlySource();
  const policy = [
    "default-src 'none'",
    `script-src ${hashSource(plotly)} ${hashSource(pageScript)}`,
    `style-src ${hashSource(pageStyle)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${data.generator}">
<title>${data.title}</title>
<link rel="icon" href="data:,">
<style id="plotly.js-style-global" class="no-inline-styles">${raw(pageStyle)}</style>
${plotlyStyleIds().map((id) => html`<template id="${id}"></template>`)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${header(data)}
<main id="main" tabindex="-1">
${headlineSection(data)}
${honestySection(data)}
<div class="grid">
${figureCard(volumeFigure(data.volume), "wide")}
${figureCard(distributionFigure(data.distribution))}
${figureCard(budgetFigure(data.evaluation))}
${figureCard(entitiesFigure(data.entities, data.alerts.total))}
${figureCard(httpFailuresFigure(data.httpFailures))}
${figureCard(contributionsFigure(data.topAlerts), "wide")}
</div>
${alertTableSection(data.topAlerts, data.alerts.total)}
${ledgerSection(data.ledger)}
${provenanceSection(data.model, data.datasets)}
</main>
<footer><p>Made by ${data.generator}. Charts by plotly.js.${data.credits.map(({ text, url }) => html` <a href="${url}">${text}</a>.`)} All times are UTC. This page holds its data and asks the network for nothing.</p></footer>
<script>${raw(plotly)}</script>
<script>${raw(pageScript)}</script>
</body>
</html>
`;
  return page.html;
}

function header({ title, subtitle, period }: DashboardData): Html {
  return html`<header>
<div class="bar">
<p class="brand"><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false"><path d="M3 17l5-6 4 4 4-8 5 6" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/><circle cx="16" cy="7" r="2.4" fill="currentColor"/></svg>soclab</p>
<button type="button" id="theme" hidden>Dark theme</button>
</div>
<h1>${title}</h1>
${subtitle === null ? null : html`<p class="lead">${subtitle}</p>`}
${period === null ? null : html`<p class="period">Scored: ${periodText(period)}</p>`}
<nav aria-label="Sections"><ul>${navigation.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>`;
}

/** What we wrote ourselves and must reach the page byte for byte: the policy allows it by its hash. */
function raw(text: string): Html {
  return { html: text };
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
