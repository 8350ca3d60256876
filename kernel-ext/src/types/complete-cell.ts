import ts from "typescript";
import { autoImports } from "./auto-import.ts";
import { builtinPaths } from "./builtin-paths.ts";
import type { CellChecker } from "./cell-checker.ts";
import { type BoundFile, internals } from "./compiler.ts";
import { type CompletionEntry, jupyterType, matchRank } from "./completion-entry.ts";
import { withoutCellFiles } from "./diagnostics.ts";
import { isDeprecated } from "./hover-text.ts";
import { providerCell } from "./literal-uses.ts";
import { magicCompletions } from "./magic-completion.ts";
import type { Completions } from "./service.ts";

/** What can stand at the cursor, best first. */
export async function completeCell(checker: CellChecker, source: string, cursor: number): Promise<Completions> {
  const magic = magicCompletions(source, cursor);
  if (magic) return magic;
  const nothing = { matches: [], cursorStart: cursor, cursorEnd: cursor, types: [] };
  const written = checker.translated(source, cursor);
  if (written.offset === undefined) return nothing;
  checker.standing.refresh();
  const provided = await providedEntries(checker, written.text, written.offset);
  if (provided.length > 0) {
    const { text, offset, map } = written;
    return toCompletions(provided, text, wordStart(text, offset), offset, (at) => map.toSource(at));
  }
  const { text, offset, map } = await checker.typed(source, cursor);
  if (offset === undefined) return nothing;
  const start = wordStart(text, offset);
  // What can stand at a place does not depend on how much of the word is typed after its first letter: the list is made once a word.
  const letter = text.slice(start, offset).charAt(0).toLowerCase();
  const place = `${start}${letter} ${text.slice(0, start)}\0${text.slice(offset)}`;
  const entries = checker.completions.get(place, () => compilerEntries(checker, text, offset, start, letter));
  return toCompletions(entries, text, start, offset, (at) => map.toSource(at));
}

const maxMatches = 1000;
/** So few matches are shown with their types. */
const maxDescribed = 20;

function toCompletions(
  entries: readonly CompletionEntry[],
  text: string,
  start: number,
  end: number,
  toSource: (offset: number) => number,
): Completions {
  const typed = text.slice(start, end);
  const found = entries.flatMap((entry) => {
    const word = entry.start === undefined || entry.start === start ? typed : text.slice(entry.start, end);
    const rank = matchRank(entry.name, entry.start !== undefined && entry.start < start && text[entry.start] === "." ? typed : word);
    if (entry.type === "auto-import" && (typed.length < 3 || rank !== 0)) return [];
    return rank === undefined ? [] : [{ entry, rank }];
  });
  found.sort((a, b) => a.rank - b.rank || a.entry.rank - b.entry.rank || compareNames(a.entry.name, b.entry.name));
  const shown = found.slice(0, maxMatches).map(({ entry }) => entry);
  const first = Math.min(start, ...shown.map((entry) => entry.start ?? start));
  const cursorStart = toSource(first);
  const cursorEnd = toSource(end);
  const seen = new Set<string>();
  const matches: string[] = [];
  const types: Completions["types"][number][] = [];
  for (const { name, insert = name, start: from = start, type, signature } of shown) {
    const match = text.slice(first, from) + insert;
    if (seen.has(match)) continue;
    seen.add(match);
    matches.push(match);
    types.push({
      text: match,
      type,
      start: cursorStart,
      end: cursorEnd,
      ...(signature && shown.length <= maxDescribed && { signature: signature() }),
    });
  }
  return { matches, cursorStart, cursorEnd, types };
}

function compareNames(a: string, b: string): number {
  const isPrivate = Number(a.startsWith("_")) - Number(b.startsWith("_"));
  return isPrivate !== 0 ? isPrivate : a < b ? -1 : a > b ? 1 : 0;
}

function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\p{ID_Continue}$#]/u.test(text[start - 1] ?? "")) start -= 1;
  return start;
}

