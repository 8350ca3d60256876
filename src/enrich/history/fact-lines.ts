import { type EventBatch, isListColumn, isValid } from "../../event/index.ts";
import { forever } from "./time-lines.ts";

interface FactLine {
  readonly froms: Float64Array;
  readonly facts: Int32Array;
}

/**
 * Facts that depend on time: a negative number stands for one of these lines until {@link resolve} puts the fact of each row's time in its
 * place. A fact that never changes is no line, so that only the rows of addresses with a history cost a search.
 */
export class FactLines {
  readonly #lines: FactLine[] = [];
  readonly #numbers = new WeakMap<readonly { from: number }[], Map<number, number>>();

  /**
   * The number of the facts of some spans; the fact itself where it is one for all time.
   * @param spans - sorted, the first from before every event
   * @param base - what else the facts depend on
   */
  numberOf<S extends { readonly from: number }>(spans: readonly S[], base: number, factOf: (span: S) => number): number {
    if (spans.length === 1) return factOf(spans[0]!);
    const numbers = this.#numbers.get(spans) ?? new Map<number, number>();
    this.#numbers.set(spans, numbers);
    let number = numbers.get(base);
    if (number === undefined) {
      this.#lines.push({ froms: Float64Array.from(spans, ({ from }) => from), facts: Int32Array.from(spans, factOf) });
      number = -this.#lines.length;
      numbers.set(base, number);
    }
    return number;
  }

  /** Puts facts in place of the lines, by each row's `timestamp`; a row without one gets what holds with an open end. */
  resolve(ids: Int32Array, batch: EventBatch): void {
    if (this.#lines.length === 0) return;
    const column = batch.columns.get("timestamp");
    const times = column !== undefined && !isListColumn(column) && column.type === "timestamp" ? column : undefined;
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id >= 0) continue;
      const time = times !== undefined && isValid(times.validity, row) ? times.values[row]! : forever;
      ids[row] = factAt(this.#lines[-id - 1]!, time);
    }
  }
}

function factAt({ froms, facts }: FactLine, time: number): number {
  let low = 0;
  let high = froms.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (froms[middle]! <= time) low = middle;
    else high = middle;
  }
  return facts[low]!;
}
