import ts from "typescript";
import type { CellChecker } from "./cell-checker.ts";
import { type BoundFile, internals } from "./compiler.ts";
import { declarationsOf } from "./declaration-source.ts";
import { withoutCellFiles } from "./diagnostics.ts";
import { type Described, readDocumentation } from "./hover-text.ts";
import type { Inspection } from "./service.ts";
import { signatureAt } from "./signature-help.ts";

/** What stands at the cursor; inside a call's parentheses, where nothing else does, what is called. */
export async function inspectCell(checker: CellChecker, source: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
  const { text, offset } = await checker.typed(source, cursor);
  if (offset === undefined) return undefined;
  checker.standing.refresh();
  const { file } = checker.lay(text);
  const found = describe(checker, file, offset);
  const called = signatureAt(checker.standing, file, offset);
  const parts: Described[] = [];
  if (found) parts.push(found.described);
  if (called && called.signature !== found?.described.signature) parts.push(called);
  if (parts.length === 0) return undefined;
  const declarations = detail === 1 && found ? declarationsOf(found.symbol) : [];
  const markdown = [...parts.map(toMarkdown), ...declarations.map(({ place, code }) => `*${place}*\n${fenced(code)}`)].join("\n\n");
  const plain = [...parts.map(toText), ...declarations.map(({ place, code }) => `${place}\n${code}`)].join("\n\n");
  return { markdown, text: plain };
}

function describe(
  checker: CellChecker,
  file: BoundFile,
  offset: number,
): { described: Described; symbol: ts.Symbol | undefined } | undefined {
  const node = internals.getTouchingPropertyName(file, offset);
  if (node === file || !(ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node) || isSpoken(node)))
    return undefined;
  const types = checker.standing.checker;
  const place = ts.isNewExpression(node.parent) && node.pos === node.parent.pos ? node.parent.expression : node;
  const symbol = types.getSymbolAtLocation(place);
  if (!symbol || symbol.declarations === undefined) {
    if (ts.isStringLiteralLike(node)) return undefined;
    const signature = types.typeToString(types.getTypeAtLocation(place), place);
    return signature === "any" ? undefined : { described: { signature, documentation: "", tags: [] }, symbol };
  }
  readDocumentation(symbol);
  if (symbol.flags & ts.SymbolFlags.Alias) readDocumentation(types.getAliasedSymbol(symbol));
  const { displayParts, documentation, tags } = internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
    types,
    symbol,
    file,
    containerOf(place),
    place,
  );
  return {
    described: {
      signature: withoutCellFiles(ts.displayPartsToString(displayParts)),
      documentation: ts.displayPartsToString(documentation),
      tags: tags ?? [],
    },
    symbol: symbol.flags & ts.SymbolFlags.Alias ? types.getAliasedSymbol(symbol) : symbol,
  };
}

const isSpoken = ({ kind }: ts.Node): boolean => kind === ts.SyntaxKind.ThisKeyword || kind === ts.SyntaxKind.SuperKeyword;

function containerOf(node: ts.Node): ts.Node | undefined {
  let container = node.parent as ts.Node | undefined;
  while (container && !ts.isSourceFile(container) && !ts.isFunctionLike(container) && !ts.isClassLike(container))
    container = container.parent;
  return container;
}

function toMarkdown({ signature, documentation, tags }: Described): string {
  const lines = tags.map((tag) => {
    const text = ts.displayPartsToString(tag.text).trim();
    if (tag.name === "example") return `*@example*\n${text.includes("```") ? text : fenced(text)}`;
    const [, name, rest] = /^(\S+)\s*-?\s*(.*)$/s.exec(text) ?? [];
    if (name !== undefined && (tag.name === "param" || tag.name === "template"))
      return `*@${tag.name}* \`${name}\`${rest ? ` — ${rest}` : ""}`;
    return `*@${tag.name}*${text === "" ? "" : ` ${text}`}`;
  });
  return [fenced(signature), documentation, ...lines].filter((part) => part !== "").join("\n\n");
}

function toText({ signature, documentation, tags }: Described): string {
  const lines = tags.map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`.trim());
  return [signature, documentation, ...lines].filter((part) => part !== "").join("\n\n");
}

function fenced(code: string): string {
  const fence = code.includes("```") ? "````" : "```";
  return `${fence}typescript\n${code}\n${fence}`;
}
