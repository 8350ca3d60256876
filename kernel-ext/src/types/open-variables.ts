import ts from "typescript";
import type { LocalSymbol } from "./compiler.ts";
import { bindDeclarations, ownSymbols } from "./virtual-module.ts";

/**
 * `const rows = []` and `let best;` have the type of what the cell itself puts in. For later cells, which may put in anything,
 * they are `any[]` and `any`: TypeScript calls that an error in a program, a notebook lives by it.
 */
export function openVariables(own: ReadonlyMap<string, LocalSymbol>, options: ts.CompilerOptions): ReadonlyMap<string, LocalSymbol> {
  const lines: string[] = [];
  for (const [name, { valueDeclaration }] of own) {
    const type = valueDeclaration && openType(valueDeclaration);
    if (type !== undefined) lines.push(`${isConst(valueDeclaration) ? "declare const" : "declare let"} ${name}: ${type};`);
  }
  if (lines.length === 0) return own;
  const file = bindDeclarations("", lines.join("\n"), options);
  const closed = new Map(own);
  for (const [name, symbol] of ownSymbols(file)) closed.set(name, symbol);
  return closed;
}

function openType(declaration: ts.Declaration): string | undefined {
  if (!ts.isVariableDeclaration(declaration) || declaration.type || !ts.isIdentifier(declaration.name)) return undefined;
  if (!ts.isVariableDeclarationList(declaration.parent) || !ts.isVariableStatement(declaration.parent.parent)) return undefined;
  const { initializer } = declaration;
  if (initializer && ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0) return "any[]";
  if (isConst(declaration)) return undefined;
  const isNothing = !initializer || initializer.kind === ts.SyntaxKind.NullKeyword || initializer.getText() === "undefined";
  return isNothing ? "any" : undefined;
}

function isConst(declaration: ts.Declaration | undefined): boolean {
  return declaration !== undefined && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
}
