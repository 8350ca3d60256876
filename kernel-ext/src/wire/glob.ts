type Token = "star" | ((char: string) => boolean);

const longestPattern = 1000;

/**
 * A matcher of whole texts: `*` any text, `?` one character, `[a-z]` one of them, `[!a-z]` or `[^a-z]` one of the others.
 * It goes back to the last star alone, so that a pattern of many stars costs no more than the text times its length.
 * A pattern longer than any that a person writes matches nothing.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern.length > longestPattern) return () => false;
  const tokens = tokensOf([...pattern]);
  return (text) => {
    const chars = [...text];
    let at = 0;
    let token = 0;
    let star = -1;
    let resume = 0;
    while (at < chars.length) {
      const wanted = tokens[token];
      const char = chars[at] ?? "";
      if (wanted === "star") {
        star = token++;
        resume = at;
      } else if (wanted?.(char)) {
        token++;
        at++;
      } else if (star >= 0) {
        token = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    return tokens.slice(token).every((rest) => rest === "star");
  };
}

function tokensOf(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? "";
    // The first character of a class may be the bracket itself.
    const end = char === "[" ? pattern.indexOf("]", at + (isNegation(pattern[at + 1]) ? 3 : 2)) : -1;
    if (char === "*") {
      if (tokens.at(-1) !== "star") tokens.push("star");
    } else if (char === "?") {
      tokens.push(() => true);
    } else if (end > 0) {
      tokens.push(classOf(pattern.slice(at + 1, end)));
      at = end;
    } else {
      tokens.push((other) => other === char);
    }
  }
  return tokens;
}

function classOf(members: readonly string[]): (char: string) => boolean {
  const isNegated = isNegation(members[0]);
  const given = isNegated ? members.slice(1) : members;
  const ranges: [string, string][] = [];
  for (let at = 0; at < given.length; at++) {
    const from = given[at] ?? "";
    const isRange = given[at + 1] === "-" && at + 2 < given.length;
    ranges.push([from, (isRange ? given[at + 2] : from) ?? from]);
    if (isRange) at += 2;
  }
  return (char) => ranges.some(([from, to]) => codeOf(char) >= codeOf(from) && codeOf(char) <= codeOf(to)) !== isNegated;
}

function isNegation(char: string | undefined): boolean {
  return char === "!" || char === "^";
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
