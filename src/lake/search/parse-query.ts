import { isIP } from "node:net";
import { SoclabError } from "../../core/index.ts";
import { isAddress, networkOf } from "./network.ts";
import type { Bound, PatternPart, Place, SearchNode, Term, ValueTest } from "./query.ts";

const maxLength = 1_000_000;
const maxTerms = 20_000;
const maxDepth = 100;
const fieldName = /^[A-Za-z_][\w.@-]*$/;
const hardwareAddress = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;

/**
 * Reads a search: words, "phrases", `field:value`, wildcards, ranges, AND, OR, NOT and parentheses; two terms beside each other are an AND.
 * `docs/search.md` describes the language.
 *
 * @throws SOCLAB_QUERY with `position`
 */
export function parseQuery(text: string): SearchNode {
  if (text.length > maxLength) throw wrong(text, maxLength, `it is longer than ${maxLength} characters`);
  const reader = new QueryReader(text);
  return reader.whole();
}

function wrong(text: string, position: number, what: string, hint?: string): SoclabError {
  const shown = text.length > 60 ? `${text.slice(Math.max(0, position - 30), position + 30)}…` : text;
  return new SoclabError("SOCLAB_QUERY", `the search ${JSON.stringify(shown)} cannot be read at character ${position + 1}: ${what}`, {
    position,
    hint,
  });
}

/** A run of characters without a break, escapes resolved; an escaped character is never a wildcard or a colon. */
interface Word {
  readonly text: string;
  /** Of each character of `text`: whether it was escaped. */
  readonly escaped: readonly boolean[];
  readonly place: Place;
}

