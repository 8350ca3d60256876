import ts from "typescript";
import { type BoundFile, internals } from "./compiler.ts";
import { type Described, readDocumentation } from "./hover-text.ts";
import type { StandingProgram } from "./standing-program.ts";

const notCancelled: ts.CancellationToken & { throwIfCancellationRequested(): void } = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested: () => {},
};

/** The call whose parentheses an offset is in. */
export function signatureAt({ program, checker }: StandingProgram, file: BoundFile, offset: number): Described | undefined {
  const call = callAround(internals.findPrecedingToken(offset, file), offset);
  const declaration = call && checker.getResolvedSignature(call)?.declaration;
  if (declaration && "symbol" in declaration) readDocumentation(declaration.symbol as ts.Symbol);
  const help = internals.SignatureHelp.getSignatureHelpItems(program, file, offset, undefined, notCancelled);
  const item = help?.items[help.selectedItemIndex];
  if (!help || !item) return undefined;
  const parameters = item.parameters.map(({ displayParts }) => ts.displayPartsToString(displayParts));
  const separator = ts.displayPartsToString(item.separatorDisplayParts);
  const signature =
    ts.displayPartsToString(item.prefixDisplayParts) + parameters.join(separator) + ts.displayPartsToString(item.suffixDisplayParts);
  const others = help.items.length - 1;
  return {
    signature: others > 0 ? `${signature} (+${others} overload${others > 1 ? "s" : ""})` : signature,
    documentation: ts.displayPartsToString(item.documentation),
    tags: item.tags,
  };
}

function callAround(token: ts.Node | undefined, offset: number): ts.CallLikeExpression | undefined {
  for (let node = token; node; node = node.parent) {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.expression.end < offset) return node;
  }
  return undefined;
}
