import ts from "typescript";
import type { PositionMap } from "../cells/position-map.ts";
import type { CellDiagnostic } from "./service.ts";

/** What is an error in a program of files and none in a notebook. */
const dropped: ReadonlySet<number> = new Set([
  1543, // a JSON import without its attribute: the kernel's import adds it
  7005, // `let rows = []` in one cell, filled in the next: it is any[] there
  7016, // a package without types: everything it has is any
  7034,
]);

/** The words after these say how to change a tsconfig.json, which a notebook has not. */
const adviceOnOptions: ReadonlySet<number> = new Set([2550, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2792, 2868, 2869]);

export function cellDiagnostics(file: ts.SourceFile, found: readonly ts.Diagnostic[], map: PositionMap, end: number): CellDiagnostic[] {
  const diagnostics: CellDiagnostic[] = [];
  for (const diagnostic of found) {
    if (diagnostic.file !== file || dropped.has(diagnostic.code)) continue;
    const { start = 0, length = 0 } = diagnostic;
    diagnostics.push({
      code: `TS${diagnostic.code}`,
      message: messageOf(diagnostic),
      severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
      ...sourceRange(map, start, start + length, end),
    });
  }
  return diagnostics.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A range of the checked text in the text as it was written, which is `end` long. */
export function sourceRange(map: PositionMap, start: number, madeEnd: number, end: number): { start: number; end: number } {
  const from = Math.min(map.toSource(start), end);
  const to = madeEnd > start ? map.toSource(madeEnd - 1) + 1 : from;
  return { start: from, end: Math.min(Math.max(from, to), end) };
}

function messageOf(diagnostic: ts.Diagnostic): string {
  let message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  if (adviceOnOptions.has(diagnostic.code)) message = message.replace(/(^[^.]*'[^']*'\.) .*$/s, "$1");
  const related = (diagnostic.relatedInformation ?? []).flatMap((information) => relatedLine(information) ?? []);
  return withoutCellFiles([message, ...related].join("\n"));
}

/** `'x' is declared here. (cell 3, line 2)`, where it is a cell and short. */
function relatedLine({ file, start, messageText }: ts.DiagnosticRelatedInformation): string | undefined {
  if (typeof messageText !== "string" || messageText.length > 100) return undefined;
  if (!file || start === undefined) return `  ${messageText}`;
  const cell = cellOf(file.fileName);
  if (cell === undefined) return undefined;
  return `  ${messageText} (cell ${cell}, line ${file.getLineAndCharacterOfPosition(start).line + 1})`;
}

/** `7` of `/notebooks/cell-7~12.ts`. */
export function cellOf(fileName: string): string | undefined {
  return /(?:^|[\\/])cell-(.+)~\d+\.ts$/.exec(fileName)?.[1];
}

/** A type of a cell is known by its name alone. */
export function withoutCellFiles(text: string): string {
  return text
    .replace(/import\("[^"]*[\\/]?cell-[^"]*~\d+"(?:, \{ with: \{[^}]*\} \})?\)\./g, "")
    .replace(/"[^"\s]*[\\/]cell-([^"]*)~\d+"/g, '"cell $1"');
}
