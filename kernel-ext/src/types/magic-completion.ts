import { magicNames } from "../cells/magics.ts";
import type { Completions } from "./service.ts";

/** `%ti` → `%time`; undefined where the cursor is in no magic's name. `%%` begins a cell, `%` a line. */
export function magicCompletions(source: string, cursor: number): Completions | undefined {
  const lineStart = source.lastIndexOf("\n", cursor - 1) + 1;
  const typed = /^[ \t]*(%%?\w*)$/.exec(source.slice(lineStart, cursor))?.[1];
  if (typed === undefined) return undefined;
  const start = cursor - typed.length;
  const mayBeCell = source.slice(0, lineStart).trim() === "";
  const matches = magicNames.filter((name) => name.startsWith(typed) && (mayBeCell || !name.startsWith("%%")));
  return { matches, cursorStart: start, cursorEnd: cursor, types: matches.map((text) => ({ text, type: "magic", start, end: cursor })) };
}
