import type { Comparison, ObjectPath, OrderOperator, PathStep, Pattern, PatternLiteral, Qualifier, TextOperator } from "./pattern.ts";
import { PatternLexer, patternError, type Token } from "./pattern-lexer.ts";

/** Parentheses within parentheses; the deepest pattern of the public sets has three. */
export const maxPatternDepth = 200;

/**
 * Reads a STIX 2.1 pattern.
 *
 * @throws SOCLAB_INVALID_VALUE with what was expected and, in `position`, where
 * @see STIX 2.1, part 9 and annex A
 * @example
 * parsePattern("[ipv4-addr:value ISSUBSET '198.51.100.0/24']")
 */
export function parsePattern(text: string): Pattern {
  return new PatternParser(text).pattern();
}

const keywords = new Set(
  "AND OR NOT FOLLOWEDBY LIKE MATCHES ISSUPERSET ISSUBSET EXISTS LAST IN START STOP SECONDS WITHIN REPEATS TIMES".split(" "),
);

class PatternParser {
  readonly #lexer: PatternLexer;
  #token: Token;
  #depth = 0;

  constructor(text: string) {
    this.#lexer = new PatternLexer(text);
    this.#token = this.#lexer.next();
  }

  pattern(): Pattern {
    const pattern = this.#followedBy();
    if (this.#token.kind !== "end") throw this.#wrong("the end, AND, OR, FOLLOWEDBY or a qualifier", "Keywords are written in capitals.");
    return pattern;
  }

  #followedBy(): Pattern {
    return this.#joined("FOLLOWEDBY", "followedBy", () =>
      this.#joined("OR", "or", () => this.#joined("AND", "and", () => this.#observation())),
    );
  }

  #joined(keyword: string, kind: "and" | "or" | "followedBy", operand: () => Pattern): Pattern {
    const at = this.#token.at;
    const first = operand();
    if (!this.#isWord(keyword)) return first;
    const operands = first.kind === kind ? [...first.operands] : [first];
    while (this.#takeWord(keyword)) {
      const next = operand();
      // What follows two things in turn is not what follows both, so only the left side of FOLLOWEDBY is flat.
      if (next.kind === kind && kind !== "followedBy") operands.push(...next.operands);
      else operands.push(next);
    }
    return { kind, operands, at };
  }

  #observation(): Pattern {
    const at = this.#token.at;
    const grouped = this.#isSymbol("(");
    let expression: Pattern;
    if (grouped) expression = this.#nested(() => this.#followedBy());
    else {
      this.#expectSymbol("[");
      expression = { kind: "observation", comparison: this.#comparison(), at };
      this.#expectSymbol("]");
    }
    const qualifiers: Qualifier[] = [];
    for (let next = this.#qualifier(); next !== null; next = this.#qualifier()) qualifiers.push(next);
    return qualifiers.length === 0 ? expression : { kind: "qualified", expression, grouped, qualifiers, at };
  }

  #qualifier(): Qualifier | null {
    const at = this.#token.at;
    if (this.#takeWord("WITHIN")) {
      const number = this.#literal(["integer", "float"], "a number of seconds");
      if (number.value <= 0) throw patternError(this.#lexer.text, at, `WITHIN ${number.text} is no span, expected more than 0 seconds`);
      this.#expectWord("SECONDS");
      return { kind: "within", seconds: number.value, text: number.text, at };
    }
    if (this.#takeWord("REPEATS")) {
      const number = this.#literal(["integer"], "a whole number of times");
      if (number.value < 1) throw patternError(this.#lexer.text, at, `REPEATS ${number.text} is no count, expected 1 or more`);
      this.#expectWord("TIMES");
      return { kind: "repeats", times: number.value, at };
    }
    if (!this.#takeWord("START")) return null;
    const start = this.#literal(["timestamp"], "a time like t'2026-11-25T05:00:00Z'").value;
    this.#expectWord("STOP");
    return { kind: "startStop", start, stop: this.#literal(["timestamp"], "a time like t'2026-11-25T05:00:00Z'").value, at };
  }

  #comparison(): Comparison {
    return this.#compared("OR", "or", () => this.#compared("AND", "and", () => this.#test()));
  }

  #compared(keyword: string, kind: "and" | "or", operand: () => Comparison): Comparison {
    const at = this.#token.at;
    const first = operand();
    if (!this.#isWord(keyword)) return first;
    const operands = first.kind === kind ? [...first.operands] : [first];
    while (this.#takeWord(keyword)) {
      const next = operand();
      if (next.kind === kind) operands.push(...next.operands);
      else operands.push(next);
    }
    return { kind, operands, at };
  }

  #test(): Comparison {
    const at = this.#token.at;
    if (this.#isSymbol("(")) return this.#nested(() => this.#comparison());
    let negated = this.#takeWord("NOT");
    if (this.#takeWord("EXISTS")) return { kind: "exists", path: this.#path(), negated, at };
    if (negated) throw this.#wrong("EXISTS", "NOT stands after the object path.");
    const path = this.#path();
    negated = this.#takeWord("NOT");
    const operator = this.#operator();
    if (operator === "IN") return { kind: "in", path, negated, literals: this.#set(), at };
    if (isTextOperator(operator))
      return { kind: "text", path, operator, negated, operand: this.#literal(["string"], `a string after ${operator}`).value, at };
    const literal = this.#literal(anyLiteral, "a constant: a string in single quotes, a number, true, false, t'…', h'…' or b'…'");
    if (literal.kind === "boolean" && operator !== "=" && operator !== "!=")
      throw patternError(this.#lexer.text, at, `true and false have no order, so ${operator} does not compare them`);
    return { kind: "compare", path, operator, negated, literal, at };
  }

  #operator(): OrderOperator | TextOperator | "IN" {
    const token = this.#token;
    const text = token.kind === "word" || token.kind === "symbol" ? token.text : "";
    const operator = operators.find((known) => known === text);
    if (operator === undefined) throw this.#wrong(`an operator: ${operators.join(" ")}`);
    this.#token = this.#lexer.next();
    return operator;
  }

  #set(): PatternLiteral[] {
    const literals: PatternLiteral[] = [];
    this.#expectSymbol("(");
    if (!this.#isSymbol(")")) {
      do {
        const at = this.#token.at;
        const literal = this.#literal(anyLiteral, "a constant");
        const first = literals[0];
        if (first !== undefined && kindOf(first) !== kindOf(literal))
          throw patternError(
            this.#lexer.text,
            at,
            `a set holds constants of one kind, this one has ${kindOf(first)} and ${kindOf(literal)}`,
          );
        literals.push(literal);
      } while (this.#takeSymbol(","));
    }
    this.#expectSymbol(")");
    return literals;
  }

  #path(): ObjectPath {
    const type = this.#token;
    if (type.kind !== "word" || keywords.has(type.text)) throw this.#wrong("an object path like ipv4-addr:value");
    this.#token = this.#lexer.next();
    this.#expectSymbol(":");
    const steps: PathStep[] = [this.#property()];
    for (;;) {
      if (this.#takeSymbol(".")) steps.push(this.#property());
      else if (this.#takeSymbol("[")) {
        if (this.#takeSymbol("*")) steps.push({ kind: "any" });
        else steps.push({ kind: "index", index: this.#literal(["integer"], "a position in the list, or *").value });
        this.#expectSymbol("]");
      } else return { objectType: type.text, steps };
    }
  }

  #property(): PathStep {
    const token = this.#token;
    if (token.kind === "literal" && token.literal.kind === "string") {
      this.#token = this.#lexer.next();
      return { kind: "property", name: token.literal.value };
    }
    if (token.kind !== "word" || keywords.has(token.text)) throw this.#wrong("the name of a property");
    if (token.hyphenated)
      throw patternError(
        this.#lexer.text,
        token.at,
        `the property ${token.text} has a hyphen, expected it in quotes`,
        `Write '${token.text}'.`,
      );
    this.#token = this.#lexer.next();
    return { kind: "property", name: token.text };
  }

  #nested<T>(inner: () => T): T {
    if (++this.#depth > maxPatternDepth)
      throw patternError(this.#lexer.text, this.#token.at, `parentheses are nested deeper than ${maxPatternDepth}`);
    this.#expectSymbol("(");
    const value = inner();
    this.#expectSymbol(")");
    this.#depth--;
    return value;
  }

  #literal<K extends PatternLiteral["kind"]>(kinds: readonly K[], expected: string): Extract<PatternLiteral, { kind: K }>;
  #literal(kinds: readonly string[], expected: string): PatternLiteral {
    const token = this.#token;
    if (token.kind !== "literal" || !kinds.includes(token.literal.kind)) throw this.#wrong(expected);
    this.#token = this.#lexer.next();
    return token.literal;
  }

  #isWord(text: string): boolean {
    return this.#token.kind === "word" && this.#token.text === text;
  }

  #isSymbol(text: string): boolean {
    return this.#token.kind === "symbol" && this.#token.text === text;
  }

  #takeWord(text: string): boolean {
    if (!this.#isWord(text)) return false;
    this.#token = this.#lexer.next();
    return true;
  }

  #takeSymbol(text: string): boolean {
    if (!this.#isSymbol(text)) return false;
    this.#token = this.#lexer.next();
    return true;
  }

  #expectWord(text: string): void {
    if (!this.#takeWord(text)) throw this.#wrong(text);
  }

  #expectSymbol(text: string): void {
    if (!this.#takeSymbol(text)) throw this.#wrong(text);
  }

  #wrong(expected: string, hint?: string): Error {
    const { at, end, kind } = this.#token;
    const found = this.#lexer.text.slice(at, Math.min(end, at + 40));
    return patternError(this.#lexer.text, at, `${kind === "end" ? "the pattern ends" : `found ${found}`}, expected ${expected}`, hint);
  }
}

const operators = ["=", "!=", "<", "<=", ">", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"] as const;
const anyLiteral = ["string", "integer", "float", "boolean", "hex", "binary", "timestamp"] as const;

function isTextOperator(operator: string): operator is TextOperator {
  return operator === "LIKE" || operator === "MATCHES" || operator === "ISSUBSET" || operator === "ISSUPERSET";
}

function kindOf(literal: PatternLiteral): string {
  if (literal.kind === "integer" || literal.kind === "float") return "numbers";
  return literal.kind === "hex" || literal.kind === "binary" ? "bytes" : `${literal.kind}s`;
}
