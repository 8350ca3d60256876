import ts from "typescript";
import type { CellChecker } from "./cell-checker.ts";
import { type BoundFile, internals } from "./compiler.ts";
import type { CompletionEntry } from "./completion-entry.ts";
import type { ModuleExports } from "./module-exports.ts";

/**
 * Names that a module has and the cell has not. Jupyter can replace the word and nothing else, so the word becomes the import itself:
 * `(await import("node:fs")).readFileSync`, or `import("node:fs").Stats` for a type. In a function that cannot await, Node's own modules
 * are still there through `process.getBuiltinModule`.
 */
export function autoImports(checker: CellChecker, file: BoundFile, offset: number, letter: string): CompletionEntry[] {
  const word = internals.findPrecedingToken(offset, file);
  if (letter === "" || !word || !ts.isIdentifier(word) || !isFree(word)) return [];
  const isType = ts.isTypeReferenceNode(word.parent) || ts.isExpressionWithTypeArguments(word.parent);
  const mayAwait = canAwait(word);
  return checker.moduleExports.all().flatMap((exported) => {
    if (exported.name.charAt(0).toLowerCase() !== letter) return [];
    const insert = isType ? typeImport(exported) : valueImport(exported, mayAwait);
    return insert === undefined ? [] : [{ name: exported.name, insert, type: "auto-import", signature: () => exported.module, rank: 60 }];
  });
}

function valueImport({ name, module, isValue }: ModuleExports, mayAwait: boolean): string | undefined {
  if (!isValue) return undefined;
  if (mayAwait) return `(await import(${JSON.stringify(module)})).${name}`;
  return module.startsWith("node:") ? `process.getBuiltinModule(${JSON.stringify(module)}).${name}` : undefined;
}

function typeImport({ name, module, isType }: ModuleExports): string | undefined {
  return isType ? `import(${JSON.stringify(module)}).${name}` : undefined;
}

/** Whether a word is an expression or a type, rather than a name that is being given. */
function isFree(word: ts.Identifier): boolean {
  const { parent } = word;
  if (ts.isTypeReferenceNode(parent) || ts.isExpressionWithTypeArguments(parent)) return true;
  if ("name" in parent && parent.name === word) return false;
  return !(ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isBindingElement(parent) || ts.isQualifiedName(parent));
}

function canAwait(node: ts.Node): boolean {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionLike(at))
      return ts.canHaveModifiers(at) && at.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
    if (ts.isClassStaticBlockDeclaration(at) || ts.isPropertyDeclaration(at)) return false;
  }
  return true;
}
