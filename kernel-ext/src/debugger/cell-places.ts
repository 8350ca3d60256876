import { LineStarts, type Place } from "./line-starts.ts";
import type { CellScript } from "./target.ts";

/** A place of the user's text that a place of the script stands for. */
export interface SourcePlace extends Place {
  /** True where the script does something that the user did not write: execution does not stop there. */
  readonly isInserted: boolean;
}

/** Places of a cell's script ↔ places of the cell as the user wrote it. */
export class CellPlaces {
  readonly cell: CellScript;
  readonly #script: LineStarts;
  readonly #source: LineStarts;

  constructor(cell: CellScript) {
    this.cell = cell;
    this.#script = LineStarts.ofScript(cell.script);
    this.#source = LineStarts.ofSource(cell.source);
  }

  /** True before the user's first character, where the function that holds the whole cell starts. */
  isBeforeCode(place: Place): boolean {
    let at = 0;
    for (const { length, source } of this.cell.map.pieces) {
      if (source !== undefined) break;
      at += length;
    }
    return this.#script.offset(place) < at;
  }

  textFrom(place: Place): string {
    return this.cell.script.slice(this.#script.offset(place));
  }

  toSource(place: Place): SourcePlace {
    const { source, map } = this.cell;
    if (place.line >= this.#script.count) return { ...this.#source.place(source.length), isInserted: true };
    const offset = this.#script.offset(place);
    return { ...this.#source.place(Math.min(map.toSource(offset), source.length)), isInserted: this.#isInserted(offset) };
  }

  /** A call that was put around the user's expression, `show(` before `a.b`, is where that statement starts. */
  #isInserted(offset: number): boolean {
    let at = 0;
    for (const { length, source } of this.cell.map.pieces) {
      if (source === undefined || at + length <= offset) {
        at += length;
        continue;
      }
      if (at <= offset) return false;
      const before = this.cell.script.slice(offset, at);
      return !before.endsWith("(") || before.includes("=>{");
    }
    return true;
  }
}
