import type { DashboardData } from "../dashboard-data.ts";
import { count, fixed, percent } from "../format.ts";
import { headlineBudget } from "../headline-budget.ts";
import { type Html, html } from "../html.ts";

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** The figures that a reader looks for first, each with what it has to be read against. */
export function headlineSection({ ledger, alerts, evaluation }: DashboardData): Html {
  const budget = headlineBudget(evaluation?.budgets ?? []);
  const baseRate = evaluation?.baseRate ?? null;
  const chance = `a ranking by chance: ${fixed(baseRate, 2)}`;
  const sources = alerts.bySource.map(({ source, count: n }) => `${count(n)} ${source}`).join(" · ");
  const tiles: Tile[] = [
    {
      name: "Events scored",
      value: count(ledger?.scored ?? null),
      note: ledger === null ? "no ledger given" : `of ${count(ledger.in)} read`,
    },
    { name: "Alerts", value: count(alerts.total), note: sources === "" ? "none raised" : sources },
    { name: "AUC-ROC", value: fixed(evaluation?.auc ?? null, 3), note: evaluation ? "a ranking by chance: 0.5" : "not measured" },
    { name: "Average precision", value: fixed(evaluation?.ap ?? null, 3), note: evaluation ? chance : "not measured" },
    {
      name: budget ? `Precision at ${count(budget.alertsPerDay)} a day` : "Precision at budget",
      value: percent(budget?.precision ?? null),
      note: budget ? `by chance: ${percent(baseRate)}` : "not measured",
    },
    {
      name: budget ? `Recall at ${count(budget.alertsPerDay)} a day` : "Recall at budget",
      value: percent(budget?.recall ?? null),
      note: budget ? `at most ${percent(mostRecall(budget.alerts, evaluation?.positives ?? 0))} is possible` : "not measured",
    },
  ];
  return html`<section aria-labelledby="headline-title" id="headline">
<h2 id="headline-title" class="visually-hidden">Headline figures</h2>
<dl class="tiles">${tiles.map(
    (
      tile,
    ) => html`<div class="tile"><dt>${tile.name}</dt><dd><span class="value">${tile.value}</span><span class="note">${tile.note}</span></dd></div>
`,
  )}</dl>
</section>`;
}

/** A team that sees n alerts cannot find more than n. */
function mostRecall(alerts: number, positives: number): number | null {
  return positives === 0 ? null : Math.min(1, alerts / positives);
}
