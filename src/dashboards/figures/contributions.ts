import type { TopAlert } from "../dashboard-data.ts";
import { barMarker, type Figure } from "../figure.ts";
import { compact, count, fixed, relevanceText, second } from "../format.ts";
import { plainLabel } from "./plain-label.ts";
import { barsHeight } from "./ranked-bars.ts";

const shownAlerts = 10;
const shownFeatures = 6;
const patterns = ["", "/", ".", "x", "-", "\\", "|"];

/** Which features put the top alerts of the model where they are, one bar an alert. */
export function contributionsFigure(alerts: readonly TopAlert[]): Figure {
  const explained = alerts.filter((alert) => alert.features.length > 0).slice(0, shownAlerts);
  const figure = { id: "contributions", title: "Why the top alerts are on top", height: barsHeight(explained.length) + 60 };
  if (explained.length === 0) {
    return { ...figure, summary: "No alert of a model is among the top alerts, so no feature to name.", plot: null, table: null };
  }
  const weights = new Map<string, number>();
  for (const alert of explained) {
    for (const { name, contribution } of alert.features) weights.set(name, (weights.get(name) ?? 0) + Math.max(0, contribution));
  }
  const ranked = [...weights].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en"));
  const named = ranked.slice(0, shownFeatures).map(([name]) => name);
  const names = ranked.length > shownFeatures ? [...named, "other features"] : named;
  const partOf = (alert: TopAlert, name: string) =>
    alert.features
      .filter((feature) => (name === "other features" ? !named.includes(feature.name) : feature.name === name))
      .reduce((sum, feature) => sum + Math.max(0, feature.contribution), 0);
  const drawn = explained.toReversed();
  const places = drawn.map((_, i) => i);
  const [first] = explained;
  const [lead] = first!.features;
  return {
    ...figure,
    summary: `Features that pushed each of the ${count(explained.length)} highest alerts of the model towards "anomalous", in units of its raw score; longer means more. Over all of them ${named[0]} counts most. The top alert (${first!.entity ?? "no entity"}) stands out by ${lead!.name} = ${compact(lead!.value)}.`,
    plot: {
      data: names.map((name, i) => ({
        type: "bar",
        orientation: "h",
        name: plainLabel(name, 40),
        x: drawn.map((alert) => partOf(alert, name)),
        y: places,
        customdata: drawn.map((alert) => {
          const feature = alert.features.find((one) => one.name === name);
          return `${plainLabel(name)}${feature === undefined ? "" : ` = ${compact(feature.value)}`}<br>${plainLabel(alert.entity)} · ${second(alert.time)} UTC`;
        }),
        marker: barMarker(name === "other features" ? "@muted" : `@series${i + 1}`, patterns[i % patterns.length]!),
        hovertemplate: "%{customdata}<br>contribution %{x:.3f}<extra></extra>",
      })),
      layout: {
        barmode: "stack",
        bargap: 0.35,
        margin: { l: 8, r: 16, t: 8, b: 44 },
        legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom", traceorder: "normal" },
        xaxis: { title: { text: "contribution to the raw score" }, rangemode: "tozero", nticks: 6 },
        yaxis: {
          tickmode: "array",
          tickvals: places,
          ticktext: drawn.map(
            (alert, i) => `${plainLabel(alert.entity, 26)}  ·  ${relevanceText(alert.relevance)}  ·  #${drawn.length - i}`,
          ),
          automargin: true,
          showgrid: false,
          ticklabelstandoff: 6,
        },
      },
      narrow: {
        "yaxis.ticktext": drawn.map((alert, i) => `${plainLabel(alert.entity, 15)} #${drawn.length - i}`),
        "xaxis.nticks": 4,
        "margin.t": 8,
      },
    },
    table: {
      caption: "Features of the top alerts of the model: value and contribution to the raw score",
      columns: [
        { name: "Alert" },
        { name: "Relevance", isNumber: true },
        { name: "Feature" },
        { name: "Value", isNumber: true },
        { name: "Contribution", isNumber: true },
      ],
      rows: explained.flatMap((alert, i) =>
        alert.features.map((feature) => [
          `#${i + 1} ${alert.entity ?? "(none)"}, ${second(alert.time)} UTC`,
          relevanceText(alert.relevance),
          feature.name,
          compact(feature.value),
          fixed(feature.contribution, 3),
        ]),
      ),
    },
  };
}
