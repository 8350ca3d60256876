import type { Box, Drawing, Scales } from "./marks.ts";
import type { Series } from "./series.ts";

const maxOutliers = 500;

/** Boxes of all traces; each trace has one for every value along the other axis, else one under its name. */
export function boxMarks(list: readonly Series[], scales: Scales): Drawing {
  const boxes = list.flatMap((series, index) => {
    const own = series.isHorizontal ? { at: scales.y, along: scales.x } : { at: scales.x, along: scales.y };
    const positions = boxPositions(series);
    const values = series.isHorizontal ? series.x : series.y;
    const groups = new Map<number, number[]>();
    values.forEach((value, row) => {
      const at = own.at.coordinate(positions === undefined ? series.name : positions[row]);
      const number = own.along.coordinate(value);
      if (at === undefined || number === undefined) return;
      const group = groups.get(at);
      if (group) group.push(number);
      else groups.set(at, [number]);
    });
    // Traces that share positions stand beside each other.
    const isShared = positions !== undefined && list.length > 1;
    const width = 0.7 / (isShared ? list.length : 1);
    const shift = isShared ? (index - (list.length - 1) / 2) * width : 0;
    return [...groups].map(([at, numbers]) => boxOf(numbers, at + shift, 0.85 * width, series));
  });
  const extent = (box: Box) => [...box.whiskers, ...box.outliers];
  const across = (box: Box) => [box.at - box.width / 2, box.at + box.width / 2];
  return {
    marks: boxes.map((box) => ({ kind: "box", box })),
    rectangles: [],
    x: boxes.flatMap((box) => (box.isHorizontal ? extent(box) : across(box))),
    y: boxes.flatMap((box) => (box.isHorizontal ? across(box) : extent(box))),
  };
}

/** What stands along the axis on which the boxes stand; undefined where that is the trace's name. */
export function boxPositions(series: Series): readonly unknown[] | undefined {
  const given = series.isHorizontal ? series.y : series.x;
  return given.length === 0 ? undefined : given;
}

/** Quartiles as Plotly's "linear" method, whiskers to the last value within 1.5 times the box. */
export function boxOf(
  values: readonly number[],
  at: number,
  width: number,
  { color, isHorizontal }: Pick<Series, "color" | "isHorizontal">,
): Box {
  const sorted = Float64Array.from(values).sort();
  const quartiles = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)] as const;
  const reach = 1.5 * (quartiles[2] - quartiles[0]);
  const isInside = (value: number) => value >= quartiles[0] - reach && value <= quartiles[2] + reach;
  const inside = sorted.filter(isInside);
  const outside = [...new Set(sorted.filter((value) => !isInside(value)))];
  const every = Math.max(1, outside.length / maxOutliers);
  const outliers = Array.from({ length: Math.min(outside.length, maxOutliers) }, (_, index) => outside[Math.floor(index * every)] ?? 0);
  if (outside.length > maxOutliers) outliers[maxOutliers - 1] = outside[outside.length - 1] ?? 0;
  return { isHorizontal, at, width, color, quartiles, whiskers: [inside[0] ?? 0, inside[inside.length - 1] ?? 0], outliers };
}

function quantile(sorted: Float64Array, q: number): number {
  const at = Math.min(sorted.length - 1, Math.max(0, q * sorted.length - 0.5));
  const low = Math.floor(at);
  const value = sorted[low] ?? 0;
  return value + (at - low) * ((sorted[low + 1] ?? value) - value);
}
