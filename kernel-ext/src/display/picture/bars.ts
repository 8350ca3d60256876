import type { Layout } from "../figure/trace.ts";
import { bin, commonBins } from "./bins.ts";
import type { Drawing, Rectangle, Scales } from "./marks.ts";
import { dotColors } from "./points.ts";
import { finiteNumber, isRecord, type Series } from "./series.ts";

interface Bar {
  readonly at: number;
  readonly value: number;
  readonly width: number;
  readonly color: string;
  readonly opacity: number;
  readonly base: number | undefined;
}

/** All bars and histograms of a picture: they stand beside or upon each other. */
export function barMarks(list: readonly Series[], scales: Scales, layout: Layout): Drawing {
  const upright = list.filter((series) => !series.isHorizontal);
  const sideways = list.filter((series) => series.isHorizontal);
  const rectangles = [...placed(upright, scales, layout), ...placed(sideways, scales, layout).map(turned)];
  const edges = (from: "x" | "y") => rectangles.flatMap((one) => [one[`${from}0`], one[`${from}1`]]);
  return { marks: [], rectangles, x: edges("x"), y: edges("y") };
}

function turned({ x0, x1, y0, y1, ...rest }: Rectangle): Rectangle {
  return { ...rest, x0: y0, x1: y1, y0: x0, y1: x1 };
}

/** As if all stood upright. */
function placed(list: readonly Series[], scales: Scales, layout: Layout): Rectangle[] {
  const bars = barsOf(list, scales);
  const mode = layout.barmode ?? "group";
  const isContinuous = list.every(
    (series) => series.kind === "histogram" && (series.isHorizontal ? scales.y : scales.x).kind !== "category",
  );
  const gap = Math.min(0.95, Math.max(0, finiteNumber(layout.bargap) ?? (isContinuous ? 0 : 0.2)));
  const stacked = new Map<string, number>();
  return bars.flatMap((own, index) =>
    own.map(({ at, value, width, color, opacity, base }) => {
      const room = width * (1 - gap);
      const isBeside = mode === "group" && bars.length > 1;
      const breadth = isBeside ? room / bars.length : room;
      const left = isBeside ? at - room / 2 + index * breadth : at - room / 2;
      const key = `${at} ${value < 0}`;
      const from = mode === "stack" || mode === "relative" ? (stacked.get(key) ?? 0) : (base ?? 0);
      stacked.set(key, from + value);
      return { x0: left, x1: left + breadth, y0: from, y1: from + value, color, opacity };
    }),
  );
}

function barsOf(list: readonly Series[], scales: Scales): readonly (readonly Bar[])[] {
  const histograms = list.filter((series) => series.kind === "histogram");
  const bins = histograms.length > 0 ? commonBins(histograms, scales) : undefined;
  const plain = list.filter((series) => series.kind === "bar");
  const step = smallestStep(plain.flatMap((series) => (series.x.length > 0 || series.y.length > 0 ? positions(series, scales) : [])));
  return list.map((series) => (series.kind === "histogram" && bins ? bin(series, scales, bins) : plainBars(series, scales, step)));
}

function positions(series: Series, { x, y }: Scales): (number | undefined)[] {
  return series.isHorizontal ? series.y.map((value) => y.coordinate(value)) : series.x.map((value) => x.coordinate(value));
}

function plainBars(series: Series, scales: Scales, step: number): Bar[] {
  const marker = isRecord(series.trace.marker) ? series.trace.marker : {};
  const at = positions(series, scales);
  const values = series.isHorizontal ? series.x : series.y;
  const scale = series.isHorizontal ? scales.x : scales.y;
  const colors = dotColors(marker, at.length);
  const opacity = Math.min(1, Math.max(0, finiteNumber(series.trace.opacity) ?? 1));
  return at.flatMap((position, index) => {
    const value = scale.coordinate(values[index]);
    if (position === undefined || value === undefined) return [];
    const width = finiteNumber(series.trace.width) ?? step;
    return [{ at: position, value, width, color: colors?.[index] ?? series.color, opacity, base: finiteNumber(series.trace.base) }];
  });
}

function smallestStep(positions: readonly (number | undefined)[]): number {
  const sorted = [...new Set(positions.filter((position) => position !== undefined))].sort((a, b) => a - b);
  let step = Number.POSITIVE_INFINITY;
  for (let index = 1; index < sorted.length; index++) step = Math.min(step, (sorted[index] ?? 0) - (sorted[index - 1] ?? 0));
  return Number.isFinite(step) ? step : 1;
}
