import { CellChecker } from "../../src/types/cell-checker.ts";
import type { Providers } from "../../src/types/providers.ts";
import type { PreparedCell, TypecheckMode } from "../../src/types/service.ts";
import { home } from "./notebook-folder.ts";

/** Cells that are checked and run one after another. */
export class Notebook {
  readonly checker: CellChecker;
  #count = 0;

  constructor(directory: string, providers?: Providers) {
    this.checker = new CellChecker({ directory, home, conditions: ["soclab-source"] }, providers);
  }

  /** Checks a cell and, unless it is no TypeScript, runs it as far as types go. */
  async run(source: string, mode: TypecheckMode = "on"): Promise<PreparedCell> {
    this.#count += 1;
    const prepared = await this.checker.prepare(String(this.#count), source, mode);
    if (!prepared.isSyntaxError) this.checker.commit(String(this.#count));
    return prepared;
  }

  /** `TS2339 foo`: the codes of a cell's diagnostics, each with the text that it underlines. */
  async problems(source: string, mode: TypecheckMode = "on"): Promise<string[]> {
    const { diagnostics } = await this.run(source, mode);
    return diagnostics.map(({ code, start, end }) => `${code} ${source.slice(start, end)}`.trim());
  }
}
