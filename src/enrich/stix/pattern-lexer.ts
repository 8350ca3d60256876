import { SoclabError } from "../../core/index.ts";
import type { PatternLiteral } from "./pattern.ts";
import { normaliseTimestamp } from "./timestamp.ts";

/** A word (keyword or name), an operator or bracket, a constant, or the end. `end` is one past its last character. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: "word"; readonly text: string; readonly hyphenated: boolean }
  | { readonly kind: "symbol"; readonly text: string }
  | { readonly kind: "literal"; readonly literal: PatternLiteral }
  | { readonly kind: "end" }
);

/** Far above any pattern in use; those of MISP carry whole files in base64. */
export const maxPatternLength = 16 * 1024 * 1024;

/** @throws SOCLAB_INVALID_VALUE with the position of the mistake */
export function patternError(text: string, at: number, message: string, hint?: string): SoclabError {
  const from = Math.max(0, at - 20);
  const near = `${from > 0 ? "…" : ""}${text.slice(from, at + 20)}${at + 20 < text.length ? "…" : ""}`;
  return new SoclabError("SOCLAB_INVALID_VALUE", `STIX pattern, character ${at + 1}: ${message}, near ${JSON.stringify(near)}`, {
    hint,
    position: at,
  });
}

// The white space of the grammar in STIX 2.1, annex A, and no other.
const space = /[ \t\r\n\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const word = /[a-zA-Z_][a-zA-Z0-9_-]*/y;
const float = /[+-]?[0-9]*\.[0-9]+/y;
const integer = /[+-]?[0-9]+/y;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;

/** Cuts a pattern into tokens, one at a call, so that a mistake is found where it is. */
export class PatternLexer {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
    if (text.length > maxPatternLength)
      throw patternError(text, maxPatternLength, `the pattern has ${text.length} characters, at most ${maxPatternLength} are read`);
  }

  next(): Token {
    this.#skipSpace();
    const at = this.#at;
    const text = this.text;
    if (at >= text.length) return { kind: "end", at, end: at };
    const char = text[at]!;
    if (char === "'") return this.#literal(at, { kind: "string", value: this.#string(at) });
    if ((char === "t" || char === "h" || char === "b") && text[at + 1] === "'") return this.#tagged(at, char);
    const name = this.#match(word);
    if (name === "true" || name === "false") return this.#literal(at, { kind: "boolean", value: name === "true" });
    if (name !== null) return { kind: "word", text: name, hyphenated: name.includes("-"), at, end: this.#at };
    const number = this.#match(float) ?? this.#match(integer);
    if (number !== null) return this.#number(at, number);
    const two = text.slice(at, at + 2);
    const symbol = two === "==" || two === "!=" || two === "<>" || two === "<=" || two === ">=" ? two : char;
    if (symbol.length === 1 && !"=<>[]():.,*".includes(symbol))
      throw patternError(text, at, `${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))} has no meaning here`);
    this.#at += symbol.length;
    return { kind: "symbol", text: symbol === "==" ? "=" : symbol === "<>" ? "!=" : symbol, at, end: this.#at };
  }

  #literal(at: number, literal: PatternLiteral): Token {
    return { kind: "literal", literal, at, end: this.#at };
  }

  #skipSpace(): void {
    const text = this.text;
    for (;;) {
      while (this.#at < text.length && space.test(text[this.#at]!)) this.#at++;
      if (text.startsWith("//", this.#at)) {
        while (this.#at < text.length && text[this.#at] !== "\n" && text[this.#at] !== "\r") this.#at++;
      } else if (text.startsWith("/*", this.#at)) {
        const end = text.indexOf("*/", this.#at + 2);
        if (end < 0) throw patternError(text, this.#at, "the comment has no end");
        this.#at = end + 2;
      } else return;
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #number(at: number, spelled: string): Token {
    const text = spelled.startsWith("+") ? spelled.slice(1) : spelled;
    if (text.includes(".")) return this.#literal(at, { kind: "float", value: Number(text), text });
    if (!/^-?(?:0|[1-9]\d*)$/.test(text)) throw patternError(this.text, at, `${spelled} starts with a zero`);
    if (text.length > 400) throw patternError(this.text, at, `the number has ${text.length} digits`);
    return this.#literal(at, { kind: "integer", value: Number(text), text });
  }

  /** Between quotes, a backslash stands only before a quote or a backslash. */
  #string(quote: number): string {
    const text = this.text;
    let value = "";
    let from = quote + 1;
    for (let i = from; ; i++) {
      const char = text.charCodeAt(i);
      if (Number.isNaN(char)) throw patternError(text, quote, "the string has no end, expected a closing '");
      if (char === 39) {
        this.#at = i + 1;
        return value + text.slice(from, i);
      }
      if (char !== 92) continue;
      const next = text.charCodeAt(i + 1);
      if (next !== 39 && next !== 92) throw patternError(text, i, "a backslash stands only before ' or another backslash", "Write \\\\.");
      value += text.slice(from, i);
      from = i + 1;
      i++;
    }
  }

  #tagged(at: number, tag: "t" | "h" | "b"): Token {
    const body = this.#string(at + 1);
    if (tag === "t") {
      const value = normaliseTimestamp(body);
      if (value === null) throw patternError(this.text, at, `t'${shorten(body)}' is no time, expected one like t'2026-11-25T05:00:00Z'`);
      return this.#literal(at, { kind: "timestamp", value });
    }
    if (tag === "h") {
      if (!/^(?:[0-9a-fA-F]{2})*$/.test(body))
        throw patternError(this.text, at, `h'${shorten(body)}' is no hex, expected pairs of 0–9 and a–f`);
      return this.#literal(at, { kind: "hex", value: new Uint8Array(Buffer.from(body, "hex")) });
    }
    if (!base64.test(body)) throw patternError(this.text, at, `b'${shorten(body)}' is no base64`);
    return this.#literal(at, { kind: "binary", value: new Uint8Array(Buffer.from(body, "base64")) });
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
