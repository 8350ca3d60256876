/**
 * Distinct strings in order of first appearance; a code is an index into `values`. It only grows, so that batches share it and a look-up
 * made for a code stays valid for every later batch. A parser starts a new one when it has grown past its limit.
 */
export interface Dictionary {
  readonly values: readonly string[];
}

/** The result of `compute` for every code of a dictionary, made once a distinct string. */
export class DictionaryMemo<T> {
  readonly #memo = new WeakMap<Dictionary, T[]>();
  readonly #compute: (value: string) => T;

  constructor(compute: (value: string) => T) {
    this.#compute = compute;
  }

  /** One result a code, index = code. */
  of(dictionary: Dictionary): readonly T[] {
    const results = this.#memo.get(dictionary) ?? [];
    this.#memo.set(dictionary, results);
    const { values } = dictionary;
    for (let code = results.length; code < values.length; code++) results.push(this.#compute(values[code]!));
    return results;
  }
}
