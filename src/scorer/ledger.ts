/** What became of the records of one source. Closed when `in` = scored + filtered + deadLetters. */
export interface LedgerEntry {
  in: number;
  scored: number;
  /** Not the model's business: another table, or outside its `where`. */
  filtered: number;
  deadLetters: number;
  /** Alerts raised out of the scored and the filtered ones. */
  alerts: number;
  /** Scored, but later than the lateness bound: counted in at the watermark. */
  late: number;
}

export interface LedgerTotals extends Readonly<LedgerEntry> {
  /** Read, but not yet passed by the watermark: none once a run has come to its end. */
  readonly waiting: number;
  readonly closed: boolean;
}

/** Counts in pairs: every record that comes in is counted once more where it ends. */
export class Ledger {
  readonly #entries: Map<string, LedgerEntry>;

  constructor(entries: Iterable<readonly [string, LedgerEntry]> = []) {
    this.#entries = new Map([...entries].map(([source, entry]) => [source, { ...entry }]));
  }

  of(source: string): LedgerEntry {
    const known = this.#entries.get(source);
    if (known) return known;
    const entry = { in: 0, scored: 0, filtered: 0, deadLetters: 0, alerts: 0, late: 0 };
    this.#entries.set(source, entry);
    return entry;
  }

  entries(): [string, LedgerEntry][] {
    return [...this.#entries].map(([source, entry]) => [source, { ...entry }]);
  }

  totals(waiting: number): LedgerTotals {
    const sum = { in: 0, scored: 0, filtered: 0, deadLetters: 0, alerts: 0, late: 0 };
    for (const entry of this.#entries.values()) for (const key of Object.keys(sum) as (keyof LedgerEntry)[]) sum[key] += entry[key];
    return { ...sum, waiting, closed: sum.in === sum.scored + sum.filtered + sum.deadLetters + waiting };
  }
}
