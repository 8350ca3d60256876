import { join } from "node:path";
import ts from "typescript";
import { type BoundFile, internals, type LocalSymbol } from "./compiler.ts";

let count = 0;

/**
 * Parses a module that is on no disk and in no program. Its file name is new each time, as the checker keeps what it found under it.
 * Errors are in `parseDiagnostics`.
 */
export function parseModule(directory: string, name: string, text: string): BoundFile {
  count += 1;
  const fileName = join(directory, `${name}~${count}.ts`);
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    impliedNodeFormat: ts.ModuleKind.ESNext,
    setExternalModuleIndicator: (file: ts.SourceFile) => {
      (file as BoundFile).externalModuleIndicator = true;
    },
  };
  const file = ts.createSourceFile(fileName, text, options as ts.CreateSourceFileOptions, false, ts.ScriptKind.TS) as BoundFile;
  file.path = internals.toPath(fileName, undefined, (path) => path);
  file.resolvedPath = file.path;
  file.originalFileName = fileName;
  file.imports = [];
  return file;
}

/** Parses and binds declarations. */
export function bindDeclarations(directory: string, text: string, options: ts.CompilerOptions): BoundFile {
  const file = parseModule(directory, "declarations", text);
  internals.bindSourceFile(file, options);
  file.locals ??= new Map();
  return file;
}

/** What a bound file declares at its top, by name. */
export function ownSymbols({ locals }: BoundFile): Map<string, LocalSymbol> {
  const own = new Map<string, LocalSymbol>();
  for (const [key, symbol] of locals ?? []) own.set(ts.unescapeLeadingUnderscores(key), symbol.exportSymbol ?? symbol);
  return own;
}
