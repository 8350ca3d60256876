const light = `
  color-scheme: light;
  --page: #f4f6f8; --card: #ffffff; --raised: #ffffff; --ink: #17202c; --quiet: #51606f; --rule: #dfe4ea; --grid: #d3dae2;
  --accent: #1f5fa8; --focus: #0b57d0; --wash: #eaf1f9; --good: #0b6b47; --bad: #a32a14;
  --malicious: #c2461a; --benign: #2f78c4; --background: #7c8794; --unlabelled: #8a63c7; --muted: #66727f;
  --patternInk: #ffffff;
  --series1: #1f5fa8; --series2: #c2461a; --series3: #0d7d74; --series4: #7b4fc4; --series5: #96690a; --series6: #b2387b;
`;

const dark = `
  color-scheme: dark;
  --page: #0f141b; --card: #171e27; --raised: #222c38; --ink: #e7ecf2; --quiet: #a4b1bf; --rule: #2a3441; --grid: #35414f;
  --accent: #74b0f0; --focus: #9cc7ff; --wash: #1a2837; --good: #5fd3a2; --bad: #ff9a85;
  --malicious: #f0855a; --benign: #5aa2ea; --background: #8b98a6; --unlabelled: #b397ea; --muted: #a0adba;
  --patternInk: #0f141b;
  --series1: #74b0f0; --series2: #f0855a; --series3: #45bfb2; --series4: #b397ea; --series5: #d6aa45; --series6: #ea84b6;
`;

