import ts from "typescript";

/** Parses a cell. Errors are in {@link syntaxErrors}. */
export function parseSource(text: string): ts.SourceFile {
  return ts.createSourceFile(
    "cell.ts",
    text,
    { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    ts.ScriptKind.TS,
  );
}

export interface SyntaxError {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Where a text is no TypeScript. */
export function syntaxErrors(file: ts.SourceFile): SyntaxError[] {
  const found = "parseDiagnostics" in file && Array.isArray(file.parseDiagnostics) ? (file.parseDiagnostics as ts.Diagnostic[]) : [];
  return found.map(({ start = 0, length = 0, messageText }) => ({
    start,
    end: start + length,
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
}
