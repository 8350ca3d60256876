const names: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));
const fixed: ReadonlySet<string> = new Set(["undefined", "NaN", "Infinity", "eval"]);

/**
 * Whether the language or Node has a global of this name. A cell that declares it (`import { setTimeout } from "node:timers/promises"`)
 * means its own cells, not the packages that they use, and a script's `let` would take it from all of them.
 */
export function isGlobalName(name: string): boolean {
  return names.has(name) && !fixed.has(name);
}
