/** A row of a history as a test makes it. */
export interface Interval {
  readonly key: number;
  readonly value: number;
  readonly from: number;
  readonly until: number;
  readonly knownAt: number;
}

/** What holds for a key at a time, found by looking at every row: the obviously right twin of the packed look-ups. */
export function linearLookUp(rows: readonly Interval[], key: number, time: number, knownAt = Number.POSITIVE_INFINITY): number | null {
  let best: Interval | null = null;
  for (const row of rows) {
    const holds = row.from <= time && (time < row.until || row.until === Number.POSITIVE_INFINITY);
    if (row.key !== key || !holds || row.knownAt > knownAt) continue;
    if (best === null || row.from >= best.from) best = row;
  }
  return best?.value ?? null;
}
