import type { MimeData } from "../displayable.ts";
import { toJsonData } from "../json-data.ts";
import type { FigureParts } from "./trace.ts";

/** Where the strings are data, never written by the figure's author as text of the page. */
const dataAttributes = new Set(["x", "y", "z", "labels", "parents", "name", "categoryarray"]);
const textAttributes = new Set(["text", "hovertext"]);
const formatting = /^<(?:br ?\/?|\/?(?:b|i|em|sup|sub))>/;

/**
 * What `application/vnd.plotly.v1+json` holds. Numbers that JSON does not know become gaps, dates ISO text, typed arrays plain ones,
 * because front ends with an older Plotly do not know its packed form. Plotly reads links and the like in any text: in categories,
 * names and labels, which are data, a tag stays text; `text` and `hovertext` keep line breaks and bold, no links.
 */
export function plotlyJson({ data, layout, config }: FigureParts): { [name: string]: MimeData } {
  const traces = data.map((trace) => toJsonData(titled(escapeAttributes(trace))));
  return { data: traces, layout: toJsonData(titled(withCategories(layout))), config: toJsonData(config) };
}

const parts = /^(?:[xyz]axis\d*|colorbar|coloraxis\d*|marker|legend|polar|scene)$/;

/** Plotly 3 and later read a title only from `{ text }`; everybody still writes a string. */
function titled(owner: object): object {
  return Object.fromEntries(
    Object.entries(owner).map(([name, value]: [string, unknown]) => {
      if (name === "title" && typeof value === "string") return [name, { text: value }];
      const isPart = parts.test(name) && typeof value === "object" && value !== null && !Array.isArray(value);
      return [name, isPart ? titled(value) : value];
    }),
  );
}

function withCategories(layout: object): object {
  return Object.fromEntries(
    Object.entries(layout).map(([name, value]: [string, unknown]) => [
      name,
      /^[xy]axis\d*$/.test(name) && typeof value === "object" && value !== null ? escapeAttributes(value) : value,
    ]),
  );
}

function escapeAttributes(owner: object): object {
  return Object.fromEntries(
    Object.entries(owner).map(([name, value]: [string, unknown]) => {
      if (dataAttributes.has(name)) return [name, escaped(value, escapeTags)];
      return [name, textAttributes.has(name) ? escaped(value, escapeLinks) : value];
    }),
  );
}

function escaped(value: unknown, by: (text: string) => string): unknown {
  if (typeof value === "string") return by(value);
  if (Array.isArray(value) && value.some((one) => typeof one === "string" || Array.isArray(one)))
    return value.map((one) => escaped(one, by));
  return value;
}

function escapeTags(text: string): string {
  return withoutMath(text.replace(/&(?=#?\w+;)|</g, (character) => (character === "&" ? "&amp;" : "&lt;")));
}

function escapeLinks(text: string): string {
  return withoutMath(text.replace(/</g, (_, at: number) => (formatting.test(text.slice(at, at + 8)) ? "<" : "&lt;")));
}

/** What stands between dollars would be given to the page's MathJax. */
function withoutMath(text: string): string {
  return /\$.*\$/s.test(text) ? text.replaceAll("$", "&#36;") : text;
}
