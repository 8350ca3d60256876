import { inspect } from "node:util";
import { displaySymbol, type MimeBundle } from "./displayable.ts";
import { escapeHtml } from "./escape-html.ts";
import { safeAttribute } from "./html-attribute.ts";
import { HtmlScanner } from "./html-context.ts";
import { plainText } from "./plain-text.ts";
import { cutText, visibleText } from "./visible-text.ts";

// Not instanceof: a notebook's own node_modules may hold another copy of this class. Parsed JSON has no symbols.
const brand: unique symbol = Symbol.for("soclab-kernel.markup");

/** Markup that escapes what is put into it. Made by {@link html}, {@link svg} and {@link rawHtml} alone: no record can be one. */
export class Markup {
  readonly [brand] = true;
  readonly #text: string;
  readonly #mime: "text/html" | "image/svg+xml";

  constructor(text: string, mime: "text/html" | "image/svg+xml") {
    this.#text = text;
    this.#mime = mime;
  }

  toString(): string {
    return this.#text;
  }

  static isMarkup(value: unknown): value is Markup {
    return typeof value === "object" && value !== null && brand in value;
  }

  [displaySymbol](): MimeBundle {
    return { "text/plain": textOf(this.#text), [this.#mime]: this.#text };
  }

  [inspect.custom](): string {
    return this.#text;
  }
}

/** Something that is markup when it stands inside other markup, as a `table()` does. */
export interface ToMarkup {
  toMarkup(): Markup;
}

/**
 * HTML to show, with every value escaped for the place where it stands: text, attribute, address, style. Values may be other markup,
 * which stays as it is, and arrays; `null`, `undefined` and `false` are nothing.
 *
 * @throws TypeError for a value where nothing can be made safe: in a tag's name, a script, a comment, an `on…` attribute
 * @example
 * html`<ul title="${name}">${hosts.map((host) => html`<li>${host}</li>`)}</ul>`
 */
export function html(template: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(fill("html", template, values), "text/html");
}

/** The same for a picture: `` svg`<svg viewBox="0 0 9 9"><circle r="${radius}"/></svg>` ``. */
export function svg(template: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(fill("svg", template, values), "image/svg+xml");
}

/** Text that is HTML already, from somebody you trust: nothing is escaped, and its scripts run. */
export function rawHtml(text: string): Markup {
  return new Markup(text, "text/html");
}

type Language = "html" | "svg";

function fill(language: Language, template: TemplateStringsArray, values: readonly unknown[]): string {
  const scanner = new HtmlScanner();
  let filled = "";
  template.forEach((cooked, index) => {
    const text = cooked ?? template.raw[index] ?? "";
    scanner.read(text);
    filled += text;
    if (index < values.length) filled += place(language, scanner, values[index], template[index + 1] ?? "");
  });
  return filled;
}

function place(language: Language, scanner: HtmlScanner, value: unknown, next: string): string {
  const { place } = scanner;
  switch (place.kind) {
    case "text":
      return content(language, value);
    case "plain text":
      return escapeHtml(plainPart(value));
    case "attribute":
    case "unquoted attribute": {
      const isQuoted = place.kind === "attribute";
      if (!isQuoted && !/^(?:[\s/>]|$)/.test(next)) throw new TypeError(`${language}: put quotes around the value of ${place.name}`);
      const safe = safeAttribute(place.name, plainPart(value), isQuoted ? place.before : "");
      scanner.wrote(safe);
      return isQuoted ? escapeHtml(safe) : `"${escapeHtml(safe)}"`;
    }
    case "unsafe":
      throw new TypeError(`${language}: a value cannot stand ${place.what}; rawHtml(text) takes text that you trust`);
  }
}

function content(language: Language, value: unknown): string {
  if (Markup.isMarkup(value)) return value.toString();
  if (Array.isArray(value)) return value.map((one) => content(language, one)).join("");
  if (typeof value === "object" && value !== null && "toMarkup" in value && typeof value.toMarkup === "function") {
    const markup: unknown = value.toMarkup();
    if (Markup.isMarkup(markup)) return markup.toString();
  }
  const text = plainPart(value);
  const escaped = escapeHtml(text);
  // Jupyter's pages typeset what stands between dollars; data is no formula.
  if (language === "svg" || !/[$\\]/.test(text)) return escaped;
  return `<span class="tex2jax_ignore mathjax_ignore">${escaped}</span>`;
}

/** A value as text of the page; nothing for what is nothing. */
function plainPart(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Markup.isMarkup(value)) return textOf(value.toString());
  if (Array.isArray(value)) return value.map(plainPart).join("");
  if (typeof value === "string") return visibleText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (typeof value === "object" || typeof value === "function") return objectText(value);
  return visibleText(String(value));
}

/** An object's own idea of its text, such as a URL's; `[object Object]` is nobody's idea. */
function objectText(value: object): string {
  try {
    const text = String(value);
    if (typeof value === "object" && !text.startsWith("[object ")) return visibleText(text);
  } catch {
    // Described below.
  }
  return plainText(value).text;
}

const entityText: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

/** The words of markup, for a terminal. */
function textOf(markup: string): string {
  const withoutTags = cutText(markup, 100_000)
    .replace(/<(?:(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|!--[\s\S]*?(?:-->|$))/gi, "")
    .replace(/<(?:br|\/(?:p|div|li|tr|h[1-6]|caption|pre))\b[^>]*>?/gi, "\n")
    .replace(/<\/t[dh]>/gi, "\t")
    .replace(/<\/?[a-z][^>]*>?/gi, "");
  const text = withoutTags.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => entityText[name] ?? whole);
  return visibleText(text.replace(/[^\S\n]*\n\s*/g, "\n").trim());
}
