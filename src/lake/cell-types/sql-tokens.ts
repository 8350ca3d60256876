export interface SqlToken {
  readonly kind: "word" | "quoted" | "string" | "comment" | "number" | "parameter" | "mark";
  /** As written; a quoted name without its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [SqlToken["kind"], RegExp])[] = [
  ["comment", /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ["string", /[eE]?'(?:[^']|'')*(?:'|$)|\$([A-Za-z_]*)\$[\s\S]*?(?:\$\1\$|$)/y],
  ["quoted", /"(?:[^"]|"")*(?:"|$)/y],
  ["parameter", /\$\d+|\?/y],
  ["number", /\d[\w.]*/y],
  ["word", /[\p{L}_][\p{L}\w$]*/uy],
  ["mark", /::|[^\s]/uy],
];

/** The words of a SQL text, also of one that is not finished. */
export function sqlTokens(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length; ) {
    const found = patterns.map(([kind, pattern]) => ({ kind, match: matchAt(pattern, text, at) })).find(({ match }) => match !== undefined);
    if (found?.match === undefined) {
      at++;
      continue;
    }
    const { kind, match } = found;
    const name = kind === "quoted" ? match.replace(/^"|"$/g, "").replaceAll('""', '"') : match;
    tokens.push({ kind, text: name, start: at, end: at + match.length });
    at += match.length;
  }
  return tokens;
}

/** How many values a statement takes. */
export function parameterCount(text: string): number {
  const parameters = sqlTokens(text).filter(({ kind }) => kind === "parameter");
  const numbers = parameters.filter((each) => each.text !== "?").map((each) => Number(each.text.slice(1)));
  return Math.max(parameters.length - numbers.length, 0, ...numbers);
}

export function isName({ kind }: SqlToken): boolean {
  return kind === "word" || kind === "quoted";
}

/** Whether a token is this word, in whatever case. */
export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toUpperCase());
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
