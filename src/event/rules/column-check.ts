import { type Column, isListColumn, isValid, numberAt, type ScalarColumn, stringAt } from "../column.ts";
import { DictionaryMemo } from "../dictionary.ts";

/** Whether a value keeps a rule. Numbers are as {@link numberAt} has them: a timestamp in epoch microseconds, a boolean 0 or 1. */
export interface ValueCheck {
  text(value: string): boolean;
  number(value: number): boolean;
}

/** Finds the rows of a column whose value breaks a check; a null breaks nothing, a list does when one of its elements does. */
export class ColumnCheck {
  readonly #check: ValueCheck;
  readonly #memo: DictionaryMemo<boolean>;

  constructor(check: ValueCheck) {
    this.#check = check;
    this.#memo = new DictionaryMemo((value) => check.text(value));
  }

  /** Adds 1 to `breaks` at each row that breaks the check. @returns how many do */
  run(column: Column, breaks: Uint8Array): number {
    if (!isListColumn(column)) return this.#scalar(column, (row) => row, breaks, column.length);
    const rowOf = new Int32Array(column.child.length);
    for (let row = 0; row < column.length; row++) rowOf.fill(row, column.offsets[row]!, column.offsets[row + 1]!);
    const shown = new Uint8Array(breaks.length);
    this.#scalar(column.child, (element) => rowOf[element]!, shown, column.offsets[column.length]!);
    let count = 0;
    for (let row = 0; row < column.length; row++) {
      if (shown[row] === 0 || !isValid(column.validity, row)) continue;
      breaks[row] = 1;
      count++;
    }
    return count;
  }

  #scalar(column: ScalarColumn, rowOf: (index: number) => number, breaks: Uint8Array, length: number): number {
    let count = 0;
    if (column.type === "string") {
      const kept = column.encoding === "dictionary" ? this.#memo.of(column.dictionary) : undefined;
      if (kept && !kept.includes(false)) return 0;
      for (let i = 0; i < length; i++) {
        if (!isValid(column.validity, i)) continue;
        const isKept = column.encoding === "dictionary" ? kept![column.codes[i]!]! : this.#check.text(stringAt(column, i)!);
        if (isKept) continue;
        breaks[rowOf(i)] = 1;
        count++;
      }
      return count;
    }
    for (let i = 0; i < length; i++) {
      if (!isValid(column.validity, i) || this.#check.number(numberAt(column, i))) continue;
      breaks[rowOf(i)] = 1;
      count++;
    }
    return count;
  }
}