class QueryReader {
  readonly #text: string;
  #at = 0;
  #terms = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): SearchNode {
    this.#skipBlank();
    if (this.#at === this.#text.length) return { kind: "all" };
    const node = this.#or(undefined);
    if (this.#at < this.#text.length) throw this.#wrong(this.#at, "there is a closing parenthesis too many");
    return node;
  }

  #or(field: FieldAt | undefined): SearchNode {
    const parts = [this.#and(field)];
    while (this.#keyword("OR", "||")) parts.push(this.#and(field));
    return parts.length === 1 ? parts[0]! : { kind: "or", parts: withTextsJoined(parts) };
  }

  #and(field: FieldAt | undefined): SearchNode {
    const parts = [this.#unary(field)];
    for (;;) {
      this.#skipBlank();
      if (this.#at === this.#text.length || this.#text[this.#at] === ")" || this.#peekKeyword("OR", "||")) break;
      this.#keyword("AND", "&&");
      parts.push(this.#unary(field));
    }
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  #unary(field: FieldAt | undefined): SearchNode {
    this.#skipBlank();
    const next = this.#text[this.#at + 1];
    const isSign = (this.#text[this.#at] === "-" || this.#text[this.#at] === "!") && next !== undefined && !/\s/.test(next);
    if (isSign) this.#at++;
    else if (!this.#keyword("NOT")) return this.#primary(field);
    return this.#nested(() => ({ kind: "not", part: this.#unary(field) }));
  }

  #primary(field: FieldAt | undefined): SearchNode {
    this.#skipBlank();
    const from = this.#at;
    const first = this.#text[from];
    if (first === undefined) throw this.#wrong(from, "a term is missing at the end");
    if (first === ")") throw this.#wrong(from, "a term is missing before the closing parenthesis");
    if (this.#peekKeyword("AND", "&&") || this.#peekKeyword("OR", "||")) throw this.#wrong(from, "AND and OR stand between two terms");
    if (first === "(") return this.#parenthesis(field);
    if (first === '"') return this.#term(field, { kind: "texts", texts: [this.#quoted()], quoted: true }, from);
    if (field && (first === "[" || first === "{")) return this.#term(field, this.#range(), from);
    if (field) return this.#fieldValue(field, from);
    return this.#wordOrField();
  }

  #parenthesis(field: FieldAt | undefined): SearchNode {
    const from = this.#at++;
    const node = this.#nested(() => this.#or(field));
    this.#skipBlank();
    if (this.#text[this.#at] !== ")") throw this.#wrong(from, "this parenthesis is never closed");
    this.#at++;
    return node;
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) throw this.#wrong(this.#at, `more than ${maxDepth} parentheses and NOTs in each other`);
    const result = read();
    this.#depth--;
    return result;
  }

  #wordOrField(): SearchNode {
    const from = this.#at;
    const word = this.#word();
    const colon = colonOf(word);
    if (colon === -1) return this.#term(undefined, this.#testOf(word), from);
    const name = word.text.slice(0, colon);
    const fieldAt: FieldAt = { name, place: { from, to: from + colon } };
    // The value may be quoted, a range or a group, so it is read anew behind the colon; no escape stands before it.
    this.#at = from + colon + 1;
    const next = this.#text[this.#at];
    if (next === undefined || /\s/.test(next)) throw this.#wrong(this.#at - 1, `the value of "${name}" is missing`, quoteHint);
    if (name === "_exists_") return this.#exists();
    if (next === "(") return this.#parenthesis(fieldAt);
    if (next === '"' || next === "[" || next === "{") return this.#primary(fieldAt);
    return this.#fieldValue(fieldAt, from);
  }

  #exists(): SearchNode {
    const from = this.#at;
    const word = this.#word();
    if (!fieldName.test(word.text)) throw this.#wrong(from, "the name of a field is expected");
    return this.#term({ name: word.text, place: word.place }, { kind: "exists" }, from);
  }

  /** A value without quotes behind `field:`. */
  #fieldValue(field: FieldAt, from: number): SearchNode {
    const operator = /^(>=|<=|>|<)/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
    if (!operator) return this.#term(field, this.#testOf(this.#word()), from);
    this.#at += operator.length;
    const value = this.#boundValue();
    const bound: Bound = { value, inclusive: operator.length === 2 };
    const isLow = operator.startsWith(">");
    return this.#term(field, { kind: "range", low: isLow ? bound : undefined, high: isLow ? undefined : bound }, from);
  }

  /** `[a TO b]`, with braces where an end is not included and `*` where there is none. */
  #range(): ValueTest {
    const from = this.#at;
    const lowInclusive = this.#text[this.#at++] === "[";
    const low = this.#rangeEnd(from);
    this.#skipBlank();
    if (!/^TO\s/.test(this.#text.slice(this.#at, this.#at + 3))) throw this.#wrong(this.#at, "a range is written [1 TO 1024]");
    this.#at += 2;
    const high = this.#rangeEnd(from);
    this.#skipBlank();
    const close = this.#text[this.#at];
    if (close !== "]" && close !== "}") throw this.#wrong(from, "this range is never closed; it is written [1 TO 1024]");
    this.#at++;
    return {
      kind: "range",
      low: low === "*" ? undefined : { value: low, inclusive: lowInclusive },
      high: high === "*" ? undefined : { value: high, inclusive: close === "]" },
    };
  }

  #rangeEnd(from: number): string {
    this.#skipBlank();
    if (this.#text[this.#at] === '"') return this.#quoted();
    const match = /^[^\s\]}]+/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (!match) throw this.#wrong(from, "an end of this range is missing; it is written [1 TO 1024]");
    this.#at += match[0].length;
    return match[0];
  }

  #boundValue(): string {
    if (this.#text[this.#at] === '"') return this.#quoted();
    const { text } = this.#word();
    return text;
  }

  #testOf(word: Word): ValueTest {
    const parts: PatternPart[] = [];
    let literal = "";
    for (let i = 0; i < word.text.length; i++) {
      const character = word.text[i]!;
      if (word.escaped[i] || (character !== "*" && character !== "?")) {
        literal += character;
        continue;
      }
      if (literal !== "") parts.push({ literal });
      literal = "";
      const last = parts.at(-1);
      // A second star says nothing new.
      if (character === "*" && last && "any" in last && last.any === "run") continue;
      parts.push({ any: character === "*" ? "run" : "one" });
    }
    if (parts.length === 0) return { kind: "texts", texts: [literal], quoted: false };
    if (literal !== "") parts.push({ literal });
    const [only] = parts;
    return parts.length === 1 && only && "any" in only && only.any === "run" ? { kind: "exists" } : { kind: "pattern", pattern: parts };
  }

