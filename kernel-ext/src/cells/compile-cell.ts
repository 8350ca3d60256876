import { blankSourceFile } from "ts-blank-space";
import ts from "typescript";
import { declaredNames, patternNames } from "./declared-names.ts";
import { applyEdits, type Edit, type Part } from "./edits.ts";
import { isGlobalName } from "./global-names.ts";
import { importEdit } from "./import-edit.ts";
import type { PositionMap } from "./position-map.ts";
import { parseSource } from "./source-file.ts";
import { runtimeHasUsing, transpileWhole } from "./transpile-whole.ts";

export interface CompileOptions {
  /** The execution's name; the script calls the kernel with it. */
  readonly cell: string;
  /** Names of globals that earlier cells declared for themselves; a name that is none of their values does no harm. */
  readonly shadowed?: readonly string[];
  /** True for an imported name that is nothing but a type, and so is not there when the cell runs. */
  readonly isTypeOnly?: (name: string) => boolean;
}

export interface CompiledCell {
  readonly script: string;
  readonly map: PositionMap;
  readonly declared: readonly string[];
}

/**
 * TypeScript of a cell → JavaScript for `Runtime.evaluate` in REPL mode. Every name of the top is declared by `let`, the only kind
 * that REPL mode lets a later cell declare anew, and the rest becomes the body of a function that the kernel calls: declarations turn into
 * assignments, functions move to the front, imports become calls of the kernel; the last expression is handed
 * to it as the result. Types are blanked in place, so that most characters keep their line and column; `map` knows all of them.
 */
export function compileCell(source: string, options: CompileOptions): CompiledCell {
  const file = parseSource(source);
  const declared = declaredNames(file);
  let isErasable = runtimeHasUsing || !/\busing\b/.test(source) || !hasNestedUsing(file);
  const blanked = isErasable
    ? blankSourceFile(file, () => {
        isErasable = false;
      })
    : source;
  const hasDecorators = mayHaveDecorators(source);
  if (isErasable && !hasDecorators) return { ...emit(file, blanked, options), declared };
  // What `using` binds at the top lives as long as the session: TypeScript would dispose of it at the end of the cell.
  const kept = applyEdits(
    source,
    file.statements.filter(isUsing).flatMap((statement) => usingEdits(file, statement)),
  );
  const { text, map } = transpileWhole(kept.text, { hasDecorators });
  const emitted = emit(parseSource(text), text, options);
  return { script: emitted.script, map: kept.map.followedBy(map).followedBy(emitted.map), declared };
}

function emit(file: ts.SourceFile, text: string, options: CompileOptions): { script: string; map: PositionMap } {
  const edits: Edit[] = [];
  const imports: Part[] = [];
  const functions: Part[] = [];
  const names = new Set<string>();
  const last = file.statements.at(-1);
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) {
      const { bound, parts } = importEdit(file, statement, options.isTypeOnly);
      for (const name of bound) names.add(name);
      imports.push(...parts);
      edits.push({ start, end: statement.end, parts: [";"], isMoved: true });
    } else if (ts.isVariableStatement(statement)) {
      edits.push(...variableEdits(file, statement, start, names));
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.body) functions.push(...hoist(file, statement, start, names));
      edits.push({ start, end: statement.end, parts: [";"], isMoved: true });
    } else if (ts.isClassDeclaration(statement)) {
      if (isDeclare(statement)) continue;
      const name = statement.name?.text;
      if (name !== undefined) names.add(name);
      const keyword = classStart(file, statement, start);
      edits.push({ start, end: keyword, parts: [name === undefined ? ";(" : `${name} = `] });
      edits.push({ start: statement.end, end: statement.end, parts: [name === undefined ? ");" : ";"] });
    } else if (ts.isExportAssignment(statement)) {
      edits.push({ start, end: statement.expression.getStart(file), parts: [statement === last ? resultCall(options.cell) : ";("] });
      edits.push({ start: statement.expression.end, end: statement.end, parts: [statement === last ? "));" : ");"] });
    } else if (statement === last && ts.isExpressionStatement(statement)) {
      edits.push({ start, end: start, parts: [resultCall(options.cell)] });
      const { end } = withoutAssertion(statement.expression);
      edits.push({ start: end, end, parts: ["))"] });
    }
    collectNested(file, statement, edits, names);
  }
  const own = [...names].filter((name) => !isGlobalName(name));
  const declared = own.length > 0 ? [`let ${own.join(",")};`] : [];
  const shadowed = [...names].filter(isGlobalName);
  for (const name of options.shadowed ?? []) if (!names.has(name) && text.includes(name)) shadowed.push(name);
  const first = ['"use strict";', ...declared, defineCall(shadowed, names), ...imports, ...functions];
  const { text: script, map } = applyEdits(text, edits, first, ["\n});"]);
  return { script, map };
}

/** Own names of globals are parameters: the kernel gives the values that earlier cells left, and asks for those that this one leaves. */
function defineCall(shadowed: readonly string[], own: ReadonlySet<string>): string {
  if (shadowed.length === 0) return "__kernel__.define(async()=>{";
  const parameters = shadowed.map((name) => (own.has(name) ? name : `${name}=globalThis.${name}`));
  return `__kernel__.define(async({${parameters.join(",")}}={})=>{__kernel__.shadow({${shadowed.map((name) => `${name}:()=>${name}`).join(",")}});`;
}

/** `x as T` → `x`: the eraser may put a semicolon where the assertion begins. */
function withoutAssertion(expression: ts.Expression): ts.Expression {
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)) return withoutAssertion(expression.expression);
  return expression;
}

