import ts from "typescript";
import { type BoundFile, internals, type LocalSymbol } from "./compiler.ts";
import type { StandingProgram } from "./standing-program.ts";
import { ownSymbols, parseModule } from "./virtual-module.ts";
import type { VisibleNames } from "./visible-names.ts";

/** A cell as the checker sees it. */
export interface CellFile {
  readonly file: BoundFile;
  /** What the cell declares at its top, by name. */
  readonly own: ReadonlyMap<string, LocalSymbol>;
  /** Whether a name of the cell carries a meaning of an earlier cell beside its own. */
  readonly isMerged: boolean;
}

/** Parses a cell. */
export function parseCell(directory: string, name: string, text: string): BoundFile {
  return parseModule(directory, `cell-${name}`, text);
}

/**
 * Binds a parsed cell and lays it over the program. What earlier cells declared becomes a name in this file's own scope, as the very symbol
 * that the earlier cell has: no import stands between, so that assigning to a `let` is fine and to a `const` is not.
 */
export function layCell(standing: StandingProgram, visible: VisibleNames, file: BoundFile): CellFile {
  internals.bindSourceFile(file, standing.options);
  if (file.identifiers.has("getBuiltinModule")) standing.includeAllOfNode();
  file.imports = importsOf(file);
  standing.link(
    file,
    file.imports.map((node) => ({ specifier: node.text, mode: standing.program.getModeForUsageLocation(file, node) })),
  );
  file.locals ??= new Map();
  const { locals } = file;
  const own = ownSymbols(file);
  let isMerged = false;
  for (const [name, symbol] of visible.provided()) if (!own.has(name)) locals.set(ts.escapeLeadingUnderscores(name), symbol);
  for (const [name, { symbol }] of visible.entries()) {
    const mine = own.get(name);
    if (mine === undefined) locals.set(ts.escapeLeadingUnderscores(name), symbol);
    else if (addMeaning(mine, symbol)) isMerged = true;
  }
  return { file, own, isMerged };
}

/**
 * Once a cell was checked, it needs the names in its text and no others. Held by all later cells, the rest would keep every cell and every
 * name that ever was.
 */
export function releaseUnused({ file, own }: CellFile): void {
  for (const key of file.locals?.keys() ?? []) {
    const name = ts.unescapeLeadingUnderscores(key);
    if (!own.has(name) && !file.identifiers.has(name)) file.locals?.delete(key);
  }
}

const valueOnly = ts.SymbolFlags.Variable | ts.SymbolFlags.Function;
const typeOnly = ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias;

/** `type User` in a cell leaves the value `User` of an earlier cell as it is, and the other way round: one name, two meanings. */
function addMeaning(own: LocalSymbol, earlier: LocalSymbol): boolean {
  const isType = (own.flags & ~typeOnly) === 0 && (own.flags & typeOnly) !== 0;
  const isValue = (own.flags & ~valueOnly) === 0 && (own.flags & valueOnly) !== 0;
  const wanted = isType ? valueOnly : isValue ? typeOnly : 0;
  const added = earlier.flags & wanted;
  if (added === 0) return false;
  const declarations = (earlier.declarations ?? []).filter((declaration) => isTypeDeclaration(declaration) === isValue);
  own.flags |= added;
  own.declarations = [...(own.declarations ?? []), ...declarations];
  if (isType && earlier.valueDeclaration) own.valueDeclaration = earlier.valueDeclaration;
  if (isValue && earlier.members) own.members = earlier.members;
  return true;
}

function isTypeDeclaration(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** Static imports, re-exports, `import()` and `import("x").T`. */
function importsOf(file: BoundFile): ts.StringLiteralLike[] {
  const imports: ts.StringLiteralLike[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node && ts.isStringLiteralLike(node)) imports.push(node);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) add(statement.moduleSpecifier);
    else if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference)) {
      add(statement.moduleReference.expression);
    }
  }
  if (!/\bimport\s*(?:\(|\/)/.test(file.text)) return imports;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return imports;
}