  #term(field: FieldAt | undefined, test: ValueTest, from: number): SearchNode {
    if (++this.#terms > maxTerms) throw this.#wrong(from, `it has more than ${maxTerms} terms`);
    if (!field && test.kind === "exists") return { kind: "all" };
    const place = { from, to: this.#at };
    return { kind: "term", field: field?.name, fieldPlace: field?.place ?? place, test, place };
  }

  #word(): Word {
    const from = this.#at;
    let text = "";
    const escaped: boolean[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (/[\s()"]/.test(character)) break;
      const next = this.#text[this.#at + 1];
      const isEscape = character === "\\" && next !== undefined && /[\s()":*?[\]{}\\!-]/.test(next);
      text += isEscape ? next : character;
      escaped.push(isEscape);
      this.#at += isEscape ? 2 : 1;
    }
    if (text === "") throw this.#wrong(from, "a value is missing");
    return { text, escaped, place: { from, to: this.#at } };
  }

  /** Between quotes a backslash stands for itself, but before a quote or another backslash: paths need no second one. */
  #quoted(): string {
    const from = this.#at++;
    let text = "";
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined) throw this.#wrong(from, "this quote is never closed");
      if (character === '"') return text;
      const next = this.#text[this.#at];
      const isEscape = character === "\\" && (next === '"' || next === "\\");
      text += isEscape ? next : character;
      if (isEscape) this.#at++;
    }
  }

  #skipBlank(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at]!)) this.#at++;
  }

  #peekKeyword(...spellings: string[]): string | undefined {
    this.#skipBlank();
    return spellings.find((word) => {
      if (!this.#text.startsWith(word, this.#at)) return false;
      const next = this.#text[this.#at + word.length];
      return next === undefined || /[\s()"]/.test(next);
    });
  }

  #keyword(...spellings: string[]): boolean {
    const found = this.#peekKeyword(...spellings);
    this.#at += found?.length ?? 0;
    return found !== undefined;
  }

  #wrong(position: number, what: string, hint?: string): SoclabError {
    return wrong(this.#text, position, what, hint);
  }
}

interface FieldAt {
  readonly name: string;
  readonly place: Place;
}

const quoteHint = 'Put text that holds a colon between quotes: "C:\\Windows".';

/** The colon that ends a field's name; -1 for a word that only looks so: an address, a URL, a time. */
function colonOf({ text, escaped }: Word): number {
  const colon = text.indexOf(":");
  if (colon === -1 || escaped.slice(0, colon + 1).some(Boolean) || !fieldName.test(text.slice(0, colon))) return -1;
  if (text.startsWith("://", colon) || isIP(text) !== 0 || networkOf(text) || hardwareAddress.test(text)) return -1;
  return colon;
}

/** `a:x OR a:y OR …` becomes one term with several texts, which a table answers as quickly as one. */
function withTextsJoined(parts: readonly SearchNode[]): SearchNode[] {
  const joined: SearchNode[] = [];
  const groups = new Map<string, { index: number; texts: string[] }>();
  for (const part of parts) {
    if (part.kind !== "term" || part.test.kind !== "texts") {
      joined.push(part);
      continue;
    }
    const { field, test } = part;
    const key = `${field ?? ""}\0${test.quoted}\0${test.texts.every(isAddress)}`;
    const group = groups.get(key);
    if (group) group.texts.push(...test.texts);
    else {
      const texts = [...test.texts];
      groups.set(key, { index: joined.length, texts });
      const together: Term = { ...part, test: { ...test, texts } };
      joined.push(together);
    }
  }
  return joined;
}
