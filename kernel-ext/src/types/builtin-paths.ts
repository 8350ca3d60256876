import { builtinModules } from "node:module";
import type { CompletionEntry } from "./completion-entry.ts";

const names = builtinModules.filter((name) => !/(?:^|\/)_/.test(name)).map((name) => (name.startsWith("node:") ? name : `node:${name}`));

/** Node's modules in the quotes of an import: the compiler knows only those whose types were read. */
export function builtinPaths(text: string, offset: number): CompletionEntry[] {
  const typed = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["']([\w:/]*)$/.exec(text.slice(0, offset))?.[1];
  if (typed === undefined || typed === "" || typed.startsWith("/")) return [];
  const start = offset - typed.length;
  return names.filter((name) => name.startsWith(typed)).map((name) => ({ name, start, type: "module", rank: 15 }));
}
