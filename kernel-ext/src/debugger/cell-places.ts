import { LineStarts, type Place } from "./line-starts.ts";
import type { CellScript } from "./target.ts";

/** A place of the user's text that a place of the script stands for. */
export interface SourcePlace extends Place {
  /** True where the script has nothing of the user's from here to the end of its line: stepping does not stop there. */
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
    const offset = this.#script.offset(place);
    return !this.#hasCopied(0, offset);
  }

  toSource(place: Place): SourcePlace {
    const { cell } = this;
    if (place.line >= this.#script.count) return { ...this.#source.place(cell.source.length), isInserted: true };
    const offset = this.#script.offset(place);
    const lineEnd = this.#script.start(place.line + 1);
    return {
      ...this.#source.place(Math.min(cell.map.toSource(offset), cell.source.length)),
      isInserted: !this.#hasCopied(offset, lineEnd),
    };
  }

  /** An inserted prefix, as of a wrapped expression, belongs to the user's statement behind it. */
  #hasCopied(start: number, end: number): boolean {
    let at = 0;
    for (const { length, source } of this.cell.map.pieces) {
      const from = Math.max(start, at);
      const to = Math.min(end, at + length);
      if (source !== undefined && from < to && /\S/.test(this.cell.script.slice(from, to))) return true;
      at += length;
    }
    return false;
  }
}
