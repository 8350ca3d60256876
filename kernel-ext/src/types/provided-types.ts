import ts from "typescript";
import type { StandingProgram } from "./standing-program.ts";
import { bindDeclarations, ownSymbols } from "./virtual-module.ts";
import type { VisibleNames } from "./visible-names.ts";

/**
 * The declarations that providers gave. They lie over the program as cells do, so that a new schema makes no new program; a text that
 * reaches into a module or the global scope (`declare module`, `declare global`) becomes part of it.
 */
export class ProvidedTypes {
  readonly #standing: StandingProgram;
  readonly #visible: VisibleNames;
  readonly #texts = new Map<string, ReturnType<typeof ownSymbols>>();
  #global = "";

  constructor(standing: StandingProgram, visible: VisibleNames) {
    this.#standing = standing;
    this.#visible = visible;
  }

  add(text: string): void {
    if (text.trim() === "") return;
    let names = this.#texts.get(text);
    if (!names) {
      const file = bindDeclarations(this.#standing.directory, text, this.#standing.options);
      if (file.statements.some(ts.isModuleDeclaration)) {
        this.#global += `${text}\n`;
        this.#standing.provide(this.#global);
        names = new Map();
      } else {
        names = ownSymbols(file);
        for (const [name, symbol] of this.#visible.provided()) {
          if (!names.has(name)) file.locals?.set(ts.escapeLeadingUnderscores(name), symbol);
        }
      }
      this.#texts.set(text, names);
    }
    this.#visible.provide(names);
  }
}
