import type { Scale } from "./axis.ts";
import type { Scales } from "./marks.ts";
import { finiteNumber, isRecord, type Series } from "./series.ts";
import { roundStep } from "./ticks.ts";

/** Bins of equal width; for categories, one each. */
export interface Bins {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

const maxBins = 2000;

/** Bins that all histograms of a picture share, as Plotly does, so that their heights compare. */
export function commonBins(list: readonly Series[], scales: Scales): Bins {
  const first = list[0];
  if (first === undefined || scaleOf(first, scales).kind === "category") {
    return { start: -0.5, size: 1, count: first === undefined ? 0 : scaleOf(first, scales).categories.length };
  }
  let [low, high, length] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let areWhole = true;
  for (const series of list) {
    for (const value of coordinates(series, scales)) {
      [low, high] = [Math.min(low, value), Math.max(high, value)];
      areWhole &&= Number.isInteger(value);
      length++;
    }
  }
  if (length === 0) return { start: 0, size: 1, count: 0 };
  const given = givenBins(first);
  const wanted = finiteNumber(first.trace.nbinsx) ?? finiteNumber(first.trace.nbinsy) ?? Math.min(100, Math.max(5, Math.sqrt(length)));
  const size =
    given?.size ??
    (low === high
      ? 1
      : Math.max(roundStep((high - low) / Math.max(1, wanted)), areWhole && scaleOf(first, scales).kind === "linear" ? 1 : 0));
  // Whole numbers stand in the middle of their bin.
  const start = given?.start ?? (areWhole && size === 1 ? low - 0.5 : Math.floor(low / size) * size);
  return { start, size, count: Math.min(maxBins, Math.floor((high - start) / size + 1e-9) + 1) };
}

function givenBins({ trace, isHorizontal }: Series): { readonly start: number; readonly size: number } | undefined {
  const bins = isHorizontal ? trace.ybins : trace.xbins;
  if (!isRecord(bins)) return undefined;
  const [start, size] = [finiteNumber(bins.start), finiteNumber(bins.size)];
  return start === undefined || size === undefined || !(size > 0) ? undefined : { start, size };
}

/** The height of each bin that is not empty. */
export function bin(series: Series, scales: Scales, { start, size, count }: Bins) {
  const counts = new Float64Array(count);
  let total = 0;
  for (const value of coordinates(series, scales)) {
    const index = Math.floor((value - start) / size + 1e-9);
    if (index < 0 || index >= count) continue;
    counts[index] = (counts[index] ?? 0) + 1;
    total++;
  }
  const norm = series.trace.histnorm;
  const unit =
    (norm === "percent" ? 100 / total : String(norm).startsWith("probability") ? 1 / total : 1) /
    (String(norm).endsWith("density") ? size : 1);
  const opacity = Math.min(1, Math.max(0, finiteNumber(series.trace.opacity) ?? 1));
  return Array.from(counts, (value, index) => ({
    at: start + (index + 0.5) * size,
    value: value * unit,
    width: size,
    color: series.color,
    opacity,
    base: undefined,
  })).filter(({ value }) => value > 0);
}

function scaleOf(series: Series, scales: Scales): Scale {
  return series.isHorizontal ? scales.y : scales.x;
}

function* coordinates(series: Series, scales: Scales): Generator<number> {
  const scale = scaleOf(series, scales);
  for (const value of series.isHorizontal ? series.y : series.x) {
    const coordinate = scale.coordinate(value);
    if (coordinate !== undefined) yield coordinate;
  }
}
