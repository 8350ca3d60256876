import type { Trace } from "../figure/trace.ts";
import { isTypedArray } from "../json-data.ts";
import { safeColor, traceColor } from "./colors.ts";

export type SeriesKind = "scatter" | "bar" | "histogram" | "box" | "heatmap";

/** A trace that the static picture draws. */
export interface Series {
  readonly kind: SeriesKind;
  readonly trace: Trace;
  readonly name: string;
  readonly color: string;
  readonly isHorizontal: boolean;
  /** What stands along each axis, before it becomes coordinates. */
  readonly x: readonly unknown[];
  readonly y: readonly unknown[];
}

export interface SeriesList {
  readonly drawn: readonly Series[];
  /** What the picture leaves out, in words. */
  readonly skipped: readonly string[];
}

const kinds: Readonly<Record<string, SeriesKind>> = {
  scatter: "scatter",
  scattergl: "scatter",
  bar: "bar",
  histogram: "histogram",
  box: "box",
  heatmap: "heatmap",
  heatmapgl: "heatmap",
};

export function seriesOf(data: readonly Trace[]): SeriesList {
  const drawn: Series[] = [];
  const skipped = new Set<string>();
  data.forEach((trace, index) => {
    if (trace.visible === false || trace.visible === "legendonly") return;
    const type = trace.type ?? "scatter";
    const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    const missing = kind === undefined ? type : missingPart(trace);
    if (kind === undefined || missing !== undefined) skipped.add(missing ?? type);
    else drawn.push(oneSeries(kind, trace, index));
  });
  return { drawn, skipped: [...skipped] };
}

/** A picture that draws half of a trace would be wrong: it leaves it out and says so. */
function missingPart(trace: Trace): string | undefined {
  if ((trace.xaxis ?? "x") !== "x" || (trace.yaxis ?? "y") !== "y") return "traces on further axes";
  if (trace.type !== "histogram") return undefined;
  if ((trace.histfunc ?? "count") !== "count") return `histograms with histfunc ${String(trace.histfunc)}`;
  return isRecord(trace.cumulative) && trace.cumulative.enabled ? "cumulative histograms" : undefined;
}

function oneSeries(kind: SeriesKind, trace: Trace, index: number): Series {
  const name = trace.name ?? `trace ${index}`;
  const color = safeColor(trace.marker?.color) ?? safeColor(trace.line?.color) ?? traceColor(index);
  const given = { x: valuesOf(trace.x), y: valuesOf(trace.y) };
  return { kind, trace, name: String(name), color, isHorizontal: isHorizontal(kind, trace, given), ...filled(kind, trace, given) };
}

function isHorizontal(kind: SeriesKind, { orientation }: Trace, { x, y }: Given): boolean {
  if (orientation !== undefined) return orientation === "h";
  if (kind === "histogram") return x === undefined && y !== undefined;
  return kind === "box" && x !== undefined && y === undefined;
}

type Given = { readonly x: readonly unknown[] | undefined; readonly y: readonly unknown[] | undefined };

function filled(kind: SeriesKind, trace: Trace, { x, y }: Given): { readonly x: readonly unknown[]; readonly y: readonly unknown[] } {
  if (kind === "histogram" || kind === "box") return { x: x ?? [], y: y ?? [] };
  if (kind === "heatmap") {
    const rows = valuesOf(trace.z) ?? [];
    const width = rows.reduce<number>((widest, row) => Math.max(widest, valuesOf(row)?.length ?? 0), 0);
    return { x: x ?? indices(width), y: y ?? indices(rows.length) };
  }
  return { x: x ?? indices(y?.length ?? 0), y: y ?? indices(x?.length ?? 0) };
}

export function valuesOf(column: unknown): readonly unknown[] | undefined {
  if (Array.isArray(column)) return column;
  return isTypedArray(column) ? Array.from<unknown>(column) : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

export function finiteNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function indices(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
