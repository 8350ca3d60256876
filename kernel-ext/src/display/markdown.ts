import { displaySymbol, type MimeBundle } from "./displayable.ts";
import { Markup } from "./html.ts";
import { safeAttribute } from "./html-attribute.ts";
import { HtmlScanner } from "./html-context.ts";
import { plainText } from "./plain-text.ts";
import { visibleText } from "./visible-text.ts";

const brand: unique symbol = Symbol.for("soclab-kernel.markdown");

/** Markdown that escapes what is put into it. Made by {@link md} alone. */
export class Markdown {
  readonly [brand] = true;
  readonly #markdown: string;
  readonly #text: string;

  constructor(markdown: string, text: string) {
    this.#markdown = markdown;
    this.#text = text;
  }

  toString(): string {
    return this.#markdown;
  }

  static isMarkdown(value: unknown): value is Markdown {
    return typeof value === "object" && value !== null && brand in value;
  }

  [displaySymbol](): MimeBundle {
    return { "text/plain": this.#text, "text/markdown": this.#markdown };
  }
}

/**
 * Markdown to show. A value appears as it reads: neither Markdown, HTML nor a formula in it takes effect. Values may be other
 * Markdown, markup of `html`, and arrays; for code that holds a value, put `` html`<code>${value}</code>` `` in.
 *
 * @example
 * md`**${alerts.length}** alerts of [${host}](${address})`
 */
export function md(template: TemplateStringsArray, ...values: readonly unknown[]): Markdown {
  const scanner = new HtmlScanner();
  let markdown = "";
  let text = "";
  template.forEach((cooked, index) => {
    const own = cooked ?? template.raw[index] ?? "";
    scanner.read(own);
    markdown += own;
    text += own;
    if (index >= values.length) return;
    const plain = plainPart(values[index]);
    text += plain;
    const { place } = scanner;
    if (place.kind === "attribute") {
      const safe = safeAttribute(place.name, plain, place.before);
      scanner.wrote(safe);
      markdown += escapeMarkdown(safe);
    } else markdown += isAddress(markdown) ? escapeAddress(plain) : content(values[index]);
  });
  return new Markdown(markdown, text);
}

/** After "](", "](<" or a definition's "]: ". */
function isAddress(before: string): boolean {
  return /\]\(\s*<?[^\s()<>]*$|\]:\s*<?[^\s<>]*$/.test(before.slice(-2000));
}

function escapeAddress(value: string): string {
  const bytes = (character: string) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  // A Markdown reader decodes character references in an address, too.
  return safeAttribute("href", value).replace(/[^\w:/?#@!$+,;=.~%-]/gu, (character) =>
    character === "&" ? "&amp;" : bytes(character).join(""),
  );
}

function content(value: unknown): string {
  if (Markdown.isMarkdown(value)) return value.toString();
  if (Array.isArray(value)) return value.map(content).join("");
  // Text of the markup is still read as Markdown: what is between its tags is escaped, the tags stay.
  if (Markup.isMarkup(value))
    return value.toString().replace(/(<[^>]*>)|([^<]+|<)/g, (_, tag?: string, text?: string) => tag ?? quoted(text ?? ""));
  if (typeof value === "object" && value !== null && "toMarkup" in value && typeof value.toMarkup === "function") {
    const markup: unknown = value.toMarkup();
    if (Markup.isMarkup(markup)) return content(markup);
  }
  return escapeMarkdown(plainPart(value));
}

// Character references are text to every Markdown, in every place but code; a backslash is one only before punctuation, and before
// "$" not to all of them.
function escapeMarkdown(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const plain = quoted(escaped.replaceAll("\t", " "));
  return /[$\\]/.test(text) ? `<span class="tex2jax_ignore mathjax_ignore">${plain}</span>` : plain;
}

/** The same for text whose entities are already there. */
function quoted(text: string): string {
  return text.replace(/&#?\w+;|[\\`*_{}[\]()#+.!|~$^=:@\n-]/g, (found) => (found.length > 1 ? found : `&#${found.charCodeAt(0)};`));
}

function plainPart(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(plainPart).join("");
  if (typeof value === "string") return visibleText(value);
  if (Markdown.isMarkdown(value)) return String(value[displaySymbol]()["text/plain"]);
  if (Markup.isMarkup(value)) return String(value[displaySymbol]()["text/plain"]);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  return typeof value === "object" || typeof value === "function" ? plainText(value).text : visibleText(String(value));
}
