import ts from "typescript";
import { internals } from "./compiler.ts";

export interface Described {
  readonly signature: string;
  readonly documentation: string;
  readonly tags: readonly ts.JSDocTagInfo[];
}

/** Libraries are parsed without their documentation; this reads it for the declarations that somebody asks about. */
export function readDocumentation(symbol: ts.Symbol | undefined): void {
  for (const documented of (symbol?.declarations ?? []).map(documentedNode)) {
    if (documented.flags & ts.NodeFlags.JSDoc || ("jsDoc" in documented && documented.jsDoc)) continue;
    const { text } = documented.getSourceFile();
    const comment = (ts.getLeadingCommentRanges(text, documented.pos) ?? []).findLast(({ pos }) => text.startsWith("/**", pos));
    if (!comment) continue;
    const parsed = internals.parseIsolatedJSDocComment(text, comment.pos, comment.end - comment.pos);
    if (!parsed?.jsDoc) continue;
    internals.setParentRecursive(parsed.jsDoc, false);
    Object.assign(parsed.jsDoc, { parent: documented });
    Object.assign(documented, { jsDoc: [parsed.jsDoc] });
  }
}

/** Whether what a symbol stands for is deprecated, whether or not its documentation was read. */
export function isDeprecated(symbol: ts.Symbol | undefined): boolean {
  const [declaration] = symbol?.declarations ?? [];
  if (!declaration) return false;
  const documented = documentedNode(declaration);
  const { text } = documented.getSourceFile();
  const start = Math.max(documented.pos, 0);
  const comments = ts.getLeadingCommentRanges(text, start) ?? [];
  return comments.some(({ pos, end }) => text.slice(pos, end).includes("@deprecated"));
}

/** Where the comment of a declaration stands: for `const a`, before the `const`. */
function documentedNode(declaration: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(declaration) && ts.isVariableStatement(declaration.parent.parent)
    ? declaration.parent.parent
    : declaration;
}
