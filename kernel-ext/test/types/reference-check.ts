import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { compilerOptions } from "../../src/types/compiler-options.ts";

export interface Finding {
  readonly code: number;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

const nodeTypes = join(dirname(createRequire(import.meta.url).resolve("@types/node/package.json")), "index.d.ts");
const parsed = new Map<string, ts.SourceFile>();

/**
 * What an ordinary program says about cells that are ordinary modules: each imports every visible name from the cell that declared it last
 * and exports its own. It is made anew for each sequence, by TypeScript's public functions alone.
 */
export function referenceFindings(directory: string, cells: readonly string[]): Finding[][] {
  const files = new Map<string, ts.SourceFile>();
  const declared = new Map<string, number>();
  for (const [index, text] of cells.entries()) {
    const probe = ts.createSourceFile("probe.ts", text, ts.ScriptTarget.ESNext, true);
    const own = new Set(probe.statements.flatMap((statement) => namesOf(statement)));
    const exported = new Set(probe.statements.filter(isExported).flatMap((statement) => namesOf(statement)));
    const prelude = [...declared].filter(([name]) => !own.has(name)).map(([name, cell]) => `import { ${name} } from "./cell-${cell}.ts";`);
    const rest = [...own].filter((name) => !exported.has(name));
    const whole = `${text}\n;${prelude.join("")}export { ${rest.join(", ")} };`;
    const fileName = join(directory, `cell-${index}.ts`);
    files.set(
      fileName,
      ts.createSourceFile(fileName, whole, { languageVersion: ts.ScriptTarget.ESNext, impliedNodeFormat: ts.ModuleKind.ESNext }),
    );
    // A cell that is no TypeScript never runs, so it declares nothing.
    if (isWhole(text)) for (const name of own) declared.set(name, index);
  }
  const options = compilerOptions([]);
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram({
    rootNames: [...files.keys(), nodeTypes],
    options,
    host: {
      ...host,
      getSourceFile: (fileName, language) => {
        const own = files.get(fileName) ?? parsed.get(fileName);
        if (own) return own;
        const file = host.getSourceFile(fileName, language);
        if (file) parsed.set(fileName, file);
        return file;
      },
      fileExists: (fileName) => files.has(fileName) || host.fileExists(fileName),
      getCurrentDirectory: () => directory,
    },
  });
  return [...files.values()].map((file, index) => {
    const end = cells[index]?.length ?? 0;
    const syntactic = program.getSyntacticDiagnostics(file);
    return (syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file))
      .map(({ code, start = 0, length = 0, messageText }) => ({
        code,
        start,
        end: start + length,
        message: ts.flattenDiagnosticMessageText(messageText, "\n"),
      }))
      .filter((finding) => finding.start < end);
  });
}

function isWhole(text: string): boolean {
  return (
    (
      ts.transpileModule(text, {
        reportDiagnostics: true,
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
      }).diagnostics ?? []
    ).length === 0
  );
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) && isNamed(statement.modifiers);
}

/** `export default class Main` gives the name `Main` to nobody. */
function isNamed(modifiers: ts.NodeArray<ts.ModifierLike> | undefined): boolean {
  const kinds = new Set(modifiers?.map(({ kind }) => kind));
  return kinds.has(ts.SyntaxKind.ExportKeyword) && !kinds.has(ts.SyntaxKind.DefaultKeyword);
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  if (ts.isImportDeclaration(statement)) {
    const { importClause } = statement;
    const bindings = importClause?.namedBindings;
    const named = bindings ? (ts.isNamespaceImport(bindings) ? [bindings.name.text] : bindings.elements.map(({ name }) => name.text)) : [];
    return importClause?.name ? [importClause.name.text, ...named] : named;
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  ) {
    return statement.name ? [statement.name.text] : [];
  }
  return [];
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bound(element.name)));
}
