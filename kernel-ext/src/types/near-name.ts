import ts from "typescript";
import { type BoundFile, internals, type OverlaidChecker } from "./compiler.ts";

const cannotFindName = 2304;
const cannotFindNameDidYouMean = 2552;
const argumentNotAssignable = 2345;

/**
 * A checker stops looking for near names after ten that it did not find, and this one lives for the whole session; here the search goes on.
 * @returns the error with the near name, or the one given
 */
export function withNearName(checker: ts.TypeChecker, file: BoundFile, diagnostic: ts.Diagnostic): ts.Diagnostic {
  const { code, start, messageText } = diagnostic;
  if (start === undefined || typeof messageText !== "string") return diagnostic;
  if (code === argumentNotAssignable) return withNearText(checker, file, diagnostic, start);
  if (code !== cannotFindName) return diagnostic;
  const node = internals.getTouchingPropertyName(file, start);
  if (!ts.isIdentifier(node)) return diagnostic;
  const meaning = isInType(node) ? ts.SymbolFlags.Type : ts.SymbolFlags.Value;
  const near = (checker as OverlaidChecker).getSuggestedSymbolForNonexistentSymbol(node, node.text, meaning);
  if (!near) return diagnostic;
  return { ...diagnostic, code: cannotFindNameDidYouMean, messageText: `${messageText} Did you mean '${near.name}'?` };
}

/** `select("uidd")`: TypeScript knows all the strings that could stand there, and names the near one for properties only. */
function withNearText(checker: ts.TypeChecker, file: BoundFile, diagnostic: ts.Diagnostic, start: number): ts.Diagnostic {
  const node = internals.getTouchingPropertyName(file, start);
  if (!ts.isStringLiteralLike(node)) return diagnostic;
  const wanted = checker.getContextualType(node);
  const constraint = (wanted && checker.getBaseConstraintOfType(wanted)) ?? wanted;
  const texts = (constraint?.isUnion() ? constraint.types : [constraint]).flatMap((type) => (type?.isStringLiteral() ? [type.value] : []));
  const near = internals.getSpellingSuggestion(node.text, texts, (text) => text);
  return near === undefined ? diagnostic : { ...diagnostic, messageText: `${diagnostic.messageText} Did you mean "${near}"?` };
}

function isInType({ parent }: ts.Identifier): boolean {
  return (
    ts.isTypeReferenceNode(parent) ||
    (ts.isExpressionWithTypeArguments(parent) && parent.parent.parent.kind === ts.SyntaxKind.InterfaceDeclaration)
  );
}
