import ts from "typescript";
import { cellOf } from "./diagnostics.ts";

export interface DeclarationSource {
  /** `cell 3, line 2`, or a file and line. */
  readonly place: string;
  readonly code: string;
}

const maxLines = 40;

/** Where a symbol is declared, and the text there. */
export function declarationsOf(symbol: ts.Symbol | undefined): DeclarationSource[] {
  return (symbol?.declarations ?? []).slice(0, 3).map((declaration) => {
    const file = declaration.getSourceFile();
    const shown =
      ts.isVariableDeclaration(declaration) && ts.isVariableStatement(declaration.parent.parent) ? declaration.parent.parent : declaration;
    const line = file.getLineAndCharacterOfPosition(shown.getStart(file)).line + 1;
    const cell = cellOf(file.fileName);
    const lines = shown.getText(file).split("\n");
    const code = lines.length > maxLines ? [...lines.slice(0, maxLines), "…"] : lines;
    const place =
      cell === undefined ? `${file.fileName}:${line}` : cell === "edited" ? `this cell, line ${line}` : `cell ${cell}, line ${line}`;
    return { place, code: code.join("\n") };
  });
}
