import { displaySymbol, type MimeBundle } from "./displayable.ts";
import { plainText } from "./plain-text.ts";
import { visibleText } from "./visible-text.ts";

const brand: unique symbol = Symbol.for("soclab-kernel.latex");

/** LaTeX that escapes what is put into it. Made by {@link latex} alone. */
export class Latex {
  readonly [brand] = true;
  readonly #source: string;
  readonly #isDelimited: boolean;

  /** @param isDelimited - whether the text says itself where its formulas begin and end */
  constructor(source: string, isDelimited: boolean) {
    this.#source = source;
    this.#isDelimited = isDelimited;
  }

  toString(): string {
    return this.#source;
  }

  static isLatex(value: unknown): value is Latex {
    return typeof value === "object" && value !== null && brand in value;
  }

  [displaySymbol](): MimeBundle {
    return { "text/plain": this.#source, "text/latex": this.#isDelimited ? this.#source : `$\\displaystyle ${this.#source}$` };
  }
}

/**
 * A formula to show, backslashes as written. Numbers stand as they are, other values as text without effect; `latex` values may be
 * put into each other.
 *
 * @example
 * latex`c(n) = 2 H(n-1) - \frac{2(n-1)}{n}, \quad c(${256}) = ${value}`
 */
export function latex(template: TemplateStringsArray, ...values: readonly unknown[]): Latex {
  const isDelimited = /\$|\\\(|\\\[|\\begin\b/.test(template.raw.join(""));
  const source = template.raw.map((own, index) => own + (index < values.length ? content(values[index]) : "")).join("");
  return new Latex(source, isDelimited);
}

function content(value: unknown): string {
  if (Latex.isLatex(value)) return value.toString();
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "bigint" || typeof value === "boolean") return value.toString();
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.map(content).join(", ");
  const text = typeof value === "string" ? value : plainText(value).text;
  return `\\text{${visibleText(text, { on: "one line" }).replace(/[\\{}$&#_^~%<>]/g, (character) => `}${signs[character] ?? ""}\\text{`)}}`.replaceAll(
    "\\text{}",
    "",
  );
}

function number(value: number): string {
  if (Number.isNaN(value)) return "\\text{NaN}";
  if (!Number.isFinite(value)) return value > 0 ? "\\infty" : "-\\infty";
  return value.toString().replace(/e\+?(-?\d+)$/, " \\times 10^{$1}");
}

// As signs of the formula, since inside \text they mean something else to each renderer. nbconvert writes LaTeX into its page as it is:
// no angle bracket may be left.
const signs: Readonly<Record<string, string>> = {
  "\\": "\\backslash",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  "^": "\\wedge",
  "~": "\\sim",
  "%": "\\%",
  "<": "\\lt",
  ">": "\\gt",
};
