import ts from "typescript";
import { escapeHtml } from "../display/escape-html.ts";

const classes: ReadonlyMap<ts.TokenClass, string> = new Map([
  [ts.TokenClass.Keyword, "k"],
  [ts.TokenClass.Comment, "c"],
  [ts.TokenClass.NumberLiteral, "n"],
  [ts.TokenClass.BigIntLiteral, "n"],
  [ts.TokenClass.StringLiteral, "s"],
  [ts.TokenClass.RegExpLiteral, "s"],
]);

/** Code as HTML in which keywords, comments, numbers and strings have classes of one letter. */
export function highlightTypescript(code: string): string {
  const classifier = ts.createClassifier();
  let state = ts.EndOfLineState.None;
  const lines = code.split("\n").map((line) => {
    const { entries, finalLexState } = classifier.getClassificationsForLine(line, state, true);
    state = finalLexState;
    let at = 0;
    let html = "";
    for (const { length, classification } of entries) {
      const text = escapeHtml(line.slice(at, at + length));
      const name = classes.get(classification);
      html += name === undefined ? text : `<span class="${name}">${text}</span>`;
      at += length;
    }
    return html + escapeHtml(line.slice(at));
  });
  return lines.join("\n");
}
