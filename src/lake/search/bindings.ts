import type { BoundValue } from "../../table/index.ts";

/** The values of a statement: SQL holds only their numbers. */
export class Bindings {
  readonly values: BoundValue[] = [];
  readonly #places = new Map<BoundValue, string>();

  /** @returns `$1`, `$2` …; the same for the same value */
  bind(value: BoundValue): string {
    let place = this.#places.get(value);
    if (place === undefined) {
      this.values.push(value);
      place = `$${this.values.length}`;
      this.#places.set(value, place);
    }
    return place;
  }

  /** A whole number: the engine would make a wider type of it, and the column with it. */
  whole(value: bigint): string {
    return `${this.bind(value)}::BIGINT`;
  }

  /** A number that is no whole one, or too large for one. As text, because the engine's binding guesses a type from a number. */
  double(value: number): string {
    return `${this.bind(String(value))}::DOUBLE`;
  }

  /** Runs what binds values; where it comes to nothing, its values are forgotten: a statement takes no value that it does not name. */
  attempt<T>(work: () => T, isNothing: (result: T) => boolean): T {
    const { length } = this.values;
    const result = work();
    if (isNothing(result)) for (const value of this.values.splice(length)) this.#places.delete(value);
    return result;
  }
}
