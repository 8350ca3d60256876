import { linearTimeFault, type PatternFault } from "../../core/index.ts";
import { definitionFault } from "./definition.ts";
import { type ExpandedPattern, expandPattern, GrokFault } from "./grok.ts";

/** A pattern that was shown to take linear time. */
export interface FieldPattern extends Pick<ExpandedPattern, "fields" | "types"> {
  readonly matcher: RegExp;
}

/**
 * The pattern as a regular expression that matches whole lines.
 * @param place - of the pattern in the definition
 * @throws SOCLAB_INVALID_DEFINITION where it cannot be read, or could take more than linear time: with the place and a text that shows it
 */
export function fieldPattern(
  written: string,
  place: string,
  { own, isGrok, ignoreCase }: { own: Readonly<Record<string, string>>; isGrok: boolean; ignoreCase: boolean },
): FieldPattern {
  let expanded: ExpandedPattern;
  try {
    expanded = expandPattern(written, own, isGrok);
  } catch (error) {
    if (error instanceof GrokFault) throw definitionFault(place, `${error.message}\n${marked(written, [error.at])}`);
    throw error;
  }
  const { source, fields, types, origins } = expanded;
  const fault = linearTimeFault(source, { ignoreCase });
  if (fault) throw refused(fault, written, place, origins);
  let matcher: RegExp;
  try {
    matcher = new RegExp(`^(?:${source})$`, ignoreCase ? "si" : "s");
  } catch (error) {
    throw definitionFault(place, error instanceof Error ? error.message : "no regular expression");
  }
  return { matcher, fields, types };
}

function refused(fault: PatternFault, written: string, place: string, origins: readonly number[]): Error {
  const places = [...new Set(fault.places.map((at) => origins[Math.min(at, origins.length - 1)] ?? 0))];
  const lines = [fault.reason, marked(written, places)];
  if (fault.attack) {
    const { prefix, pump, suffix } = fault.attack;
    lines.push(`A text that shows it: ${JSON.stringify(prefix)} + ${JSON.stringify(pump)} many times + ${JSON.stringify(suffix)}`);
  }
  return definitionFault(
    place,
    lines.join("\n"),
    'Say what a part may not hold instead of .* or %{DATA}: [^ ]* or %{NOTSPACE} before a space, [^"]* before a quote.',
  );
}

/** The pattern with a mark below each place. */
function marked(written: string, places: readonly number[]): string {
  const from = Math.max(0, Math.min(...places) - 40);
  const shown = written.slice(from, from + 120).replace(/[\t\n\r]/g, " ");
  const marks = Array.from({ length: Math.min(120, Math.max(...places) - from + 1) }, (_, i) => (places.includes(from + i) ? "^" : " "));
  return `  ${from > 0 ? "…" : ""}${shown}\n  ${from > 0 ? " " : ""}${marks.join("").trimEnd()}`;
}
