import type { Indicator, IndicatorSink } from "./intel/indicator.ts";

/** The indicators of a document, and how many things in it gave none, by reason. */
export interface IndicatorsRead {
  readonly indicators: readonly Indicator[];
  readonly setAside: ReadonlyMap<string, number>;
}

/** Keeps what a reader finds. */
export function collectIndicators(read: (sink: IndicatorSink) => void): IndicatorsRead {
  const indicators: Indicator[] = [];
  const setAside = new Map<string, number>();
  read({
    add: (indicator) => void indicators.push(indicator),
    setAside: (reason) => void setAside.set(reason, (setAside.get(reason) ?? 0) + 1),
  });
  return { indicators, setAside };
}
