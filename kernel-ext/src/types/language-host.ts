import ts from "typescript";
import type { StandingProgram } from "./standing-program.ts";

/** The disk, as completion of import paths asks for it. */
export function languageHost({ directory, options }: StandingProgram): ts.LanguageServiceHost {
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [],
    getScriptVersion: () => "",
    getScriptSnapshot: () => undefined,
    getCurrentDirectory: () => directory,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    readDirectory: (name, extensions, exclude, include, depth) => ts.sys.readDirectory(name, extensions, exclude, include, depth),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
    realpath: (name) => ts.sys.realpath?.(name) ?? name,
    useCaseSensitiveFileNames: () => true,
  };
}
