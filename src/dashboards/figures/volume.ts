import type { VolumeData } from "../dashboard-data.ts";
import { barMarker, type Figure, labelLook, labelOrder } from "../figure.ts";
import { count, duration, fixed, minute, plural } from "../format.ts";
import { plainLabel } from "./plain-label.ts";

/** Alerts a bucket of time, stacked by label, over the highest and mean relevance of the same bucket. */
export function volumeFigure({ bucketMs, rows, outside }: VolumeData): Figure {
  const figure = { id: "volume", title: "Alerts over time", height: 380 };
  const elsewhere = outside === 0 ? "" : ` ${plural(outside, "alert")} of other times ${outside === 1 ? "is" : "are"} not in this chart.`;
  if (rows.length === 0) return { ...figure, summary: "No alert was raised in this period.", plot: null, table: null };
  const labels = labelOrder(rows.map((row) => row.label));
  const times = allBuckets(
    rows.map((row) => row.time),
    bucketMs,
  );
  const buckets = times.map((time) => {
    const here = rows.filter((row) => row.time === time);
    const total = here.reduce((sum, row) => sum + row.count, 0);
    return {
      time,
      total,
      counts: labels.map((label) => here.find((row) => row.label === label)?.count ?? 0),
      max: total === 0 ? null : Math.max(...here.map((row) => row.maxRelevance)),
      mean: total === 0 ? null : here.reduce((sum, row) => sum + row.meanRelevance * row.count, 0) / total,
    };
  });
  const busiest = buckets.reduce((best, bucket) => (bucket.total > best.total ? bucket : best));
  const total = buckets.reduce((sum, bucket) => sum + bucket.total, 0);
  const lowest = Math.max(0, Math.floor(Math.min(...buckets.map((bucket) => bucket.mean ?? 100)) / 20) * 20);
  const span = duration(bucketMs);
  const centres = buckets.map((bucket) => isoTime(bucket.time + bucketMs / 2));
  const hover = buckets.map((bucket) => `from ${minute(bucket.time)}`);
  return {
    ...figure,
    summary: `${plural(total, "alert")}, counted by ${span}. The busiest ${span} began ${minute(busiest.time)} with ${count(busiest.total)}. Below: the highest and the mean relevance of the same alerts. Times are UTC.${elsewhere}`,
    plot: {
      data: [
        ...labels.map((label, i) => {
          const look = labelLook(label);
          return {
            type: "bar",
            name: plainLabel(look.name, 24),
            x: centres,
            y: buckets.map((bucket) => bucket.counts[i]),
            width: bucketMs * 0.86,
            customdata: hover,
            marker: barMarker(look.colour, look.pattern),
            hovertemplate: `%{y:,} ${plainLabel(look.name, 24)}<br>%{customdata}<extra></extra>`,
          };
        }),
        line(
          "highest",
          centres,
          buckets.map((bucket) => bucket.max),
          "solid",
          "circle",
          hover,
        ),
        line(
          "mean",
          centres,
          buckets.map((bucket) => bucket.mean),
          "dot",
          "diamond",
          hover,
        ),
      ],
      layout: {
        barmode: "stack",
        margin: { l: 56, r: 12, t: 40, b: 44 },
        legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom", traceorder: "normal" },
        xaxis: { type: "date", anchor: "y2", title: { text: "event time (UTC)" }, showgrid: false },
        yaxis: { domain: [0.44, 1], title: { text: "alerts" }, rangemode: "tozero", nticks: 5 },
        yaxis2: {
          domain: [0, 0.34],
          title: { text: "relevance" },
          range: [lowest, 100 + (100 - lowest) * 0.06],
          tickvals: [lowest, (lowest + 100) / 2, 100],
        },
      },
      narrow: { "xaxis.nticks": 4, "margin.l": 44, "margin.t": 64 },
    },
    table: {
      caption: `Alerts by ${span} and label, with their relevance`,
      columns: [
        { name: "From (UTC)" },
        ...labels.map((label) => ({ name: labelLook(label).name, isNumber: true })),
        { name: "highest relevance", isNumber: true },
        { name: "mean relevance", isNumber: true },
      ],
      rows: buckets.map((bucket) => [
        minute(bucket.time).replace(" UTC", ""),
        ...bucket.counts.map(count),
        fixed(bucket.max, 1),
        fixed(bucket.mean, 1),
      ]),
    },
  };
}

function line(
  name: string,
  x: readonly string[],
  y: readonly (number | null)[],
  dash: string,
  symbol: string,
  customdata: readonly string[],
) {
  return {
    type: "scatter",
    mode: "lines+markers",
    name: `${name} relevance`,
    x,
    y,
    yaxis: "y2",
    customdata,
    line: { color: name === "mean" ? "@muted" : "@accent", width: 2, dash },
    marker: { symbol, size: 5, color: name === "mean" ? "@muted" : "@accent" },
    hovertemplate: `${name} relevance %{y:.1f}<br>%{customdata}<extra></extra>`,
  };
}

/** Every bucket from the first to the last, empty ones too: a quiet hour is part of the picture. */
function allBuckets(times: readonly number[], bucketMs: number): number[] {
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const length = Math.round((last - first) / bucketMs) + 1;
  if (length > 1000) return [...new Set(times)].sort((a, b) => a - b);
  return Array.from({ length }, (_, i) => first + i * bucketMs);
}

/** Plotly reads a date without a zone as it stands: this one is UTC. */
function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace("T", " ");
}
