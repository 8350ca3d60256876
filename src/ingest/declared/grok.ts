import { didYouMean } from "../../core/index.ts";
import { grokLibrary } from "./grok-library.ts";

/** A pattern ready for a regular expression, with the fields that its groups are. */
export interface ExpandedPattern {
  readonly source: string;
  /** Field of each capturing group, from group 1 on. */
  readonly fields: readonly string[];
  /** Types that the pattern itself gives: `%{INT:bytes:int}`. */
  readonly types: ReadonlyMap<string, "bigint" | "double">;
  /** For each character of `source` where in the written pattern it comes from. */
  readonly origins: readonly number[];
}

/** What is wrong with a grok pattern, and where in it. */
export class GrokFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const reference = /%\{([A-Za-z0-9_]+)(?::([^:}]*))?(?::([^}]*))?\}|\(\?<([^=!>][^>]*)>|\\.|\[(?:[^\]\\]|\\.)*\]|\(/gs;
const maxDepth = 20;
const maxLength = 20_000;

/**
 * Puts the library's patterns, and those of the definition, in the place of `%{NAME}`; `%{NAME:field}` and `(?<field>…)` name fields. Plain
 * groups do not capture.
 * @param isGrok - whether `%{NAME}` is a reference; a plain regular expression has named groups only
 * @throws GrokFault
 */
export function expandPattern(written: string, own: Readonly<Record<string, string>>, isGrok: boolean): ExpandedPattern {
  const fields: string[] = [];
  const types = new Map<string, "bigint" | "double">();
  const pieces: string[] = [];
  const origins: number[] = [];
  const emit = (text: string, at: (i: number) => number) => {
    pieces.push(text);
    for (let i = 0; i < text.length; i++) origins.push(at(i));
    if (origins.length > maxLength) throw new GrokFault(`the pattern is over ${maxLength} characters long when written out`, at(0));
  };
  const patternOf = (name: string, at: number): string => {
    const found = Object.hasOwn(own, name) ? own[name]! : Object.hasOwn(grokLibrary, name) ? grokLibrary[name]! : undefined;
    if (found !== undefined) return found;
    const near = didYouMean(name, [...Object.keys(own), ...Object.keys(grokLibrary)]);
    throw new GrokFault(`there is no pattern "${name}"${near ? `. ${near}` : ""}`, at);
  };
  const expand = (text: string, at: number | undefined, depth: number) => {
    const origin = (i: number) => at ?? i;
    if (depth > maxDepth) throw new GrokFault("patterns refer to each other without end", origin(0));
    let last = 0;
    const matcher = new RegExp(reference.source, "gs");
    for (let match = matcher.exec(text); match; match = matcher.exec(text)) {
      const here = match.index;
      emit(text.slice(last, here), (i) => origin(last + i));
      last = here + match[0].length;
      const [whole, name, field, type, group] = match;
      if (name !== undefined && isGrok) {
        const inner = patternOf(name, origin(here));
        if (field) {
          fields.push(fieldName(field, origin(here)));
          if (type === "int" || type === "long") types.set(fields.at(-1)!, "bigint");
          else if (type === "float" || type === "double") types.set(fields.at(-1)!, "double");
          else if (type !== undefined && type !== "string")
            throw new GrokFault(`%{…:${type}} is no type, expected int, float or string`, origin(here));
        }
        emit(field ? "(" : "(?:", () => origin(here));
        expand(inner, origin(here), depth + 1);
        emit(")", () => origin(here));
      } else if (group !== undefined) {
        fields.push(fieldName(group, origin(here)));
        emit("(", () => origin(here));
      } else if (whole === "(" && text[here + 1] !== "?") emit("(?:", () => origin(here));
      else emit(whole, (i) => origin(here + i));
    }
    emit(text.slice(last), (i) => origin(last + i));
  };
  expand(written, undefined, 0);
  return { source: pieces.join(""), fields, types, origins };
}

function fieldName(name: string, at: number): string {
  const plain = name.replace(/^\[|\]$/g, "").replace(/\]\[|[.@ -]/g, "_");
  if (/^[A-Za-z_][A-Za-z0-9_]{0,119}$/.test(plain)) return plain;
  throw new GrokFault(`"${name.slice(0, 60)}" is no name for a field: letters, digits and _ are`, at);
}
