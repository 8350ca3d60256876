// Everything that moves a terminal's cursor, turns a line around or ends one where nobody sees it; and half a surrogate pair, which
// Python's encoder refuses: one in an output, and Jupyter can no longer save the notebook.
const hidden = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Text as a person may look at it: control characters, bidirectional overrides and lone surrogates become `\u{…}`.
 * Line breaks and tabs stay, or become `\n` and `\t` where the text has to stay `on: "one line"`.
 */
export function visibleText(text: string, { on = "lines" }: { readonly on?: "lines" | "one line" } = {}): string {
  return text.replace(hidden, (character) => {
    if (character === "\n" || character === "\t") return on === "lines" ? character : character === "\n" ? "\\n" : "\\t";
    if (character === "\r") return on === "lines" ? "" : "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The first `maxLength` UTF-16 units, without half a character at the end, and "…" where something is missing. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? maxLength - 1 : maxLength)}…`;
}
