import ts from "typescript";
import type { Part } from "./edits.ts";

interface Wanted {
  /** As the module names it; `*` for all of it. */
  readonly from: string;
  readonly local: string;
}

/**
 * `import d, { a as b } from "m"` → `let d, b; ({default: d, a: b} = await __kernel__.load("m", ["default", "a"]));`. Names that are
 * only types are left out; a module of which only types are wanted is not loaded.
 */
export function importEdit(
  file: ts.SourceFile,
  statement: ts.ImportDeclaration | ts.ExportDeclaration | ts.ImportEqualsDeclaration,
  isTypeOnly: ((name: string) => boolean) | undefined,
): Part[] {
  if (ts.isImportEqualsDeclaration(statement)) {
    if (statement.isTypeOnly) return [];
    const { moduleReference, name } = statement;
    if (!ts.isExternalModuleReference(moduleReference)) {
      return [`let ${name.text} = `, [moduleReference.getStart(file), moduleReference.end], ";"];
    }
    return [`let ${name.text} = require(`, [moduleReference.expression.getStart(file), moduleReference.expression.end], ");"];
  }
  const { moduleSpecifier, attributes } = statement;
  if (!moduleSpecifier) return [];
  const wanted = ts.isImportDeclaration(statement) ? wantedByImport(statement, isTypeOnly) : wantedByExport(statement);
  if (!wanted) return [];
  const specifier: Part = [moduleSpecifier.getStart(file), moduleSpecifier.end];
  const withAttributes: Part[] = attributes ? [",{with:{", ...attributeParts(file, attributes), "}}"] : [];
  const names = wanted.filter(({ from }) => from !== "*").map(({ from }) => from);
  const call: Part[] = [
    "await __kernel__.load(",
    specifier,
    `,${JSON.stringify(names)},${isTypeOnly !== undefined}`,
    ...withAttributes,
    ");",
  ];
  if (wanted.length === 0) return call;
  const all = wanted.find(({ from }) => from === "*");
  const picked = wanted.filter(({ from }) => from !== "*").map(({ from, local }) => `${JSON.stringify(from)}:${local}`);
  if (!all) return [`let {${picked.join(",")}} = `, ...call];
  const rest = picked.length > 0 ? [`let {${picked.join(",")}} = ${all.local};`] : [];
  return [`let ${all.local} = `, ...call, ...rest];
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
