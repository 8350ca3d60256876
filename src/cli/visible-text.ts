/** Data for a terminal: control and formatting characters, which could move the cursor or turn text around, are shown as a dot, tabs as an arrow. */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => (character === "\t" ? "→" : "·"));
}
