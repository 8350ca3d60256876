import { colorScale, safeColor } from "./colors.ts";
import type { Drawing, Mark, Point, Scales } from "./marks.ts";
import { finiteNumber, isRecord, type Series, valuesOf } from "./series.ts";

/** A scatter: a line, dots or both. */
export function scatterMarks(series: Series, { x, y }: Scales): Drawing {
  const { trace } = series;
  const length = Math.min(series.x.length, series.y.length);
  const points: Point[] = Array.from({ length }, (_, index) => {
    const [atX, atY] = [x.coordinate(series.x[index]), y.coordinate(series.y[index])];
    return atX === undefined || atY === undefined ? undefined : [atX, atY];
  });
  const drawn = points.filter((point) => point !== undefined);
  const mode = modeOf(series);
  const marks: Mark[] = [];
  if (trace.fill === "tozeroy" && y.kind === "linear")
    marks.push({ kind: "area", points, color: safeColor(trace.fillcolor) ?? series.color });
  if (mode.includes("lines")) marks.push(lineMark(series, trace.connectgaps === true ? drawn : points));
  if (mode.includes("markers")) marks.push(...dotMarks(series, points));
  const zero = trace.fill === "tozeroy" ? [0] : [];
  return { marks, rectangles: [], x: drawn.map((point) => point[0]), y: [...drawn.map((point) => point[1]), ...zero] };
}

/** Plotly draws dots on a line where there are few. */
export function modeOf({ trace, x, y }: Series): string {
  if (typeof trace.mode === "string") return trace.mode;
  return Math.min(x.length, y.length) < 20 ? "lines+markers" : "lines";
}

const dashes: Readonly<Record<string, string>> = { dot: "2 4", dash: "8 5", longdash: "12 6", dashdot: "8 4 2 4", longdashdot: "12 5 2 5" };

function lineMark({ trace, color }: Series, points: readonly Point[]): Mark {
  const { line } = trace;
  return {
    kind: "line",
    points,
    color: safeColor(line?.color) ?? color,
    width: Math.min(20, Math.max(0.5, finiteNumber(line?.width) ?? 2)),
    dash: typeof line?.dash === "string" ? dashes[line.dash] : undefined,
    isStep: line?.shape === "hv" || line?.shape === "vh",
  };
}

/** One mark for each colour and size. */
function dotMarks({ trace, color }: Series, points: readonly Point[]): Mark[] {
  const marker = isRecord(trace.marker) ? trace.marker : {};
  const colors = dotColors(marker, points.length);
  const sizes = valuesOf(marker.size);
  const groups = new Map<string, { color: string; size: number; points: Point[] }>();
  points.forEach((point, index) => {
    if (point === undefined) return;
    const own = colors?.[index] ?? color;
    const size = Math.round(Math.min(60, Math.max(1, finiteNumber(sizes ? sizes[index] : marker.size) ?? 6)));
    const key = `${own} ${size}`;
    const group = groups.get(key) ?? { color: own, size, points: [] };
    group.points.push(point);
    groups.set(key, group);
  });
  const opacity = Math.min(1, Math.max(0, finiteNumber(marker.opacity) ?? finiteNumber(trace.opacity) ?? 1));
  return [...groups.values()].map((group) => ({ kind: "dots", ...group, opacity }));
}

/** Colours of single points or bars: names, or numbers on a scale of 32 steps. */
export function dotColors(marker: Readonly<Record<string, unknown>>, length: number): readonly (string | undefined)[] | undefined {
  const given = valuesOf(marker.color)?.slice(0, length);
  if (given === undefined) return undefined;
  const numbers = given.map(finiteNumber);
  if (numbers.every((number) => number === undefined)) return given.map(safeColor);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) if (number !== undefined) [low, high] = [Math.min(low, number), Math.max(high, number)];
  [low, high] = [finiteNumber(marker.cmin) ?? low, finiteNumber(marker.cmax) ?? high];
  const scale = colorScale(marker.colorscale, low, high, marker.reversescale === true);
  return numbers.map((number) => (number === undefined ? undefined : scale.at(Math.round((32 * (number - low)) / (high - low || 1)) / 32)));
}
