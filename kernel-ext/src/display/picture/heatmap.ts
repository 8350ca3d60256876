import type { Scale } from "./axis.ts";
import { type ColorScale, colorScale } from "./colors.ts";
import type { Drawing, Rectangle, Scales } from "./marks.ts";
import { finiteNumber, type Series, valuesOf } from "./series.ts";

const maxCells = 10_000;

export interface HeatmapDrawing extends Drawing {
  readonly low: number;
  readonly high: number;
  readonly scale: ColorScale;
}

/** Cells of a matrix, coloured by value. Beyond ten thousand, neighbours are averaged. */
export function heatmapMarks(series: Series, scales: Scales): HeatmapDrawing {
  const { trace } = series;
  const rows = (valuesOf(trace.z) ?? []).map((row) =>
    (valuesOf(row) ?? []).map((value) => (typeof value === "bigint" ? Number(value) : finiteNumber(value))),
  );
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const [xEdges, yEdges] = [edges(series.x, width, scales.x), edges(series.y, rows.length, scales.y)];
  const block = Math.ceil(Math.sqrt((rows.length * width) / maxCells));
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) for (const value of row) if (value !== undefined) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) [low, high] = [0, 1];
  [low, high] = [finiteNumber(trace.zmin) ?? low, finiteNumber(trace.zmax) ?? high];
  const scale = colorScale(trace.colorscale, low, high, trace.reversescale === true);
  const rectangles: Rectangle[] = [];
  for (let top = 0; top < rows.length; top += block) {
    for (let left = 0; left < width; left += block) {
      const value = mean(rows, top, left, block);
      const [y0, y1] = [yEdges[top], yEdges[Math.min(top + block, rows.length)]];
      const [x0, x1] = [xEdges[left], xEdges[Math.min(left + block, width)]];
      if (value === undefined || x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) continue;
      rectangles.push({ x0, x1, y0, y1, color: scale.at((value - low) / (high - low || 1)), opacity: 1 });
    }
  }
  return { marks: [], rectangles, x: xEdges, y: yEdges, low, high, scale };
}

function mean(rows: readonly (readonly (number | undefined)[])[], top: number, left: number, block: number): number | undefined {
  let [sum, count] = [0, 0];
  for (const row of rows.slice(top, top + block)) {
    for (const value of row.slice(left, left + block)) {
      if (value === undefined) continue;
      sum += value;
      count++;
    }
  }
  return count === 0 ? undefined : sum / count;
}

/** Where cells begin and end: halfway between their middles. Plotly takes one value more than cells for the edges themselves. */
function edges(values: readonly unknown[], count: number, scale: Scale): number[] {
  const middles = values.map((value) => scale.coordinate(value)).filter((coordinate) => coordinate !== undefined);
  if (middles.length === count + 1) return middles;
  const used = middles.slice(0, count);
  const [first, second] = used;
  if (first === undefined) return [];
  const before = second === undefined ? 0.5 : (second - first) / 2;
  const last = used[used.length - 1] ?? first;
  const after = used.length < 2 ? 0.5 : (last - (used[used.length - 2] ?? last)) / 2;
  return [first - before, ...used.slice(1).map((middle, index) => (middle + (used[index] ?? middle)) / 2), last + after];
}