/** The page's one style sheet; the first rules are the few of plotly.js that plots without a mode bar need. */
export const pageStyle = `
.js-plotly-plot .main-svg { position: absolute; top: 0; left: 0; pointer-events: none; }
.js-plotly-plot .main-svg .draglayer { pointer-events: all; }
.js-plotly-plot .crisp { shape-rendering: crispEdges; }
.js-plotly-plot .user-select-none { user-select: none; }
.js-plotly-plot .cursor-pointer { cursor: pointer; }
.js-plotly-plot .cursor-crosshair { cursor: crosshair; }
.js-plotly-plot .cursor-ew-resize { cursor: ew-resize; }
.js-plotly-plot .cursor-w-resize { cursor: w-resize; }
.js-plotly-plot .cursor-e-resize { cursor: e-resize; }

:root {
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  ${light}
}
@media (prefers-color-scheme: dark) { :root { ${dark} } }
:root[data-theme="light"] { ${light} }
:root[data-theme="dark"] { ${dark} }

* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 16px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 var(--font); }
header, main, footer { max-width: 1360px; margin: 0 auto; padding: 0 32px; }
main { display: grid; gap: 20px; padding-bottom: 8px; }
main:focus { outline: none; }
h1, h2, h3, p, ul, dl, dd { margin: 0; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -0.015em; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
h3 { font-size: 0.9375rem; font-weight: 650; margin-bottom: 8px; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: 12px; top: -60px; background: var(--card); color: var(--ink); padding: 10px 16px; border-radius: 6px; z-index: 10; }
.skip:focus { top: 12px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.mono { font-family: var(--mono); font-size: 0.92em; }
.wrap { overflow-wrap: anywhere; }

header { padding-top: 20px; padding-bottom: 20px; }
.bar { display: flex; justify-content: space-between; align-items: center; margin-bottom: 28px; }
.brand { display: flex; gap: 10px; align-items: center; font-weight: 650; color: var(--accent); letter-spacing: 0.01em; }
.bar button { min-height: 40px; padding: 0 16px; font: 500 0.875rem var(--font); color: var(--ink); background: var(--card); border: 1px solid var(--rule); border-radius: 999px; cursor: pointer; }
.bar button:hover { border-color: var(--accent); }
.lead { margin-top: 8px; max-width: 76ch; color: var(--quiet); font-size: 1.0625rem; overflow-wrap: anywhere; }
.period { margin-top: 6px; color: var(--quiet); font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
nav { margin-top: 20px; border-top: 1px solid var(--rule); padding-top: 10px; }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 4px; list-style: none; padding: 0; margin-left: -10px; }
nav a { display: block; padding: 6px 10px; border-radius: 6px; color: var(--quiet); text-decoration: none; font-size: 0.9063rem; }
nav a:hover { color: var(--ink); background: var(--wash); }

.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 16px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 16px 18px 14px; min-width: 0; }
.tile dt { color: var(--quiet); font-size: 0.875rem; font-weight: 500; }
.value { display: block; font-size: 1.875rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.note { display: block; color: var(--quiet); font-size: 0.8125rem; line-height: 1.4; overflow-wrap: anywhere; }

.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 22px 24px; min-width: 0; }
.grid { display: grid; grid-template-columns: 1fr 1fr; gap: 20px; align-items: stretch; }
.grid .card { display: flex; flex-direction: column; }
.grid details { margin-top: auto; }
.wide { grid-column: 1 / -1; }
.summary { margin-top: 6px; color: var(--quiet); font-size: 0.9375rem; max-width: 100ch; overflow-wrap: anywhere; }
.plot { margin: 12px -4px 8px; position: relative; min-height: 120px; }
.empty { flex: 1; display: grid; place-items: center; min-height: 120px; margin-top: 14px; border: 1px dashed var(--rule); border-radius: 8px; color: var(--quiet); font-size: 0.875rem; }
.no-script { color: var(--quiet); font-size: 0.875rem; padding: 0 4px; }
.honesty { border-left: 4px solid var(--accent); }
.honesty ul { margin-top: 8px; padding-left: 1.1em; display: grid; gap: 6px; max-width: 110ch; font-size: 0.9375rem; }
.honesty li::marker { color: var(--accent); }

details { border-top: 1px solid var(--rule); padding-top: 8px; font-size: 0.875rem; }
summary { cursor: pointer; padding: 6px 0; color: var(--quiet); border-radius: 4px; }
summary:hover { color: var(--ink); }
.scroll { overflow: auto; max-height: 420px; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding: 4px 8px 8px 0; }
th, td { text-align: left; padding: 7px 16px 7px 0; border-bottom: 1px solid var(--rule); vertical-align: top; font-weight: 400; }
thead th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
.scroll thead th { position: sticky; top: 0; background: var(--card); }
.number { text-align: right; }
tbody th { overflow-wrap: anywhere; }

.sort-choice { display: none; }
.alerts { margin-top: 14px; }
.alerts th, .alerts td { padding: 11px 18px 11px 0; }
.alerts th:last-child, .alerts td:last-child { padding-right: 0; }
.alerts tbody tr:last-child > * { border-bottom: 0; }
.alerts thead button { font: inherit; color: inherit; background: none; border: 0; padding: 4px 2px; margin: -4px -2px; cursor: pointer; white-space: nowrap; }
.alerts thead button:hover, .alerts th[aria-sort] button { color: var(--ink); }
.arrow::after { content: "↕"; margin-left: 6px; opacity: 0.55; }
th[aria-sort="ascending"] .arrow::after { content: "↑"; opacity: 1; }
th[aria-sort="descending"] .arrow::after { content: "↓"; opacity: 1; }
.cell-name { display: none; }
.alerts .relevance { width: 92px; text-align: left; }
.alerts .relevance b { font-size: 1.0625rem; font-weight: 650; }
.meter { display: block; width: 68px; height: 4px; margin-top: 5px; }
.meter .track { fill: var(--rule); }
.meter .fill { fill: var(--accent); }
.alerts .time { white-space: nowrap; }
.alerts .entity { min-width: 190px; }
.flow { display: block; color: var(--quiet); font-size: 0.8125rem; margin-top: 2px; }
.alerts .signature { min-width: 180px; overflow-wrap: anywhere; }
.tag { display: inline-block; padding: 0 8px; border: 1px solid var(--rule); border-radius: 999px; color: var(--quiet); font-size: 0.75rem; line-height: 1.6; white-space: nowrap; }
.alerts .label { white-space: nowrap; }
.label-mark { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 50%; background: var(--unlabelled); }
.label-mark[data-look="malicious"] { background: var(--malicious); border-radius: 1px; transform: rotate(45deg); }
.label-mark[data-look="benign"] { background: var(--benign); }
.label-mark[data-look="background"] { background: none; border: 2px solid var(--background); }
.label-mark[data-look="no label"] { background: none; border: 2px dotted var(--unlabelled); }
.why { width: 34%; min-width: 300px; }
.parts { display: flex; flex-wrap: wrap; gap: 2px 14px; }
.evidence { color: var(--quiet); }
.why ul { list-style: none; padding: 0; }
.points { font-weight: 600; font-variant-numeric: tabular-nums; }
.features { margin-top: 4px; display: flex; flex-wrap: wrap; gap: 2px 14px; color: var(--quiet); font-size: 0.8125rem; }
.features li { overflow-wrap: anywhere; }

.verdict { margin-top: 8px; font-weight: 550; font-size: 0.9375rem; }
.closes { color: var(--good); }
.gap { color: var(--bad); }
.balance { display: flex; flex-wrap: wrap; gap: 12px 20px; margin-top: 14px; }
.balance > div { position: relative; display: grid; grid-template-columns: auto 1fr; column-gap: 20px; align-items: center; }
.balance > div:first-child { column-gap: 0; }
.balance dt { grid-column: 2; color: var(--quiet); font-size: 0.875rem; font-weight: 500; }
.balance dd { grid-column: 2; }
.balance .sign { grid-row: 1 / 3; font-size: 1.5rem; color: var(--quiet); }
.balance + .summary { margin-top: 14px; }

.provenance { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; margin-top: 14px; }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 8px 18px; font-size: 0.875rem; }
.facts dt { color: var(--quiet); }
.hash { overflow-wrap: anywhere; font-size: 0.75rem; color: var(--quiet); }
td .hash { display: inline-block; min-width: 24ch; }
footer { padding-top: 20px; padding-bottom: 40px; color: var(--quiet); font-size: 0.875rem; }

@media (max-width: 1180px) {
  .tiles { grid-template-columns: repeat(3, 1fr); }
}
@media (max-width: 960px) { .grid { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 900px) {
  .alerts, .alerts tbody, .alerts tr, .alerts tbody td, .alerts tbody th { display: block; }
  .alerts thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .alerts tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 16px; padding: 16px 0; border-bottom: 1px solid var(--rule); }
  .alerts tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .alerts tbody td, .alerts tbody th { border: 0; padding: 0; min-width: 0; width: auto; white-space: normal; }
  .alerts .signature, .alerts .entity, .alerts .why { grid-column: 1 / -1; }
  .alerts .relevance { order: 1; }
  .alerts .label { order: 2; }
  .alerts .entity { order: 3; }
  .alerts .signature { order: 4; }
  .alerts .time { order: 5; grid-column: 1 / -1; }
  .alerts .why { order: 6; }
  .cell-name { display: block; color: var(--quiet); font-size: 0.75rem; }
  .sort-choice { display: flex; gap: 10px; align-items: center; margin-top: 12px; font-size: 0.875rem; }
  .sort-choice select { min-height: 40px; padding: 0 10px; font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--rule); border-radius: 8px; }
}
@media (max-width: 640px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; }
  header { padding-bottom: 16px; }
  main { gap: 14px; }
  .bar { margin-bottom: 18px; }
  h1 { font-size: 1.5rem; }
  nav ul { flex-wrap: nowrap; overflow-x: auto; margin: 0 -14px; padding: 2px 4px; }
  nav a { white-space: nowrap; min-height: 40px; line-height: 28px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 10px; }
  .tile { padding: 12px 14px; }
  .value { font-size: 1.5rem; }
  .card { padding: 16px 14px; border-radius: 10px; }
  .grid { gap: 14px; }
  .balance { display: grid; gap: 10px; }
  .balance > div { grid-template-columns: 22px 1fr; column-gap: 8px; }
}
@media (prefers-reduced-motion: no-preference) { .skip { transition: top 0.15s; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media (forced-colors: active) { .label-mark, .meter rect { forced-color-adjust: none; } }
@media print { nav, #theme, .skip { display: none; } .card, .tile { break-inside: avoid; } .scroll { max-height: none; } }
`;
