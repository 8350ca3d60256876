import type { DistributionData } from "../dashboard-data.ts";
import { barMarker, type Figure, labelLook, labelOrder } from "../figure.ts";
import { count, fixed, percent } from "../format.ts";
import { plainLabel } from "./plain-label.ts";

/** Share of each label's events in each bin of relevance; a good model keeps the labels apart. */
export function distributionFigure(distribution: DistributionData | null): Figure {
  const figure = { id: "distribution", title: "Relevance by label", height: 340 };
  const present = distribution?.series.filter((one) => one.counts.some((n) => n > 0)) ?? [];
  if (distribution === null || present.length === 0) {
    return { ...figure, summary: "There are no scores to show.", plot: null, table: null };
  }
  const { of } = distribution;
  const { edges, series: wide } = atMostBins(distribution, 20);
  const order = labelOrder(present.map((one) => one.label));
  const series = order.map((label) => {
    const counts = wide.find((one) => one.label === label)!.counts;
    return { look: labelLook(label), counts, total: counts.reduce((sum, n) => sum + n, 0) };
  });
  const ranges = edges.slice(0, -1).map((edge, i) => `${trimmed(edge)}–${trimmed(edges[i + 1]!)}`);
  const half = edges.findIndex((edge) => edge >= 50);
  const above = (counts: readonly number[]) => counts.slice(Math.max(0, half)).reduce((sum, n) => sum + n, 0);
  const shares = series.map(({ look, counts, total }) => `${percent(above(counts) / total)} of ${count(total)} ${look.name}`);
  const scope =
    of === "events"
      ? "Every scored event."
      : "Alerts only: events below the alert threshold are not in this chart, so it cannot show what was missed.";
  return {
    ...figure,
    summary: `${scope} Share of each label's ${of} by relevance; at ${trimmed(edges[Math.max(0, half)]!)} or above: ${shares.join(", ")}.`,
    plot: {
      data: series.map(({ look, counts, total }) => ({
        type: "bar",
        name: `${plainLabel(look.name, 24)} (${count(total)})`,
        x: edges.slice(0, -1).map((edge, i) => (edge + edges[i + 1]!) / 2),
        y: counts.map((n) => n / total),
        customdata: counts.map((n, i) => `relevance ${ranges[i]}: ${count(n)} of ${count(total)}`),
        marker: barMarker(look.colour, look.pattern),
        hovertemplate: "%{customdata}<br>%{y:.1%} of this label<extra></extra>",
      })),
      layout: {
        barmode: "group",
        bargap: 0.22,
        bargroupgap: 0.06,
        margin: { l: 56, r: 12, t: 36, b: 48 },
        legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom" },
        xaxis: {
          title: { text: "relevance" },
          range: [edges[0], edges.at(-1)],
          tickmode: "linear",
          tick0: 0,
          dtick: 10,
          showgrid: false,
          ticks: "outside",
        },
        yaxis: { title: { text: "share of the label" }, tickformat: ".0%", rangemode: "tozero", nticks: 6 },
      },
      narrow: { "xaxis.dtick": 20, "margin.t": 64, "margin.l": 48 },
    },
    table: {
      caption: `Number of ${of} by relevance and label`,
      columns: [{ name: "Relevance" }, ...series.map(({ look }) => ({ name: look.name, isNumber: true }))],
      rows: ranges.map((range, i) => [range, ...series.map(({ counts }) => count(counts[i]!))]),
    },
  };
}

/** Neighbouring bins made one, so that bars stay wide enough to read. */
function atMostBins(distribution: DistributionData, most: number): DistributionData {
  const { edges, series } = distribution;
  const bins = edges.length - 1;
  let factor = 1;
  while (bins / factor > most || (bins % factor !== 0 && factor < bins)) factor++;
  if (factor === 1) return distribution;
  const merged = (counts: readonly number[]) =>
    Array.from({ length: bins / factor }, (_, i) => counts.slice(i * factor, (i + 1) * factor).reduce((sum, n) => sum + n, 0));
  return {
    ...distribution,
    edges: edges.filter((_, i) => i % factor === 0),
    series: series.map((one) => ({ ...one, counts: merged(one.counts) })),
  };
}

function trimmed(edge: number): string {
  return fixed(edge, Number.isInteger(edge) ? 0 : 1);
}
