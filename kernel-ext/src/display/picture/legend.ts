import type { Layout } from "../figure/trace.ts";
import type { HeatmapDrawing } from "./heatmap.ts";
import { modeOf } from "./points.ts";
import type { Series } from "./series.ts";
import { cutLabel, element, label, textWidth } from "./svg-node.ts";
import { linearTicks } from "./ticks.ts";

const maxEntries = 18;

export interface Legend {
  readonly width: number;
  draw(x: number, y: number): string[];
}

/** Names and colours, where there is more than one; undefined where there is nothing to tell. */
export function legendFor(list: readonly Series[], layout: Layout): Legend | undefined {
  const named = list.filter((series) => series.kind !== "heatmap" && series.trace.showlegend !== false);
  // A box stands above its name already; Plotly shows the legend all the same.
  const isShown = layout.showlegend ?? (named.length > 1 || named.some((series) => series.trace.showlegend === true));
  if (!isShown || named.length === 0) return undefined;
  const entries = named
    .slice(0, maxEntries)
    .map((series) => ({ name: cutLabel(series.name, 24), color: series.color, isLine: isLine(series) }));
  const more = named.length > maxEntries ? [`… ${named.length - maxEntries} more`] : [];
  const width = 40 + [...entries.map((entry) => entry.name), ...more].reduce((widest, name) => Math.max(widest, textWidth(name, 12)), 0);
  return {
    width,
    draw(x, y) {
      const drawn = entries.flatMap(({ name, color, isLine }, index) => {
        const middle = y + 10 + 19 * index;
        const sign = isLine
          ? element("path", { d: `M${(x + 4).toFixed(1)} ${middle}h22`, stroke: color, "stroke-width": 2, fill: "none" })
          : element("rect", { x: x + 9, y: middle - 6, width: 12, height: 12, fill: color });
        return [sign, label(name, { x: x + 32, y: middle + 4 })];
      });
      return [...drawn, ...more.map((text) => label(text, { x: x + 32, y: y + 14 + 19 * entries.length }))];
    },
  };
}

function isLine(series: Series): boolean {
  return series.kind === "scatter" && modeOf(series).includes("lines");
}

/** What the colours of a heatmap mean. */
export function colorBarFor({ low, high, scale }: HeatmapDrawing, height: number): Legend {
  const ticks = linearTicks(low, high, Math.max(2, Math.floor(height / 50)));
  const widest = ticks.reduce((width, tick) => Math.max(width, textWidth(tick.label, 12)), 0);
  return {
    width: 48 + widest,
    draw(x, y) {
      const steps = 40;
      const bar = Array.from({ length: steps }, (_, step) =>
        element("rect", {
          x: x + 10,
          y: y + (height * (steps - 1 - step)) / steps,
          width: 18,
          height: height / steps + 0.5,
          fill: scale.at((step + 0.5) / steps),
        }),
      );
      return [
        ...bar,
        ...ticks.map((tick) => label(tick.label, { x: x + 34, y: y + height * (1 - (tick.at - low) / (high - low || 1)) + 4 })),
      ];
    },
  };
}
