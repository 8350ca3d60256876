import { barMarker, type Plot } from "../figure.ts";
import { plainLabel } from "./plain-label.ts";

export interface RankedBar {
  readonly name: string | null;
  readonly value: number;
  /** Written at the end of the bar. */
  readonly text: string;
}

/** Horizontal bars, largest on top, each with its value written at its end. */
export function rankedBars(bars: readonly RankedBar[], options: { readonly unit: string; readonly colour: string }): Plot {
  const drawn = bars.toReversed();
  const places = drawn.map((_, i) => i);
  const longest = Math.max(...bars.map((bar) => bar.value), 0);
  return {
    data: [
      {
        type: "bar",
        orientation: "h",
        x: drawn.map((bar) => bar.value),
        y: places,
        text: drawn.map((bar) => plainLabel(bar.text)),
        textposition: "outside",
        cliponaxis: false,
        customdata: drawn.map((bar) => plainLabel(bar.name, 120)),
        marker: barMarker(options.colour, ""),
        hovertemplate: "%{customdata}<br>%{text}<extra></extra>",
      },
    ],
    layout: {
      margin: { l: 8, r: 16, t: 8, b: 40 },
      bargap: 0.35,
      showlegend: false,
      xaxis: { title: { text: options.unit }, range: [0, longest * 1.3 || 1], rangemode: "tozero", nticks: 5 },
      yaxis: {
        tickmode: "array",
        tickvals: places,
        ticktext: drawn.map((bar) => plainLabel(bar.name, 34)),
        automargin: true,
        showgrid: false,
        ticklabelstandoff: 6,
      },
    },
    narrow: { "yaxis.ticktext": drawn.map((bar) => plainLabel(bar.name, 20)), "xaxis.nticks": 4, "xaxis.range": [0, longest * 1.55 || 1] },
  };
}

/** Pixels for so many bars. */
export function barsHeight(bars: number): number {
  return Math.max(160, 64 + bars * 30);
}
