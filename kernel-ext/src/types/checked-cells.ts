import type ts from "typescript";
import type { CellFile } from "./cell-file.ts";
import type { LocalSymbol } from "./compiler.ts";
import type { VisibleNames } from "./visible-names.ts";

export interface CheckedCell {
  readonly cell: CellFile;
  readonly found: readonly ts.Diagnostic[];
}

interface Entry extends CheckedCell {
  readonly generation: number;
  /** Every name in the text that is not the cell's own, and what it meant. */
  readonly meanings: readonly (readonly [string, LocalSymbol | undefined])[];
}

const limit = 100;

/** Cells that were checked without an error. One is right again for the same text when every name in it means what it meant. */
export class CheckedCells {
  readonly #entries = new Map<string, Entry>();

  get(text: string, generation: number, visible: VisibleNames): CheckedCell | undefined {
    const entry = this.#entries.get(text);
    if (!entry || entry.generation !== generation) return undefined;
    if (!entry.meanings.every(([name, symbol]) => visible.meaning(name) === symbol)) return undefined;
    this.#entries.delete(text);
    this.#entries.set(text, entry);
    return entry;
  }

  set(text: string, generation: number, visible: VisibleNames, checked: CheckedCell): void {
    // An error may name a near name that is not in the text; a merged name has a meaning from elsewhere.
    if (checked.found.length > 0 || checked.cell.isMerged || text.length > 20_000) return;
    const { file, own } = checked.cell;
    const meanings: [string, LocalSymbol | undefined][] = [];
    for (const name of file.identifiers.keys()) if (!own.has(name)) meanings.push([name, visible.meaning(name)]);
    this.#entries.set(text, { ...checked, generation, meanings });
    const oldest = this.#entries.size > limit ? this.#entries.keys().next() : undefined;
    if (oldest && !oldest.done) this.#entries.delete(oldest.value);
  }

  clear(): void {
    this.#entries.clear();
  }
}
