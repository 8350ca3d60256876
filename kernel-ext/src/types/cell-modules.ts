import ts from "typescript";
import type { BoundFile } from "./compiler.ts";

/** The packages that a cell imports statically, by name: `zod` of `zod/v4`. */
export function packagesOf(file: BoundFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) continue;
    const { moduleSpecifier } = statement;
    const name = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? packageName(moduleSpecifier.text) : undefined;
    if (name !== undefined) names.add(name);
  }
  if (/\bimport\s*\(/.test(file.text)) {
    for (const [, specifier = ""] of file.text.matchAll(/\bimport\s*\(\s*["'`]([^"'`\n]+)["'`]/g)) {
      const name = packageName(specifier);
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

export function packageName(specifier: string): string | undefined {
  return /^(?![./]|node:|#|[a-z]+:)(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

/** `declare global {…}` and `declare module "x" {…}`: what reaches beyond the cell. */
export function augmentationsOf(file: BoundFile): string {
  return file.statements
    .filter((statement) => ts.isModuleDeclaration(statement) && !isNamespace(statement))
    .map((statement) => statement.getText(file))
    .join("\n");
}

function isNamespace(node: ts.ModuleDeclaration): boolean {
  return ts.isIdentifier(node.name) && !(node.flags & ts.NodeFlags.GlobalAugmentation);
}
