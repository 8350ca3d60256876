import ts from "typescript";
import { translateMagics } from "../cells/magics.ts";
import type { Completeness } from "./service.ts";

const step = "  ";

/** Whether a text is a whole cell, wants another line, or can never be one. The parser decides, not the checker. */
export function completenessOf(source: string): Completeness {
  const { text } = translateMagics(source);
  if (/^\s*%%/.test(source)) return { status: "complete", indent: "" };
  const file = ts.createSourceFile("cell.ts", text, { languageVersion: ts.ScriptTarget.ESNext }, false, ts.ScriptKind.TS);
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const [first] = parseDiagnostics;
  if (!first) return { status: "complete", indent: "" };
  // What is missing at the end of the text can still be written; what is wrong before it cannot be mended by more.
  const end = endOfCode(file);
  const isAtEnd =
    !parseDiagnostics.some(({ code }) => code === unterminatedString) &&
    parseDiagnostics.every(({ start, code }) => start >= end || code === unterminatedTemplate || code === unterminatedComment);
  if (!isAtEnd) return { status: "invalid", indent: "" };
  const isInText = parseDiagnostics.some(({ code }) => code === unterminatedTemplate || code === unterminatedComment);
  return { status: "incomplete", indent: isInText ? "" : nextIndent(source) };
}

const unterminatedString = 1002;
const unterminatedTemplate = 1160;
const unterminatedComment = 1010;

function endOfCode(file: ts.SourceFile): number {
  return file.endOfFileToken.getFullStart();
}

function nextIndent(source: string): string {
  const lines = source.split(/\r?\n/);
  const last = lines.findLast((line) => line.trim() !== "") ?? "";
  const indent = /^[ \t]*/.exec(last)?.[0] ?? "";
  const code = last.replace(/\/\/.*$/, "").trimEnd();
  const isOpened = /(?:[{([=+\-*/%&|^?:<>,!~]|=>)$/.test(code) && !/[,]$/.test(code);
  const isHeader = /^\s*(?:(?:\}\s*)?else\b.*|(?:if|for|while)\b.*\)|do|try)$/.test(code);
  return isOpened || isHeader ? indent + step : indent;
}
