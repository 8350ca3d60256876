import { type CharacterSet, complement, escapedSet, everything, foldCase, union } from "./character-set.ts";

/** A regular expression taken apart. `at` is where a part stands in the text. */
export type PatternNode =
  | { readonly kind: "set"; readonly set: CharacterSet; readonly at: number }
  | { readonly kind: "assertion"; readonly at: number }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "repeat"; readonly body: PatternNode; readonly min: number; readonly max: number; readonly at: number };

/** A part of a pattern that cannot be shown to take linear time, or is no pattern. */
export class PatternSyntaxFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const simpleEscapes: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };
const maxDepth = 100;

/**
 * Reads a regular expression of JavaScript without the `u` and `v` flags. Back references and looking around are refused: with them no bound on
 * time can be shown.
 * @throws PatternSyntaxFault
 */
export function parsePattern(source: string, ignoreCase = false): PatternNode {
  const reader = new Reader(source, ignoreCase);
  const node = reader.choice(0);
  if (!reader.isAtEnd) throw new PatternSyntaxFault("a closing parenthesis without an opening one", reader.at);
  return node;
}

class Reader {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#source.length;
  }

  choice(depth: number): PatternNode {
    if (depth > maxDepth) throw new PatternSyntaxFault("groups are nested too deep", this.at);
    const parts = [this.#sequence(depth)];
    while (this.#take("|")) parts.push(this.#sequence(depth));
    return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (!this.isAtEnd && this.#source[this.at] !== "|" && this.#source[this.at] !== ")") {
      const from = this.at;
      const atom = this.#atom(depth);
      parts.push(this.#quantified(atom, from));
    }
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  #atom(depth: number): PatternNode {
    const from = this.at;
    const character = this.#source[this.at++]!;
    switch (character) {
      case "(":
        return this.#group(depth, from);
      case "[":
        return { kind: "set", set: this.#fold(this.#characterClass(from)), at: from };
      case ".":
        return { kind: "set", set: everything, at: from };
      case "^":
      case "$":
        return { kind: "assertion", at: from };
      case "\\":
        return this.#escape(from);
      case "*":
      case "+":
      case "?":
        throw new PatternSyntaxFault("nothing to repeat", from);
      default:
        return { kind: "set", set: this.#fold([character.charCodeAt(0), character.charCodeAt(0)]), at: from };
    }
  }

  #group(depth: number, from: number): PatternNode {
    if (this.#take("?")) {
      if (/^(?:=|!|<=|<!)/.test(this.#source.slice(this.at, this.at + 2)))
        throw new PatternSyntaxFault("looking ahead or behind is not allowed, because no bound on time can be shown for it", from);
      if (!this.#take(":")) {
        const name = /^<([A-Za-z_$][\w$]*)>/.exec(this.#source.slice(this.at, this.at + 200));
        if (!name) throw new PatternSyntaxFault("a kind of group that JavaScript does not know", from);
        this.at += name[0].length;
      }
    }
    const inner = this.choice(depth + 1);
    if (!this.#take(")")) throw new PatternSyntaxFault("the group is not closed", from);
    return inner.kind === "assertion" ? inner : { kind: "sequence", parts: [inner] };
  }

  #escape(from: number): PatternNode {
    const letter = this.#source[this.at];
    if (letter === undefined) throw new PatternSyntaxFault("a backslash at the end", from);
    if (letter === "b" || letter === "B") {
      this.at++;
      return { kind: "assertion", at: from };
    }
    if (/[1-9]/.test(letter) || letter === "k")
      throw new PatternSyntaxFault("a back reference is not allowed, because no bound on time can be shown for it", from);
    return { kind: "set", set: this.#fold(this.#escapedCharacter(from)), at: from };
  }

  /** After the backslash. */
  #escapedCharacter(from: number): CharacterSet {
    const letter = this.#source[this.at++];
    if (letter === undefined) throw new PatternSyntaxFault("a backslash at the end", from);
    const set = escapedSet(letter);
    if (set) return set;
    if (letter === "p" || letter === "P") throw new PatternSyntaxFault("Unicode properties are not known here", from);
    if (Object.hasOwn(simpleEscapes, letter)) return single(simpleEscapes[letter]!);
    const hex = letter === "x" ? 2 : letter === "u" ? 4 : 0;
    if (hex > 0) {
      const digits = this.#source.slice(this.at, this.at + hex);
      if (!new RegExp(`^[0-9A-Fa-f]{${hex}}$`).test(digits))
        throw new PatternSyntaxFault(`\\${letter} needs ${hex} hexadecimal digits`, from);
      this.at += hex;
      return single(Number.parseInt(digits, 16));
    }
    if (/[A-Za-z0-9]/.test(letter)) throw new PatternSyntaxFault(`JavaScript has no \\${letter}`, from);
    return single(letter.charCodeAt(0));
  }

  #characterClass(from: number): CharacterSet {
    const isNegated = this.#take("^");
    const sets: CharacterSet[] = [];
    for (;;) {
      if (this.isAtEnd) throw new PatternSyntaxFault("the class is not closed", from);
      if (this.#take("]")) break;
      const start = this.#classMember(from);
      if (this.#source[this.at] !== "-" || this.#source[this.at + 1] === "]" || this.at + 1 >= this.#source.length) {
        sets.push(start);
        continue;
      }
      this.at++;
      const end = this.#classMember(from);
      if (start.length !== 2 || end.length !== 2 || start[0] !== start[1] || end[0] !== end[1]) sets.push(start, single(45), end);
      else if (end[0]! < start[0]!) throw new PatternSyntaxFault("the range in the class runs backwards", from);
      else sets.push([start[0]!, end[0]!]);
    }
    // Folded first: [^a] with the i flag leaves out A as well.
    const set = this.#fold(union(sets));
    return isNegated ? complement(set) : set;
  }

  #classMember(from: number): CharacterSet {
    const character = this.#source[this.at++]!;
    if (character !== "\\") return single(character.charCodeAt(0));
    if (this.#source[this.at] === "b") {
      this.at++;
      return single(8);
    }
    if (this.#source[this.at] === "-") {
      this.at++;
      return single(45);
    }
    return this.#escapedCharacter(from);
  }

  #quantified(atom: PatternNode, from: number): PatternNode {
    const rest = this.#source.slice(this.at, this.at + 24);
    const match = /^(?:([*+?])|\{(\d{1,9})(?:(,)(\d{1,9})?)?\})\??/.exec(rest);
    if (!match) return atom;
    this.at += match[0].length;
    const [, sign, low, comma, high] = match;
    const min = sign === undefined ? Number(low) : sign === "+" ? 1 : 0;
    const max =
      sign === "?"
        ? 1
        : sign !== undefined
          ? Number.POSITIVE_INFINITY
          : comma === undefined
            ? min
            : high === undefined
              ? Number.POSITIVE_INFINITY
              : Number(high);
    if (max < min) throw new PatternSyntaxFault("the numbers of the repetition are the wrong way round", from);
    if (/^[*+?]/.test(this.#source.slice(this.at, this.at + 1)))
      throw new PatternSyntaxFault("JavaScript has no possessive repetition", this.at);
    return { kind: "repeat", body: atom, min, max, at: from };
  }

  #fold(set: CharacterSet): CharacterSet {
    return this.#ignoreCase ? foldCase(set) : set;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

function single(code: number): CharacterSet {
  return [code, code];
}
