import { Marked, type RendererObject, type TokenizerAndRendererExtension } from "marked";
import { escapeHtml } from "../display/escape-html.ts";

export interface MarkdownOptions {
  /** Turns an image's address into one that needs no network; undefined where there is none, and its text is shown. */
  readonly resolveImage: (address: string) => string | undefined;
  /** Ids of headings that the page has already, so that each is unique. */
  readonly headingIds: Set<string>;
  readonly highlight: (code: string, language: string) => string;
}

/** Markdown as HTML. HTML in it is shown as text, links lead only to pages and mail; formulas stay as they are written. */
export function markdownHtml(markdown: string, options: MarkdownOptions): string {
  const html = new Marked({ gfm: true, renderer: rendererOf(options), extensions: [formula] }).parse(markdown, { async: false });
  return html;
}

function rendererOf({ resolveImage, headingIds, highlight }: MarkdownOptions): RendererObject {
  return {
    html({ text }) {
      return escapeHtml(text);
    },
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${uniqueId(text, headingIds)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    link({ href, title, tokens }) {
      const text = this.parser.parseInline(tokens);
      const address = href.replaceAll("&amp;", "&");
      if (!isSafeLink(address)) return text;
      const tip = title ? ` title="${escapeHtml(title)}"` : "";
      return `<a href="${escapeHtml(address)}"${tip} rel="noopener noreferrer">${text}</a>`;
    },
    image({ href, title, text }) {
      const address = resolveImage(href);
      if (address === undefined) return `<em>${escapeHtml(text || href)}</em>`;
      const tip = title ? ` title="${escapeHtml(title)}"` : "";
      return `<img src="${escapeHtml(address)}" alt="${escapeHtml(text)}"${tip}>`;
    },
    code({ text, lang = "" }) {
      return `<pre><code>${highlight(text, lang.split(/\s/)[0] ?? "")}</code></pre>\n`;
    },
  };
}

// Markdown would read the _ and * of a formula as emphasis.
const formula: TokenizerAndRendererExtension = {
  name: "formula",
  level: "inline",
  start: (text) => text.indexOf("$"),
  tokenizer(text) {
    const match = /^\$\$[^$]+\$\$|^\$[^\s$](?:[^$\n]*[^\s$\\])?\$(?!\d)/.exec(text);
    return match ? { type: "formula", raw: match[0] } : undefined;
  },
  renderer: ({ raw }) => `<span class="formula">${escapeHtml(raw)}</span>`,
};

function isSafeLink(address: string): boolean {
  // A browser ignores tabs and line ends in a scheme.
  const scheme = /^([^/?#]*?):/.exec(withoutControls(address))?.[1]?.toLowerCase();
  return scheme === undefined || ["http", "https", "mailto"].includes(scheme);
}

function withoutControls(text: string): string {
  return Array.from(text)
    .filter((character) => character > " ")
    .join("");
}

function uniqueId(heading: string, taken: Set<string>): string {
  const words = heading.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["section"];
  const base = words.join("-");
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  taken.add(id);
  return id;
}
