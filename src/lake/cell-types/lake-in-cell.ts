import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type Lake, openLake } from "../lake.ts";
import { lakeSymbol } from "../symbol.ts";
import type { LiteralUse, ProviderCell, ProviderSession } from "./provider-contract.ts";

/** What is asked of a lake here; one of another copy of soclab has it too. */
export type CellLake = Pick<Lake, "tables" | "schema" | "sql" | "commit" | "directory">;

const maxOpened = 4;

/** Lakes that a cell names: variables of the session, and those that the cell itself is about to open. */
export class LakesInCells {
  readonly #opened = new Map<string, Lake>();

  /** The lake that `lake.table(…)`, `` lake.sql`…` `` or `` sql`…` `` is about, where that can be told before the cell runs. */
  find(use: LiteralUse, cell: ProviderCell, session: ProviderSession): CellLake | undefined {
    if (use.receiver !== undefined) return this.#named(use.receiver, cell, session);
    const owner = tagOwner(use.method, cell.source);
    return owner === undefined ? lakeOf(session.value(use.method)) : this.#named(owner, cell, session);
  }

  #named(name: string, cell: ProviderCell, session: ProviderSession): CellLake | undefined {
    const initialiser = cell.initialisers.findLast((each) => each.name === name);
    if (initialiser === undefined) return lakeOf(session.value(name));
    if (!/(^|\.)openLake$/.test(initialiser.callee)) return undefined;
    const [folder] = initialiser.args;
    const directory = folder === undefined ? undefined : "text" in folder ? folder.text : session.value(folder.name);
    return typeof directory === "string" ? this.#open(resolve(session.directory, directory)) : undefined;
  }

  #open(directory: string): Lake | undefined {
    const known = this.#opened.get(directory);
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
    this.#opened.delete(directory);
    const lake = known ?? openLake(directory, { threads: 1 });
    this.#opened.set(directory, lake);
    for (const [oldest, old] of this.#opened) {
      if (this.#opened.size <= maxOpened) break;
      this.#opened.delete(oldest);
      void old.close();
    }
    return lake;
  }
}

/** A `Lake`, or its `sql`, of whatever copy of soclab. */
function lakeOf(value: unknown): CellLake | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const lake: unknown = Reflect.get(value, lakeSymbol);
  return isLake(lake) ? lake : undefined;
}

function isLake(value: unknown): value is CellLake {
  if (typeof value !== "object" || value === null) return false;
  const methods = ["tables", "schema", "sql"].map((name) => typeof Reflect.get(value, name));
  return methods.every((type) => type === "function") && typeof Reflect.get(value, "directory") === "string";
}

/** `lake` where the cell says `const { sql } = lake` or `const sql = lake.sql`. */
function tagOwner(tag: string, source: string): string | undefined {
  const name = tag.replaceAll("$", "\\$");
  const pattern = `\\b(?:const|let|var)\\s+(?:\\{[^}]*\\b(?:sql\\s*:\\s*)?${name}\\b[^}]*\\}\\s*=\\s*([\\w$]+)|${name}\\s*=\\s*([\\w$]+)\\.sql\\b)`;
  const match = new RegExp(pattern).exec(source);
  return match?.[1] ?? match?.[2];
}
