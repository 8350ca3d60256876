import ts from "typescript";
import { isGlobalName } from "../cells/global-names.ts";
import type { LocalSymbol } from "./compiler.ts";

export interface VisibleName {
  readonly symbol: LocalSymbol;
  /** The cell that declared it last. */
  readonly cell: string;
}

/** The names that cells which have run declared, each by the cell that declared it last; behind them what providers declared. */
export class VisibleNames {
  readonly #names = new Map<string, VisibleName>();
  readonly #provided = new Map<string, LocalSymbol>();

  #version = 0;

  /** Changes whenever a name does. */
  get version(): number {
    return this.#version;
  }

  entries(): IterableIterator<[string, VisibleName]> {
    return this.#names.entries();
  }

  provided(): IterableIterator<[string, LocalSymbol]> {
    return this.#provided.entries();
  }

  get(name: string): VisibleName | undefined {
    return this.#names.get(name);
  }

  /** What a name means that a cell does not declare itself; undefined for a global. */
  meaning(name: string): LocalSymbol | undefined {
    return this.#names.get(name)?.symbol ?? this.#provided.get(name);
  }

  /** Globals that mean something else in the session's cells. */
  shadowed(): string[] {
    const isValue = (symbol: LocalSymbol): boolean => (symbol.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Alias)) !== 0;
    return [...this.#names].filter(([name, { symbol }]) => isGlobalName(name) && isValue(symbol)).map(([name]) => name);
  }

  declare(cell: string, own: ReadonlyMap<string, LocalSymbol>): void {
    this.#version += 1;
    for (const [name, symbol] of own) this.#names.set(name, { symbol, cell });
  }

  provide(names: ReadonlyMap<string, LocalSymbol>): void {
    this.#version += 1;
    for (const [name, symbol] of names) this.#provided.set(name, symbol);
  }

  /** @param names - those to forget; all of them where there are none given */
  forget(names?: readonly string[]): void {
    this.#version += 1;
    if (!names) this.#names.clear();
    else for (const name of names) this.#names.delete(name);
  }
}
