import { type EventBatch, isListColumn, toFloat64 } from "../../event/index.ts";
import type { AsOf } from "./indicator.ts";
import type { ThreatIntel } from "./threat-intel.ts";

/**
 * Hit sets of rows as of their time. A value's code is made once: its hit set where that does not depend on time, which is nearly always so, else
 * a negative number that is looked up a row.
 */
export class TimedHits {
  readonly #intel: ThreatIntel;
  readonly #asOf: AsOf;
  /** The match of code -1, -2, … */
  readonly #timed: number[] = [];
  readonly #codes = new Map<number, number>();

  constructor(intel: ThreatIntel, asOf: AsOf) {
    this.#intel = intel;
    this.#asOf = asOf;
  }

  codeOf(match: number): number {
    if (match === 0) return 0;
    let code = this.#codes.get(match);
    if (code === undefined) {
      code = this.#intel.isTimed(match, this.#asOf) ? -this.#timed.push(match) : this.#intel.hitsAt(match, 0, this.#asOf);
      this.#codes.set(match, code);
    }
    return code;
  }

  /** The hit set of a code at an instant. */
  at(code: number, time: number): number {
    return code >= 0 ? code : this.#intel.hitsAt(this.#timed[-code - 1]!, time, this.#asOf);
  }
}

/** When each event of a batch was, epoch microseconds, NaN where it does not tell. */
export function eventTimes(batch: EventBatch): Float64Array {
  const column = batch.columns.get("timestamp");
  if (column === undefined || isListColumn(column) || column.type !== "timestamp") return new Float64Array(batch.length).fill(Number.NaN);
  return toFloat64(column);
}
