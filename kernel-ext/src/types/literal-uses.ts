import ts from "typescript";
import type { Initialiser, Literal, LiteralUse, ProviderCell } from "./provider.ts";

/** The calls and tags in a cell that providers look at: those whose method is one of `methods`. Undefined where there are none. */
export function providerCell(file: ts.SourceFile, methods: ReadonlySet<string>): ProviderCell | undefined {
  const uses: LiteralUse[] = [];
  const visit = (node: ts.Node): void => {
    const use = ts.isCallExpression(node) ? callUse(file, node) : ts.isTaggedTemplateExpression(node) ? templateUse(file, node) : undefined;
    if (use && methods.has(use.method)) uses.push(use);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  if (uses.length === 0) return undefined;
  return { source: file.text, uses, initialisers: file.statements.flatMap((statement) => initialisers(file, statement)) };
}

type Called = Pick<LiteralUse, "callee" | "receiver" | "method">;

function callUse(file: ts.SourceFile, node: ts.CallExpression): LiteralUse | undefined {
  const called = calledName(file, node.expression);
  if (!called) return undefined;
  return {
    kind: "call",
    ...called,
    args: node.arguments.map((argument) => (ts.isStringLiteralLike(argument) ? literal(file, argument) : undefined)),
    start: node.getStart(file),
    end: node.end,
    typeArgumentsAt: node.typeArguments ? undefined : (node.questionDotToken?.end ?? node.expression.end),
  };
}

function templateUse(file: ts.SourceFile, node: ts.TaggedTemplateExpression): LiteralUse | undefined {
  const called = calledName(file, node.tag);
  if (!called) return undefined;
  const { template } = node;
  const pieces = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map((span) => span.literal)];
  return {
    kind: "template",
    ...called,
    args: pieces.map((piece) => literal(file, piece)),
    start: node.getStart(file),
    end: node.end,
    typeArgumentsAt: node.typeArguments ? undefined : node.tag.end,
  };
}

function calledName(file: ts.SourceFile, expression: ts.Expression): Called | undefined {
  const callee = expression.getText(file);
  if (ts.isIdentifier(expression)) return { callee, receiver: undefined, method: expression.text };
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.name)) return undefined;
  return { callee, receiver: expression.expression.getText(file), method: expression.name.text };
}

/** The text between the quotes. A literal that is still being typed ends where the line does. */
function literal(file: ts.SourceFile, node: ts.LiteralLikeNode): Literal {
  const start = node.getStart(file) + 1;
  if (node.isUnterminated) return { text: node.text, start, end: node.end };
  const closing = node.kind === ts.SyntaxKind.TemplateHead || node.kind === ts.SyntaxKind.TemplateMiddle ? 2 : 1;
  return { text: node.text, start, end: Math.max(start, node.end - closing) };
}

function initialisers(file: ts.SourceFile, statement: ts.Statement): Initialiser[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    const value = initializer && ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
    if (!ts.isIdentifier(name) || !value || !(ts.isCallExpression(value) || ts.isNewExpression(value))) return [];
    const args = (value.arguments ?? []).map((argument) => {
      if (ts.isStringLiteralLike(argument)) return literal(file, argument);
      return ts.isIdentifier(argument) ? { name: argument.text } : undefined;
    });
    return [{ name: name.text, callee: value.expression.getText(file), args }];
  });
}