/** The providers know best what a table or a column is called: where they answer, nobody else is asked. */
async function providedEntries(checker: CellChecker, text: string, offset: number): Promise<CompletionEntry[]> {
  const file = checker.parse(text);
  const methods = await checker.providers.methods(checker.packagesFor(file));
  if (methods.size === 0 || ![...methods].some((method) => file.identifiers.has(method))) return [];
  const cell = providerCell(file, methods);
  if (!cell?.uses.some((use) => use.args.some((argument) => argument && offset >= argument.start && offset <= argument.end))) return [];
  const answers = await checker.providers.complete(cell, offset);
  return answers.flatMap(({ start, items }) =>
    items.map(({ label, kind, detail }, index) => ({
      name: label,
      start,
      type: kind,
      rank: index,
      ...(detail !== undefined && { signature: () => detail }),
    })),
  );
}

function compilerEntries(checker: CellChecker, text: string, offset: number, start: number, letter: string): readonly CompletionEntry[] {
  const { standing, visible } = checker;
  const { file } = checker.lay(text);
  if (internals.isInComment(file, offset)) return [];
  const info = withSymbolsOf(standing.checker, file, letter, () =>
    internals.Completions.getCompletionsAtPosition(
      checker.languageHost,
      standing.program,
      () => {},
      file,
      offset,
      { includeCompletionsWithInsertText: true, includeCompletionsForImportStatements: true, importModuleSpecifierEnding: "minimal" },
      undefined,
      undefined,
      undefined,
      undefined,
      true,
    ),
  );
  const entries = (info?.entries ?? []).flatMap((entry) => {
    const signature = signatureOf(standing.checker, file, entry.symbol);
    return compilerEntry(entry, start, offset, (name) => visible.get(name) !== undefined, signature) ?? [];
  });
  const known = new Set(entries.map(({ name }) => name));
  entries.push(...builtinPaths(text, offset).filter(({ name }) => !known.has(name)));
  if (!info || info.isMemberCompletion || internals.isInString(file, offset)) return entries;
  return [...entries, ...autoImports(checker, file, offset, letter).filter(({ name }) => !known.has(name))];
}

/** The 1,500 global names are most of the work of a list (7 ms of 8); those that begin with another letter are left out beforehand. */
function withSymbolsOf<T>(checker: ts.TypeChecker, file: BoundFile, letter: string, work: () => T): T {
  if (letter === "") return work();
  const { getSymbolsInScope } = checker;
  checker.getSymbolsInScope = (location, meaning) =>
    getSymbolsInScope(location, meaning).filter(
      ({ name, escapedName }) => name.charAt(0).toLowerCase() === letter || file.locals?.has(escapedName) === true,
    );
  try {
    return work();
  } finally {
    checker.getSymbolsInScope = getSymbolsInScope;
  }
}

function compilerEntry(
  { name, kind, sortText, insertText, replacementSpan, symbol, source }: ts.CompletionEntry,
  start: number,
  offset: number,
  isOfCell: (name: string) => boolean,
  signature: (() => string) | undefined,
): CompletionEntry | undefined {
  if (source !== undefined && source !== "ThisProperty/") return undefined;
  const from = replacementSpan?.start ?? start;
  if (from > offset || /^\[[A-Za-z]/.test(insertText ?? "")) return undefined;
  let rank = Number.parseInt(sortText.replace(/^z/, ""), 10) || 15;
  if (rank === 15 && isOfCell(name)) rank = 11.5;
  if (kind === ts.ScriptElementKind.keyword) rank += 0.5;
  if (sortText.startsWith("z") || isDeprecated(symbol)) rank += 20;
  return {
    name,
    type: symbol && kind === ts.ScriptElementKind.alias ? "variable" : jupyterType(kind),
    rank,
    ...(insertText !== undefined && { insert: insertText }),
    ...(from !== start && { start: from }),
    ...(signature && { signature }),
  };
}

/** The type of a value, asked for when it is shown: it costs more than the rest of the entry. */
function signatureOf(checker: ts.TypeChecker, file: BoundFile, symbol: ts.Symbol | undefined): (() => string) | undefined {
  if (!symbol?.declarations || !(symbol.flags & ts.SymbolFlags.Value)) return undefined;
  return () => withoutCellFiles(checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, file)));
}
