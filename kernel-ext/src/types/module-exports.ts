import ts from "typescript";
import type { StandingProgram } from "./standing-program.ts";

/** A name that a module exports. */
export interface ModuleExports {
  readonly name: string;
  readonly module: string;
  readonly isValue: boolean;
  readonly isType: boolean;
}

/** What the modules that the notebook can import have to offer: Node's own, and those that a cell has imported before. */
export class ModuleExportsIndex {
  readonly #standing: StandingProgram;
  #generation = -1;
  #all: readonly ModuleExports[] = [];

  constructor(standing: StandingProgram) {
    this.#standing = standing;
  }

  /** What was read last; nothing before the first {@link refresh}. */
  all(): readonly ModuleExports[] {
    return this.#all;
  }

  /** Reads what has come. Takes some 30 ms, so it is done while nobody waits. */
  refresh(): void {
    const { checker, generation } = this.#standing;
    if (generation === this.#generation) return;
    this.#generation = generation;
    const found = new Map<string, ModuleExports>();
    const add = (module: string, symbol: ts.Symbol): void => {
      for (const exported of checker.getExportsOfModule(symbol)) {
        const { name } = exported;
        if (name === "default" || name.startsWith("_") || found.has(name)) continue;
        const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        const isValue = (target.flags & ts.SymbolFlags.Value) !== 0;
        const isType = (target.flags & ts.SymbolFlags.Type) !== 0;
        if (isValue || isType) found.set(name, { name, module, isValue, isType });
      }
    };
    for (const [specifier, file] of this.#standing.importedModules()) {
      const symbol = checker.getSymbolAtLocation(file);
      if (symbol) add(specifier, symbol);
    }
    for (const module of checker.getAmbientModules()) {
      const specifier = module.name.replace(/^"|"$/g, "");
      if (specifier.startsWith("node:") && !seldom.has(specifier)) add(specifier, module);
    }
    this.#all = [...found.values()];
  }
}

/** Modules whose names would only be in the way. */
const seldom: ReadonlySet<string> = new Set([
  "node:constants",
  "node:punycode",
  "node:sys",
  "node:repl",
  "node:domain",
  "node:trace_events",
]);