const resultCall = (cell: string): string => `__kernel__.result(${JSON.stringify(cell)},(`;

/** `const a: T = 1, { b } = c` → `a = 1, ({ b } = c)`; what `using` binds is disposed of by the session. */
function variableEdits(file: ts.SourceFile, statement: ts.VariableStatement, start: number, names: Set<string>): Edit[] {
  if (isDeclare(statement)) return [];
  const { declarationList } = statement;
  const first = declarationList.declarations[0];
  if (!first) return [];
  const edits: Edit[] = [{ start, end: first.getStart(file), parts: [";"] }];
  for (const { name, initializer, end } of declarationList.declarations) {
    for (const one of patternNames(name)) names.add(one);
    const at = name.getStart(file);
    if (!ts.isIdentifier(name)) edits.push({ start: at, end: at, parts: ["("] }, { start: end, end, parts: [")"] });
    else if (!initializer) edits.push({ start: end, end, parts: [" = undefined"] });
  }
  return isUsing(statement) ? [...edits, ...usingEdits(file, statement).slice(1)] : edits;
}

function isUsing(statement: ts.Statement): statement is ts.VariableStatement {
  return ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
}

/** `await using a = b` → `const a = __kernel__.using("a",(b))`. */
function usingEdits(file: ts.SourceFile, { declarationList }: ts.VariableStatement): Edit[] {
  const keywords = { start: declarationList.getStart(file), end: declarationList.declarations[0]?.getStart(file) ?? 0, parts: ["const "] };
  const wraps = declarationList.declarations.flatMap(({ name, initializer }): Edit[] => {
    if (!initializer || !ts.isIdentifier(name)) return [];
    const at = initializer.getStart(file);
    const open = { start: at, end: at, parts: [`__kernel__.using(${JSON.stringify(name.text)},(`] };
    return [open, { start: initializer.end, end: initializer.end, parts: ["))"] }];
  });
  return [keywords, ...wraps];
}

/** `async function f(a) {…}` → `f = async function (a) {…};`, without an inner name, so that assigning to `f` inside works. */
function hoist(file: ts.SourceFile, statement: ts.FunctionDeclaration, start: number, names: Set<string>): Part[] {
  const { name } = statement;
  const modifiers = statement.modifiers?.filter(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? [];
  const async = modifiers.length > 0 ? "async " : "";
  const keyword = functionKeyword(file, statement, start);
  if (!name) return [`void (${async}`, [keyword, statement.end], ");"];
  names.add(name.text);
  return [`${name.text} = ${async}`, [keyword, name.getStart(file)], [name.end, statement.end], ";"];
}

function functionKeyword(file: ts.SourceFile, statement: ts.FunctionDeclaration, start: number): number {
  return tokenAfter(file, statement.modifiers?.at(-1)?.end ?? start);
}

function classStart(file: ts.SourceFile, statement: ts.ClassDeclaration, start: number): number {
  return tokenAfter(file, statement.modifiers?.at(-1)?.end ?? start);
}

/** The start of the first token at or after an offset. */
function tokenAfter(file: ts.SourceFile, offset: number): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, file.text, undefined, offset);
  scanner.scan();
  return scanner.getTokenStart();
}

function isDeclare(node: ts.HasModifiers): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;
}

/** Below the top: `import()`, `import.meta`, and `var` outside of functions, which belongs to the cell. */
function collectNested(file: ts.SourceFile, statement: ts.Statement, edits: Edit[], hoisted: Set<string>): void {
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      edits.push({ start: node.expression.getStart(file), end: node.expression.end, parts: ["__kernel__.import"] });
    } else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      edits.push({ start: node.getStart(file), end: node.end, parts: ["__kernel__.meta"] });
    } else if (!inFunction && node !== statement && ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
      if (!(ts.isVariableStatement(statement) && statement.declarationList === node)) edits.push(...nestedVar(file, node, hoisted));
    }
    const inside = inFunction || ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(statement, false);
}

function nestedVar(file: ts.SourceFile, list: ts.VariableDeclarationList, hoisted: Set<string>): Edit[] {
  const edits: Edit[] = [];
  const first = list.declarations[0];
  if (!first) return edits;
  for (const name of list.declarations.flatMap((declaration) => patternNames(declaration.name))) hoisted.add(name);
  const isPattern = !ts.isIdentifier(first.name) && first.initializer !== undefined;
  edits.push({ start: list.getStart(file), end: first.getStart(file), parts: [isPattern ? "(" : ""] });
  if (isPattern) edits.push({ start: first.end, end: first.end, parts: [")"] });
  return edits;
}

function hasNestedUsing(file: ts.SourceFile): boolean {
  const top = new Set<ts.Node>(file.statements.filter(ts.isVariableStatement).map(({ declarationList }) => declarationList));
  const visit = (node: ts.Node): boolean => {
    if (ts.isVariableDeclarationList(node) && !top.has(node) && (node.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using) return true;
    return ts.forEachChild(node, visit) === true;
  };
  return visit(file);
}

/** V8 has no decorators yet; a class with one goes through TypeScript's own emit. */
function mayHaveDecorators(source: string): boolean {
  if (!source.includes("@")) return false;
  const visit = (node: ts.Node): boolean =>
    (ts.canHaveDecorators(node) && ts.getDecorators(node) !== undefined) || ts.forEachChild(node, visit) === true;
  return visit(parseSource(source));
}
