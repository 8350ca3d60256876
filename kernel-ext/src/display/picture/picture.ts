import { escapeHtml } from "../escape-html.ts";
import { figureSummary } from "../figure/figure-summary.ts";
import type { Layout, Trace } from "../figure/trace.ts";
import { axisFor, type Room, scaleFor } from "./axis.ts";
import { barMarks } from "./bars.ts";
import { boxMarks, boxPositions } from "./boxes.ts";
import { drawMarks } from "./draw.ts";
import { drawFrame, fontSize, frameFor } from "./frame.ts";
import { type HeatmapDrawing, heatmapMarks } from "./heatmap.ts";
import { colorBarFor, legendFor } from "./legend.ts";
import type { Drawing, Scales } from "./marks.ts";
import { modeOf, scatterMarks } from "./points.ts";
import { finiteNumber, type Series, seriesOf } from "./series.ts";
import { element, label } from "./svg-node.ts";

/**
 * A figure as a static picture, for where Plotly is not: modest, always the same for the same figure, at most some hundred kilobytes
 * however many points. It draws scatter, bar, histogram, box and heatmap on one pair of axes, and names what it leaves out.
 *
 * @returns undefined where it would draw nothing of the figure
 */
export function figureSvg({ data, layout }: { readonly data: readonly Trace[]; readonly layout: Layout }): string | undefined {
  const { drawn, skipped } = seriesOf(data);
  if (drawn.length === 0 && skipped.length > 0) return undefined;
  const size = { width: pixels(layout.width, 700), height: pixels(layout.height, 450) };
  const scales = scalesFor(drawn, layout);
  const { drawings, heatmap } = drawingsFor(drawn, scales, layout);
  const x = axisFor(
    scales.x,
    drawings.flatMap((one) => one.x),
    layout.xaxis,
    roomFor(drawn, "x"),
  );
  const y = axisFor(
    scales.y,
    drawings.flatMap((one) => one.y),
    layout.yaxis,
    roomFor(drawn, "y"),
  );
  const legend = legendFor(drawn, layout) ?? (heatmap && colorBarFor(heatmap, size.height - 130));
  const frame = frameFor(size, x, y, layout, legend ? legend.width + 12 : 20);
  const plane = { width: frame.width, height: frame.height, x, y };
  const ground = element("rect", { x: frame.left, y: frame.top, width: frame.width, height: frame.height, fill: "#fff" });
  const marks = element(
    "svg",
    { x: frame.left, y: frame.top, width: frame.width, height: frame.height, overflow: "hidden" },
    ...drawMarks(drawings, plane),
  );
  const note =
    skipped.length === 0
      ? []
      : [label(`Not in this picture: ${skipped.join(", ").slice(0, 100)}`, { x: frame.left, y: frame.top - 5, fill: "#a33" })];
  const key = legend ? element("g", { fill: "#2a3f5f" }, ...legend.draw(frame.left + frame.width + 8, frame.top)) : "";
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: size.width,
      height: size.height,
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "font-family": '"Open Sans", verdana, arial, sans-serif',
      "font-size": fontSize,
    },
    `<title>${escapeHtml(figureSummary({ data, layout }))}</title>`,
    element("rect", { width: size.width, height: size.height, fill: "#fff" }),
    ground,
    ...drawFrame(frame, size, x, y, layout),
    marks,
    ...note,
    key,
  );
}

function pixels(given: unknown, usual: number): number {
  return Math.min(4000, Math.max(100, Math.round(finiteNumber(given) ?? usual)));
}

function scalesFor(list: readonly Series[], layout: Layout): Scales {
  const values = (axis: "x" | "y") => list.flatMap((series) => along(series, axis));
  return { x: scaleFor(values("x"), layout.xaxis), y: scaleFor(values("y"), layout.yaxis) };
}

/** What a series puts on an axis: a histogram's counts are known later, and are numbers. */
function along(series: Series, axis: "x" | "y"): readonly unknown[] {
  const isMain = (axis === "y") === series.isHorizontal;
  if (series.kind === "histogram") return isMain ? series[axis] : [];
  if (series.kind === "box" && isMain) return (boxPositions(series) ?? [series.name]).map(String);
  return series[axis];
}

function drawingsFor(
  list: readonly Series[],
  scales: Scales,
  layout: Layout,
): { readonly drawings: readonly Drawing[]; readonly heatmap: HeatmapDrawing | undefined } {
  const bars = list.filter((series) => series.kind === "bar" || series.kind === "histogram");
  const boxes = list.filter((series) => series.kind === "box");
  const heatmaps = list.filter((series) => series.kind === "heatmap").map((series) => heatmapMarks(series, scales));
  const drawings = [
    ...heatmaps,
    ...(bars.length > 0 ? [barMarks(bars, scales, layout)] : []),
    ...(boxes.length > 0 ? [boxMarks(boxes, scales)] : []),
    ...list.filter((series) => series.kind === "scatter").map((series) => scatterMarks(series, scales)),
  ];
  return { drawings, heatmap: heatmaps[0] };
}

function roomFor(list: readonly Series[], axis: "x" | "y"): Room {
  const toZero = list.some((series) => (series.kind === "bar" || series.kind === "histogram") && (axis === "x") === series.isHorizontal);
  const areTight = list.every(
    (series) => series.kind === "heatmap" || (series.kind === "scatter" && axis === "x" && modeOf(series) === "lines"),
  );
  return { toZero, share: areTight ? 0 : 0.05 };
}
