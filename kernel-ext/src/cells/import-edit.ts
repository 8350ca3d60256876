import ts from "typescript";
import type { Part } from "./edits.ts";

export interface ImportEdit {
  /** The names that it binds. */
  readonly bound: readonly string[];
  readonly parts: readonly Part[];
}

const nothing: ImportEdit = { bound: [], parts: [] };

interface Wanted {
  /** As the module names it; `*` for all of it. */
  readonly from: string;
  readonly local: string;
}

/**
 * `import d, { a as b } from "m"` → `({default: d, a: b} = await __kernel__.load("m", ["default", "a"]));`. Names that are
 * only types are left out; a module of which only types are wanted is not loaded.
 */
export function importEdit(
  file: ts.SourceFile,
  statement: ts.ImportDeclaration | ts.ExportDeclaration | ts.ImportEqualsDeclaration,
  isTypeOnly: ((name: string) => boolean) | undefined,
): ImportEdit {
  if (ts.isImportEqualsDeclaration(statement)) {
    if (statement.isTypeOnly) return nothing;
    const { moduleReference, name } = statement;
    if (!ts.isExternalModuleReference(moduleReference)) {
      return { bound: [name.text], parts: [`${name.text} = `, [moduleReference.getStart(file), moduleReference.end], ";"] };
    }
    const required: Part = [moduleReference.expression.getStart(file), moduleReference.expression.end];
    return { bound: [name.text], parts: [`${name.text} = require(`, required, ");"] };
  }
  const { moduleSpecifier, attributes } = statement;
  if (!moduleSpecifier) return nothing;
  const wanted = ts.isImportDeclaration(statement) ? wantedByImport(statement, isTypeOnly) : wantedByExport(statement);
  if (!wanted) return nothing;
  const specifier: Part = [moduleSpecifier.getStart(file), moduleSpecifier.end];
  const withAttributes: Part[] = attributes ? [",{with:{", ...attributeParts(file, attributes), "}}"] : [];
  const names = wanted.filter(({ from }) => from !== "*").map(({ from }) => from);
  const isExact = isTypeOnly !== undefined;
  const call: Part[] = ["await __kernel__.load(", specifier, `,${JSON.stringify(names)},${isExact}`, ...withAttributes, ")"];
  const bound = wanted.map(({ local }) => local);
  if (wanted.length === 0) return { bound, parts: [...call, ";"] };
  const all = wanted.find(({ from }) => from === "*");
  const picked = wanted.filter(({ from }) => from !== "*").map(({ from, local }) => `${JSON.stringify(from)}:${local}`);
  if (!all) return { bound, parts: [`({${picked.join(",")}} = `, ...call, ");"] };
  const rest = picked.length > 0 ? [`({${picked.join(",")}} = ${all.local});`] : [];
  return { bound, parts: [`${all.local} = `, ...call, ";", ...rest] };
}

/** Undefined where nothing is to be loaded. */
function wantedByImport({ importClause }: ts.ImportDeclaration, isTypeOnly?: (name: string) => boolean): Wanted[] | undefined {
  if (!importClause) return [];
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
  const wanted: Wanted[] = [];
  const { name, namedBindings } = importClause;
  if (name && isTypeOnly?.(name.text) !== true) wanted.push({ from: "default", local: name.text });
  if (namedBindings && ts.isNamespaceImport(namedBindings)) wanted.push({ from: "*", local: namedBindings.name.text });
  else if (namedBindings) {
    for (const element of namedBindings.elements) {
      if (element.isTypeOnly || isTypeOnly?.(element.name.text) === true) continue;
      wanted.push({ from: (element.propertyName ?? element.name).text, local: element.name.text });
    }
  }
  const hadNames =
    name !== undefined || (namedBindings !== undefined && !(ts.isNamedImports(namedBindings) && namedBindings.elements.length === 0));
  return wanted.length === 0 && hadNames ? undefined : wanted;
}

function wantedByExport({ exportClause, isTypeOnly }: ts.ExportDeclaration): Wanted[] | undefined {
  if (isTypeOnly) return undefined;
  if (!exportClause) return [];
  if (ts.isNamespaceExport(exportClause)) return [];
  return exportClause.elements.every((element) => element.isTypeOnly) && exportClause.elements.length > 0 ? undefined : [];
}

function attributeParts(file: ts.SourceFile, attributes: ts.ImportAttributes): Part[] {
  return attributes.elements.flatMap((element): Part[] => [
    [element.name.getStart(file), element.name.end],
    ":",
    [element.value.getStart(file), element.value.end],
    ",",
  ]);
}
