import ts from "typescript";
import type { Initialiser, Literal, LiteralUse, ProviderCell } from "../../../src/lake/cell-types/provider-contract.ts";

/** A cell as a notebook's kernel shows it to a provider, for the methods `table` and `sql`. */
export function cellOf(source: string): ProviderCell {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const uses: LiteralUse[] = [];
  const initialisers: Initialiser[] = [];
  const literal = (node: ts.Node): Literal | undefined =>
    ts.isStringLiteralLike(node) ? { text: node.text, start: node.getStart() + 1, end: node.getEnd() - 1 } : undefined;
  const named = (callee: ts.Expression) => {
    const isMember = ts.isPropertyAccessExpression(callee);
    return {
      callee: callee.getText(),
      receiver: isMember ? callee.expression.getText() : undefined,
      method: isMember ? callee.name.text : callee.getText(),
    };
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const typeArgumentsAt = node.typeArguments ? undefined : node.expression.getEnd();
      const place = { start: node.getStart(), end: node.getEnd(), typeArgumentsAt };
      uses.push({ kind: "call", ...named(node.expression), args: node.arguments.map(literal), ...place });
    } else if (ts.isTaggedTemplateExpression(node)) {
      const { template } = node;
      const pieces = ts.isNoSubstitutionTemplateLiteral(template)
        ? [template]
        : [template.head, ...template.templateSpans.map((span) => span.literal)];
      const args = pieces.map((piece): Literal => {
        const closing = ts.isTemplateHead(piece) || ts.isTemplateMiddle(piece) ? 2 : 1;
        return { text: piece.text, start: piece.getStart() + 1, end: piece.getEnd() - closing };
      });
      const typeArgumentsAt = node.typeArguments ? undefined : node.tag.getEnd();
      uses.push({ kind: "template", ...named(node.tag), args, start: node.getStart(), end: node.getEnd(), typeArgumentsAt });
    } else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer && ts.isCallExpression(node.initializer)) {
      const args = node.initializer.arguments.map((arg) => literal(arg) ?? (ts.isIdentifier(arg) ? { name: arg.text } : undefined));
      initialisers.push({ name: node.name.text, callee: node.initializer.expression.getText(), args });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { source, uses: uses.filter(({ method }) => method === "table" || method === "sql"), initialisers };
}

/** The cell with what a provider put in. */
export function inserted(source: string, insertions: readonly { readonly at: number; readonly text: string }[]): string {
  return insertions
    .toSorted((a, b) => b.at - a.at)
    .reduce((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), source);
}
