import { type AxisLayout, type Layout, titleText } from "../figure/trace.ts";
import type { Axis } from "./axis.ts";
import { cutLabel, element, label, textWidth, titleLines } from "./svg-node.ts";
import type { Tick } from "./ticks.ts";

export const fontSize = 12;
const ink = "#2a3f5f";
const gridColor = "#e5ecf6";

/** Where the plane stands in the picture, and what is written around it. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly areXLabelsTurned: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Gives labels and titles the room that they take. @param right - room kept for legend and colours */
export function frameFor(size: Size, x: Axis, y: Axis, layout: Layout, right: number): Frame {
  const title = titleLines(titleText(layout.title));
  const top = title.length === 0 ? 20 : 26 + title.length * 20;
  const yTitle = titleLines(titleText(layout.yaxis?.title)).length > 0 ? 22 : 0;
  const xTitle = titleLines(titleText(layout.xaxis?.title)).length > 0 ? 22 : 0;
  const yTicks = y.ticks(Math.max(2, Math.floor((size.height - top - 50) / 45)));
  const widest = yTicks.reduce((width, tick) => Math.max(width, labelWidth(tick)), 0);
  const room = Math.min(size.width / 2, 16 + widest + yTitle);
  const planeWidth = (left: number) => Math.max(10, size.width - left - right);
  const turned = xTicksFor(x, planeWidth(room));
  // The first label, turned, reaches to the left of its tick.
  const reach = turned.areTurned ? 0.82 * labelWidth(turned.ticks[0]) - x.share(turned.ticks[0]?.at ?? 0) * planeWidth(room) : 0;
  const left = Math.max(room, Math.min(size.width / 4, 6 + reach));
  const width = planeWidth(left);
  const { ticks: xTicks, areTurned } = xTicksFor(x, width);
  const tallest = xTicks.reduce((height, tick) => Math.max(height, labelWidth(tick) * 0.6), 0);
  const bottom = (areTurned ? 24 + tallest : 28) + xTitle;
  return { left, top, width, height: Math.max(10, size.height - top - bottom), xTicks, yTicks, areXLabelsTurned: areTurned };
}

function labelWidth(tick: Tick | undefined): number {
  return textWidth(cutLabel(tick?.label ?? ""), fontSize);
}

function xTicksFor(x: Axis, width: number): { readonly ticks: Tick[]; readonly areTurned: boolean } {
  const most = Math.max(2, Math.floor(width / (x.kind === "category" ? 18 : x.kind === "date" ? 95 : 65)));
  const ticks = x.ticks(most);
  const widest = ticks.reduce((widest, tick) => Math.max(widest, labelWidth(tick)), 0);
  const spacing = width / Math.max(1, ticks.length);
  return { ticks, areTurned: widest + 6 > spacing };
}

/** Grid, labels and titles. */
export function drawFrame(frame: Frame, size: Size, x: Axis, y: Axis, layout: Layout): string[] {
  const { left, top, width, height } = frame;
  const grid: string[] = [];
  const labels: string[] = [];
  for (const tick of frame.xTicks) {
    const at = left + x.share(tick.at) * width;
    if (x.kind !== "category") grid.push(element("path", { d: `M${at.toFixed(1)} ${top}v${height.toFixed(1)}` }));
    const [labelX, labelY] = [at, top + height + 16];
    const turn = frame.areXLabelsTurned
      ? { transform: `rotate(-35 ${labelX.toFixed(1)} ${labelY.toFixed(1)})`, "text-anchor": "end" }
      : { "text-anchor": "middle" };
    labels.push(label(cutLabel(tick.label), { x: labelX, y: labelY, ...turn }));
  }
  for (const tick of frame.yTicks) {
    const at = top + (1 - y.share(tick.at)) * height;
    if (y.kind !== "category") grid.push(element("path", { d: `M${left.toFixed(1)} ${at.toFixed(1)}h${width.toFixed(1)}` }));
    labels.push(label(cutLabel(tick.label), { x: left - 6, y: at + 4, "text-anchor": "end" }));
  }
  return [
    element("g", { stroke: gridColor, "stroke-width": 1, fill: "none" }, ...grid, ...zeroLines(frame, x, y)),
    element("g", { fill: ink }, ...labels, ...titles(frame, size, layout)),
  ];
}

function zeroLines({ left, top, width, height }: Frame, x: Axis, y: Axis): string[] {
  const lines: string[] = [];
  const isInside = (axis: Axis) => axis.kind === "linear" && axis.share(0) >= 0 && axis.share(0) <= 1;
  if (isInside(x))
    lines.push(element("path", { d: `M${(left + x.share(0) * width).toFixed(1)} ${top}v${height.toFixed(1)}`, stroke: "#a2b1c6" }));
  if (isInside(y))
    lines.push(
      element("path", { d: `M${left.toFixed(1)} ${(top + (1 - y.share(0)) * height).toFixed(1)}h${width.toFixed(1)}`, stroke: "#a2b1c6" }),
    );
  return lines;
}

function titles({ left, top, width, height }: Frame, size: Size, layout: Layout): string[] {
  const main = titleLines(titleText(layout.title)).map((line, index) =>
    label(cutLabel(line, 120), { x: size.width / 2, y: 26 + 20 * index, "text-anchor": "middle", "font-size": 17 }),
  );
  const axisTitle = (axis: AxisLayout | undefined) => cutLabel(titleLines(titleText(axis?.title)).join(" "), 100);
  const [xTitle, yTitle] = [axisTitle(layout.xaxis), axisTitle(layout.yaxis)];
  const middle = (top + height / 2).toFixed(1);
  return [
    ...main,
    ...(xTitle === "" ? [] : [label(xTitle, { x: left + width / 2, y: size.height - 10, "text-anchor": "middle", "font-size": 13 })]),
    ...(yTitle === ""
      ? []
      : [label(yTitle, { x: 16, y: middle, transform: `rotate(-90 16 ${middle})`, "text-anchor": "middle", "font-size": 13 })]),
  ];
}
