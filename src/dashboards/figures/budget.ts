import type { DashboardEvaluation } from "../dashboard-data.ts";
import type { Figure } from "../figure.ts";
import { count, fixed, percent, plural } from "../format.ts";

/** Precision and recall of a team that looks at the k highest of each day, against a ranking by chance. */
export function budgetFigure(evaluation: DashboardEvaluation | null): Figure {
  const figure = { id: "budget", title: "Precision and recall at budget", height: 340 };
  const budgets = (evaluation?.budgets ?? []).toSorted((a, b) => a.alertsPerDay - b.alertsPerDay);
  if (evaluation === null || budgets.length === 0) {
    return {
      ...figure,
      summary: "Not measured: that takes labelled events of a later period than the model was trained on.",
      plot: null,
      table: null,
    };
  }
  const { baseRate } = evaluation;
  const x = budgets.map((budget) => budget.alertsPerDay);
  const first = budgets[0]!;
  return {
    ...figure,
    summary: `A team that looks at the ${count(first.alertsPerDay)} highest a day for ${plural(first.days, "day")} sees ${fixed(first.hits, Number.isInteger(first.hits) ? 0 : 1)} truly malicious in ${count(first.alerts)}: precision ${percent(first.precision)}, recall ${percent(first.recall)}. A ranking by chance has precision ${percent(baseRate)} (dashed line).`,
    plot: {
      data: [
        curve(
          "precision",
          x,
          budgets.map((budget) => budget.precision),
          "@accent",
          "circle",
          "solid",
        ),
        curve(
          "recall",
          x,
          budgets.map((budget) => budget.recall),
          "@malicious",
          "square",
          "dash",
        ),
        ...(baseRate === null
          ? []
          : [
              {
                ...curve(
                  "precision by chance",
                  x,
                  x.map(() => baseRate),
                  "@muted",
                  "circle",
                  "dot",
                ),
                mode: "lines",
              },
            ]),
      ],
      layout: {
        margin: { l: 56, r: 16, t: 36, b: 48 },
        legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom" },
        xaxis: { type: "log", title: { text: "alerts looked at a day (log scale)" }, tickvals: x, ticktext: x.map(count) },
        yaxis: { range: [0, 1.04], tickformat: ".0%", title: { text: "share" }, nticks: 6 },
      },
      narrow: {
        "margin.t": 64,
        "margin.l": 48,
        "xaxis.tickangle": 0,
        "xaxis.ticktext": x.map((k, i) => (x.length > 5 && i % 2 === 1 ? "" : count(k))),
      },
    },
    table: {
      caption: "Precision and recall by alerts looked at a day",
      columns: ["Alerts a day", "Days", "Alerts", "Malicious among them", "Precision", "Recall"].map((name) => ({ name, isNumber: true })),
      rows: budgets.map((budget) => [
        count(budget.alertsPerDay),
        count(budget.days),
        count(budget.alerts),
        fixed(budget.hits, 1),
        percent(budget.precision),
        percent(budget.recall),
      ]),
    },
  };
}

function curve(name: string, x: readonly number[], y: readonly (number | null)[], color: string, symbol: string, dash: string) {
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y,
    line: { color, width: 2.5, dash },
    marker: { symbol, size: 8, color },
    hovertemplate: `${name} %{y:.1%}<br>at %{x:,} a day<extra></extra>`,
  };
}
