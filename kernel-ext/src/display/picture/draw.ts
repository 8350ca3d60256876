import type { Axis } from "./axis.ts";
import type { Box, Drawing, Mark, Point, Rectangle } from "./marks.ts";
import { element, short } from "./svg-node.ts";

/** The area between the axes, in pixels from its own upper left corner. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
}

const maxDots = 12_000;

export function drawMarks(drawings: readonly Drawing[], plane: Plane): string[] {
  return drawings.flatMap(({ rectangles, marks }) => [
    ...drawRectangles(rectangles, plane),
    ...marks.flatMap((mark) => drawMark(mark, plane)),
  ]);
}

function drawMark(mark: Mark, plane: Plane): string[] {
  switch (mark.kind) {
    case "line": {
      const path = linePath(mark.points, plane, mark.isStep);
      return [
        element("path", {
          d: path,
          fill: "none",
          stroke: mark.color,
          "stroke-width": mark.width,
          "stroke-dasharray": mark.dash,
          "stroke-linejoin": "round",
        }),
      ];
    }
    case "area":
      return areaPaths(mark.points, plane).map((path) =>
        element("path", { d: path, fill: mark.color, "fill-opacity": 0.35, stroke: "none" }),
      );
    case "dots": {
      const path = dotPath(mark.points, plane);
      return [
        element("path", {
          d: path,
          fill: "none",
          stroke: mark.color,
          "stroke-width": mark.size,
          "stroke-linecap": "round",
          "stroke-opacity": mark.opacity,
        }),
      ];
    }
    case "box":
      return drawBox(mark.box, plane);
  }
}

function pixelX(coordinate: number, { x, width }: Plane): number {
  return bounded(x.share(coordinate) * width);
}

function pixelY(coordinate: number, { y, height }: Plane): number {
  return bounded((1 - y.share(coordinate)) * height);
}

/** What is far outside is not drawn; a renderer need not compute with 1e300. */
function bounded(pixel: number): number {
  return Math.max(-1e5, Math.min(1e5, pixel));
}

function drawRectangles(rectangles: readonly Rectangle[], plane: Plane): string[] {
  return rectangles.map(({ x0, x1, y0, y1, color, opacity }) => {
    const [left, right] = [pixelX(x0, plane), pixelX(x1, plane)].sort((a, b) => a - b) as [number, number];
    // Bars of a logarithmic axis begin at its foot, wherever zero would be.
    const foot = plane.y.kind === "log" && y0 === 0 ? plane.height : pixelY(y0, plane);
    const [top, bottom] = [foot, pixelY(y1, plane)].sort((a, b) => a - b) as [number, number];
    return element("rect", {
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
      fill: color,
      "fill-opacity": opacity === 1 ? undefined : opacity,
    });
  });
}

/** Many points in one column of pixels look like its first, lowest, highest and last. */
function linePath(points: readonly Point[], plane: Plane, isStep: boolean): string {
  let path = "";
  let isOpen = false;
  let last: readonly [number, number] | undefined;
  for (const point of thinned(points, plane)) {
    if (point === undefined) isOpen = false;
    else {
      const [x, y] = point;
      const corner = isStep && isOpen && last ? `H${short(x)}` : "";
      path += isOpen ? `${corner}${corner === "" ? `L${short(x)} ${short(y)}` : `V${short(y)}`}` : `M${short(x)} ${short(y)}`;
      isOpen = true;
      last = point;
    }
  }
  return path;
}

function thinned(points: readonly Point[], plane: Plane): Point[] {
  const pixels = points.map((point): Point => point && [pixelX(point[0], plane), pixelY(point[1], plane)]);
  if (points.length <= 4 * plane.width) return pixels;
  const kept: Point[] = [];
  let column: (readonly [number, number])[] = [];
  const flush = () => {
    if (column.length <= 4) kept.push(...column);
    else {
      let [lowest, highest] = [0, 0];
      column.forEach(([, y], index) => {
        if (y < (column[lowest]?.[1] ?? y)) lowest = index;
        if (y > (column[highest]?.[1] ?? y)) highest = index;
      });
      const picked = [...new Set([0, Math.min(lowest, highest), Math.max(lowest, highest), column.length - 1])];
      kept.push(...picked.map((index) => column[index]));
    }
    column = [];
  };
  for (const pixel of pixels) {
    if (pixel === undefined || (column[0] !== undefined && Math.round(column[0][0]) !== Math.round(pixel[0]))) flush();
    if (pixel === undefined) kept.push(undefined);
    else column.push(pixel);
  }
  flush();
  return kept;
}

function areaPaths(points: readonly Point[], plane: Plane): string[] {
  const zero = short(pixelY(0, plane));
  const runs: (readonly [number, number])[][] = [[]];
  for (const point of thinned(points, plane)) {
    if (point === undefined) runs.push([]);
    else runs.at(-1)?.push(point);
  }
  return runs.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [`M${short(first[0])} ${zero}${run.map(([x, y]) => `L${short(x)} ${short(y)}`).join("")}L${short(last[0])} ${zero}Z`];
  });
}

/** Dots as lines of no length with round ends. Those that would hide each other are drawn once. */
function dotPath(points: readonly Point[], plane: Plane): string {
  for (let grid = 0.25; ; grid *= 2) {
    const places = new Set<string>();
    for (const point of points) {
      if (point === undefined) continue;
      const [x, y] = [pixelX(point[0], plane), pixelY(point[1], plane)];
      places.add(`M${Math.round(x / grid) * grid} ${Math.round(y / grid) * grid}h0`);
      if (places.size > maxDots) break;
    }
    if (places.size <= maxDots) return [...places].join("");
  }
}

function drawBox({ isHorizontal, at, width, color, quartiles, whiskers, outliers }: Box, plane: Plane): string[] {
  const place = (across: number, along: number) =>
    isHorizontal
      ? `${short(pixelX(along, plane))} ${short(pixelY(across, plane))}`
      : `${short(pixelX(across, plane))} ${short(pixelY(along, plane))}`;
  const [left, right] = [at - width / 2, at + width / 2];
  const [q1, median, q3] = quartiles;
  const body = `M${place(left, q1)}L${place(right, q1)}L${place(right, q3)}L${place(left, q3)}Z`;
  const across = (along: number, share: number) => `M${place(at - (share * width) / 2, along)}L${place(at + (share * width) / 2, along)}`;
  const lines = `${across(median, 1)}M${place(at, q1)}L${place(at, whiskers[0])}M${place(at, q3)}L${place(at, whiskers[1])}${across(whiskers[0], 0.5)}${across(whiskers[1], 0.5)}`;
  const dots = outliers.map((value) => `M${place(at, value)}h0`).join("");
  return [
    element("path", { d: body, fill: color, "fill-opacity": 0.35, stroke: color, "stroke-width": 2 }),
    element("path", { d: lines, fill: "none", stroke: color, "stroke-width": 2 }),
    ...(dots === "" ? [] : [element("path", { d: dots, fill: "none", stroke: color, "stroke-width": 5, "stroke-linecap": "round" })]),
  ];
}
