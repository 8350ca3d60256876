import type { Bindings } from "./bindings.ts";
import type { PatternPart, ValueTest } from "./query.ts";

/**
 * A raw record as text. Where it is not UTF-8, every byte that is not plain ASCII is read as U+FFFD, so that the words around it are found. A cast of
 * bytes to text escapes quotes and backslashes too; they are put back.
 */
export function recordText(column: string): string {
  const blanks = `regexp_replace(CAST(${column} AS VARCHAR), ${controlByte}, ' ', 'g')`;
  const replaced = `regexp_replace(${blanks}, ${foreignByte}, chr(65533), 'g')`;
  const escaped = `replace(replace(replace(${replaced}, '\\x22', '"'), '\\x27', chr(39)), '\\x5C', '\\')`;
  return `coalesce(TRY(decode(${column})), ${escaped})`;
}

/** An escaped byte that separates words, and one that is outside ASCII. */
const controlByte = "'\\\\x(?:[01][0-9A-F]|7F)'";
const foreignByte = "'\\\\x[89A-F][0-9A-F]'";

/** What counts as a letter of a word; the class of a regular expression (RE2 and JavaScript with the flag `u`). */
const wordClass = "0-9a-z_\\x{80}-\\x{10FFFF}";
const words = /[0-9a-z_\u0080-\u{10ffff}]+/gu;
const special = /[\\^$.*+?()[\]{}|/-]/g;

/**
 * A free text as a regular expression over records in lower case. Words are whole words; a blank is any blank, and a backslash or a quote may be
 * escaped in the record, as JSON does.
 */
export function freeTextPattern(parts: readonly PatternPart[]): string {
  const first = parts[0];
  const last = parts.at(-1);
  const inner = parts.slice(
    first && "any" in first && first.any === "run" ? 1 : 0,
    last && "any" in last && last.any === "run" ? -1 : undefined,
  );
  const body = inner
    .map((part) => ("literal" in part ? literalPattern(part.literal) : part.any === "run" ? '[^\\s"]*' : '[^\\s"]'))
    .join("");
  const begins = first && "literal" in first && /^[0-9a-z_\u0080-\u{10ffff}]/iu.test(first.literal);
  const ends = last && "literal" in last && /[0-9a-z_\u0080-\u{10ffff}]$/iu.test(last.literal);
  return `${begins ? `(?:^|[^${wordClass}])` : ""}${body}${ends ? `(?:$|[^${wordClass}])` : ""}`;
}

function literalPattern(text: string): string {
  const pieces = text.toLowerCase().split(/(\s+|\\+|")/u);
  return pieces
    .map((piece) => {
      if (/^\s/u.test(piece)) return "\\s+";
      if (piece.startsWith("\\")) return "\\\\+";
      if (piece === '"') return '\\\\*"';
      return piece.replace(special, "\\$&");
    })
    .join("");
}

/** The words that a record must hold whole: those that no wildcard touches. Of patterns only some, of plain texts all. */
export function wholeWords(parts: readonly PatternPart[]): string[] {
  return parts.flatMap((part, i) => {
    if (!("literal" in part)) return [];
    const text = part.literal.toLowerCase();
    const found = [...text.matchAll(words)];
    const touchesBefore = i > 0;
    const touchesAfter = i < parts.length - 1;
    return found
      .filter(({ 0: word, index }) => !(touchesBefore && index === 0) && !(touchesAfter && index + word.length === text.length))
      .map(([word]) => word);
  });
}

/** Text that every match holds, for a look that is quicker than the pattern; `""` where there is none. */
export function certainText(parts: readonly PatternPart[]): string {
  const pieces = parts.flatMap((part) => ("literal" in part ? part.literal.toLowerCase().split(/[\s\\"]+/u) : []));
  return pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), "");
}

export function partsOf(test: ValueTest): (readonly PatternPart[])[] {
  if (test.kind === "texts") return test.texts.map((literal) => [{ literal }]);
  return test.kind === "pattern" ? [test.pattern] : [];
}

/** SQL of "the record holds one of these texts". */
export function freeTextSql(column: string, test: ValueTest, bindings: Bindings): string | undefined {
  const alternatives = partsOf(test);
  if (alternatives.length === 0) return undefined;
  const text = `lower(${recordText(column)})`;
  const tests = alternatives.map((parts) => {
    const certain = certainText(parts);
    const quick = certain === "" ? "" : `contains(${text}, ${bindings.bind(certain)}) AND `;
    return `(${quick}regexp_matches(${text}, ${bindings.bind(freeTextPattern(parts))}))`;
  });
  return tests.length === 1 ? tests[0] : `(${tests.join(" OR ")})`;
}
