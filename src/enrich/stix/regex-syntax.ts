import { SoclabError } from "../../core/index.ts";

/** A set of code points. */
export type CharTest = (codePoint: number) => boolean;
export type Assertion = "start" | "end" | "lineStart" | "lineEnd" | "finalLineEnd" | "word" | "notWord";

export type RegexNode =
  | { readonly kind: "char"; readonly test: CharTest }
  | { readonly kind: "assert"; readonly what: Assertion }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly node: RegexNode; readonly min: number; readonly max: number };

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
}

/** Longer ones are no patterns but data. */
export const maxRegexLength = 4000;
const maxGroupDepth = 100;
/** The largest count of `{n,m}`, as in RE2. */
const maxRepeat = 1000;

/**
 * Reads a Perl-compatible regular expression, that part of the language which can be matched in one pass over the text.
 *
 * @throws SOCLAB_INVALID_VALUE with position, for a mistake as for look-around, back references, atomic groups and possessive repeats
 */
export function parseRegex(source: string): RegexNode {
  if (source.length > maxRegexLength)
    throw new SoclabError(
      "SOCLAB_INVALID_VALUE",
      `the regular expression has ${source.length} characters, at most ${maxRegexLength} are read`,
    );
  return new RegexParser(source).whole();
}

class RegexParser {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, dotAll: false, multiline: false };

  constructor(source: string) {
    this.#source = source;
  }

  whole(): RegexNode {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw this.#wrong("a ) without its (");
    return node;
  }

  #choice(): RegexNode {
    const outer = this.#flags;
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    this.#flags = outer;
    return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#at < this.#source.length && !this.#sees("|") && !this.#sees(")")) {
      const node = this.#atom();
      if (node !== null) parts.push(this.#repeated(node));
    }
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  #repeated(node: RegexNode): RegexNode {
    let result = node;
    for (;;) {
      let min = 0;
      let max = Number.POSITIVE_INFINITY;
      const counted = /^\{(\d{1,6})(?:(,)(\d{0,6}))?\}/.exec(this.#source.slice(this.#at, this.#at + 16));
      if (this.#take("*")) min = 0;
      else if (this.#take("+")) min = 1;
      else if (this.#take("?")) max = 1;
      else if (counted !== null) {
        min = Number(counted[1]);
        if (counted[2] === undefined) max = min;
        else if (counted[3] !== "") max = Number(counted[3]);
        if (min > maxRepeat || (max > maxRepeat && max !== Number.POSITIVE_INFINITY))
          throw this.#wrong(`${counted[0]} counts past ${maxRepeat}`);
        if (max < min) throw this.#wrong(`${counted[0]} ends before it starts`);
        this.#at += counted[0].length;
      } else return result;
      if (node.kind === "assert") throw this.#wrong("nothing to repeat");
      if (this.#take("+")) throw this.#wrong("a possessive repeat");
      this.#take("?");
      if (result !== node) throw this.#wrong("a repeat of a repeat");
      result = { kind: "repeat", node: result, min, max };
    }
  }

  #atom(): RegexNode | null {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    this.#at += char.length;
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#char(this.#set());
      case ".":
        return this.#char(this.#flags.dotAll ? () => true : (point) => point !== 10);
      case "^":
        return { kind: "assert", what: this.#flags.multiline ? "lineStart" : "start" };
      case "$":
        return { kind: "assert", what: this.#flags.multiline ? "lineEnd" : "finalLineEnd" };
      case "*":
      case "+":
      case "?":
        this.#at--;
        throw this.#wrong("nothing to repeat");
      case "\\":
        return this.#escape();
      default:
        return this.#char(this.#cased(char.codePointAt(0)!));
    }
  }

  #group(): RegexNode | null {
    if (++this.#depth > maxGroupDepth) throw this.#wrong(`groups nested deeper than ${maxGroupDepth}`);
    const outer = this.#flags;
    if (this.#take("?")) {
      const head = /^(?:P?<[A-Za-z_]\w*>|([ims]*)(?:-([ims]*))?([:)]))/.exec(this.#source.slice(this.#at, this.#at + 100));
      if (head === null) throw this.#wrong("look-around, atomic or unknown group");
      this.#at += head[0].length;
      if (head[3] !== undefined) {
        const on = (flag: string, now: boolean) => (now || head[1]!.includes(flag)) && !(head[2] ?? "").includes(flag);
        this.#flags = { ignoreCase: on("i", outer.ignoreCase), dotAll: on("s", outer.dotAll), multiline: on("m", outer.multiline) };
        if (head[3] === ")") {
          this.#depth--;
          return null;
        }
      }
    }
    const node = this.#choice();
    if (!this.#take(")")) throw this.#wrong("a ( without its )");
    this.#flags = outer;
    this.#depth--;
    return node;
  }

  #escape(): RegexNode {
    const char = this.#source[this.#at] ?? "";
    const what = assertions.get(char);
    if (what !== undefined) {
      this.#at++;
      return { kind: "assert", what };
    }
    const test = this.#classEscape();
    return this.#char(test ?? this.#cased(this.#pointEscape()));
  }

  /** `\d`, `\w`, `\p{…}` and the like; null where the escape stands for one character. */
  #classEscape(): CharTest | null {
    const char = this.#source[this.#at] ?? "";
    const test = classes.get(char.toLowerCase());
    if (test !== undefined) {
      this.#at++;
      return char === char.toLowerCase() ? test : (point) => !test(point);
    }
    if (char !== "p" && char !== "P") return null;
    const name = /^[pP](?:\{(\^?)([A-Za-z_=]{1,40})\}|([A-Z]))/.exec(this.#source.slice(this.#at, this.#at + 50));
    if (name === null) throw this.#wrong("a property like \\p{L}");
    this.#at += name[0].length;
    let property: RegExp;
    try {
      property = new RegExp(`^\\p{${name[2] ?? name[3]}}$`, "u");
    } catch {
      throw this.#wrong(`an unknown property ${name[0]}`);
    }
    const negated = (char === "P") !== (name[1] === "^");
    return (point) => property.test(String.fromCodePoint(point)) !== negated;
  }

  #pointEscape(): number {
    const rest = this.#source.slice(this.#at, this.#at + 12);
    const hex = /^(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|0([0-7]{0,2}))/.exec(rest);
    if (hex !== null) {
      this.#at += hex[0].length;
      const digits = hex[1] ?? hex[2] ?? hex[3];
      return digits === undefined ? Number.parseInt(hex[4] || "0", 8) : Number.parseInt(digits, 16);
    }
    const char = rest[0] ?? "";
    const control = controls.get(char);
    if (control === undefined && (char === "" || /[A-Za-z0-9]/.test(char)))
      throw this.#wrong(/[1-9gk]/.test(char) ? "a back reference" : `an unknown escape \\${char}`);
    this.#at += control === undefined ? String.fromCodePoint(rest.codePointAt(0)!).length : 1;
    return control ?? rest.codePointAt(0)!;
  }

  #set(): CharTest {
    const negated = this.#take("^");
    const tests: CharTest[] = [];
    for (let first = true; first || !this.#take("]"); first = false) {
      if (this.#at >= this.#source.length) throw this.#wrong("a [ without its ]");
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#source.slice(this.#at, this.#at + 20));
      const named = posix === null ? undefined : posixClasses.get(posix[2]!);
      if (posix !== null && named !== undefined) {
        this.#at += posix[0].length;
        tests.push(posix[1] === "^" ? (point) => !named(point) : named);
        continue;
      }
      const from = this.#setItem();
      if (typeof from !== "number") {
        tests.push(from);
        continue;
      }
      if (this.#sees("-") && this.#source[this.#at + 1] !== "]" && this.#at + 1 < this.#source.length) {
        this.#at++;
        const to = this.#setItem();
        if (typeof to !== "number" || to < from) throw this.#wrong("a range that ends before it starts");
        tests.push(this.#flags.ignoreCase ? folded((point) => point >= from && point <= to) : (point) => point >= from && point <= to);
      } else tests.push(this.#cased(from));
    }
    return (point) => tests.some((test) => test(point)) !== negated;
  }

  #setItem(): number | CharTest {
    const point = this.#source.codePointAt(this.#at)!;
    this.#at += point > 0xffff ? 2 : 1;
    if (point !== 92) return point;
    if (this.#take("b")) return 8;
    return this.#classEscape() ?? this.#pointEscape();
  }

  #cased(point: number): CharTest {
    return this.#flags.ignoreCase ? folded((other) => other === point) : (other) => other === point;
  }

  #char(test: CharTest): RegexNode {
    return { kind: "char", test };
  }

  #sees(char: string): boolean {
    return this.#source[this.#at] === char;
  }

  #take(char: string): boolean {
    if (!this.#sees(char)) return false;
    this.#at++;
    return true;
  }

  #wrong(what: string): SoclabError {
    const shown = this.#source.length > 80 ? `${this.#source.slice(0, 77)}...` : this.#source;
    return new SoclabError(
      "SOCLAB_INVALID_VALUE",
      `the regular expression ${JSON.stringify(shown)} has ${what} at character ${this.#at + 1}, expected what one pass over the text can match`,
      {
        position: this.#at,
        hint: "Look-around, back references, atomic groups and possessive repeats are refused: their time has no bound.",
      },
    );
  }
}

