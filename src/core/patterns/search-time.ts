import { linearTimeFault, type PatternFault } from "./linear-time.ts";

const anything = "[\\s\\S]*";

/**
 * {@link linearTimeFault} for a search anywhere in a text, as `RegExp.test` does it: without `^` the engine begins anew at every place, which is one more
 * loop before the pattern.
 */
export function searchTimeFault(source: string): PatternFault | null {
  for (const { text, at } of choicesOf(source)) {
    const fault = faultOfChoice(text, at);
    if (fault) return fault;
  }
  return null;
}

function faultOfChoice(source: string, at: number): PatternFault | null {
  const fromStart = source.startsWith("^");
  const toEnd = /(?:^|[^\\])(?:\\\\)*\$$/.test(source);
  const body = source.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  const before = fromStart ? "(?:" : `${anything}(?:`;
  const fault = linearTimeFault(`${before}${body})${toEnd ? "" : anything}`);
  if (fault === null) return null;
  const shift = at + (fromStart ? 1 : 0) - before.length;
  const places = fault.places.map((place) => Math.min(at + source.length, Math.max(at, place + shift)));
  const isRestart = !fromStart && fault.kind === "polynomial";
  return { ...fault, reason: isRestart ? `${fault.reason}: the search begins anew at every place; begin it with ^` : fault.reason, places };
}

/** The choices of a pattern that is `a|b|c` at its top level. */
function choicesOf(source: string): { text: string; at: number }[] {
  const choices: { text: string; at: number }[] = [];
  let depth = 0;
  let at = 0;
  for (let i = 0; i < source.length; i++) {
    const letter = source[i];
    if (letter === "\\") i++;
    else if (letter === "[") while (i < source.length && source[i] !== "]") i += source[i] === "\\" ? 2 : 1;
    else if (letter === "(") depth++;
    else if (letter === ")") depth--;
    else if (letter === "|" && depth === 0) {
      choices.push({ text: source.slice(at, i), at });
      at = i + 1;
    }
  }
  return [...choices, { text: source.slice(at), at }];
}