function folded(test: CharTest): CharTest {
  return (point) => {
    const char = String.fromCodePoint(point);
    return test(point) || test(char.toLowerCase().codePointAt(0)!) || test(char.toUpperCase().codePointAt(0)!);
  };
}

const between = (low: string, high: string): CharTest => {
  const from = low.codePointAt(0)!;
  const to = high.codePointAt(0)!;
  return (point) => point >= from && point <= to;
};
const either =
  (...tests: readonly CharTest[]): CharTest =>
  (point) =>
    tests.some((test) => test(point));
const digit = between("0", "9");
const lower = between("a", "z");
const upper = between("A", "Z");
const space: CharTest = (point) => point === 32 || (point >= 9 && point <= 13);

/** What `\w` is, ASCII only, as in PCRE without its UCP flag. */
export const isWordPoint: CharTest = either(digit, lower, upper, (point) => point === 95);

const classes: ReadonlyMap<string, CharTest> = new Map([
  ["d", digit],
  ["w", isWordPoint],
  ["s", space],
  ["h", (point) => point === 32 || point === 9],
]);
const posixClasses: ReadonlyMap<string, CharTest> = new Map([
  ["alpha", either(lower, upper)],
  ["digit", digit],
  ["alnum", either(lower, upper, digit)],
  ["lower", lower],
  ["upper", upper],
  ["space", space],
  ["blank", (point) => point === 32 || point === 9],
  ["xdigit", either(digit, between("a", "f"), between("A", "F"))],
  ["punct", either(between("!", "/"), between(":", "@"), between("[", "`"), between("{", "~"))],
  ["word", isWordPoint],
]);
const controls: ReadonlyMap<string, number> = new Map([
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["f", 12],
  ["v", 11],
  ["a", 7],
  ["e", 27],
]);
const assertions: ReadonlyMap<string, Assertion> = new Map([
  ["b", "word"],
  ["B", "notWord"],
  ["A", "start"],
  ["z", "end"],
  ["Z", "finalLineEnd"],
]);
