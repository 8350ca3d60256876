import { statSync } from "node:fs";
import ts from "typescript";
import type { BoundFile } from "./compiler.ts";

interface Entry {
  readonly file: ts.SourceFile;
  readonly stamp: string;
}

/** The source files of the disk, parsed once for as long as they do not change. */
export class SourceFiles {
  readonly #entries = new Map<string, Entry>();
  /** Those that may change: what they were when they were read. */
  readonly #local = new Map<string, string>();
  readonly #virtual = new Map<string, Entry>();
  readonly #isLocal: (fileName: string) => boolean;

  /** @param isLocal - files that may change while the session runs */
  constructor(isLocal: (fileName: string) => boolean) {
    this.#isLocal = isLocal;
  }

  /** A file that is on no disk. Equal text keeps the file that there is. @returns whether it changed */
  setVirtual(fileName: string, text: string): boolean {
    if (this.#virtual.get(fileName)?.stamp === text) return false;
    this.#virtual.set(fileName, { file: parse(fileName, text, { languageVersion: ts.ScriptTarget.ESNext }), stamp: text });
    return true;
  }

  isVirtual(fileName: string): boolean {
    return this.#virtual.has(fileName);
  }

  get(fileName: string, options: ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    const virtual = this.#virtual.get(fileName);
    if (virtual) return virtual.file;
    const stamp = stampOf(fileName);
    const known = this.#entries.get(fileName);
    if (known && known.stamp === stamp) return known.file;
    const text = stamp === "" ? undefined : ts.sys.readFile(fileName);
    if (text === undefined) {
      this.#entries.delete(fileName);
      this.#local.delete(fileName);
      return undefined;
    }
    // Documentation of libraries is read when it is asked for: its syntax trees are a third of the compiler's memory (24 MB).
    const isLocal = this.#isLocal(fileName);
    const jsDocParsingMode = isLocal ? ts.JSDocParsingMode.ParseAll : ts.JSDocParsingMode.ParseNone;
    const file = parse(fileName, text, { ...options, jsDocParsingMode });
    this.#entries.set(fileName, { file, stamp });
    if (isLocal) this.#local.set(fileName, stamp);
    return file;
  }

  /** Whether a file that may change did, since it was read. */
  hasChanged(): boolean {
    for (const [fileName, stamp] of this.#local) if (stampOf(fileName) !== stamp) return true;
    return false;
  }

  /** Forgets what a program no longer holds. */
  retain(isHeld: (file: ts.SourceFile) => boolean): void {
    for (const [fileName, { file }] of this.#entries) {
      if (isHeld(file)) continue;
      this.#entries.delete(fileName);
      this.#local.delete(fileName);
    }
  }
}

function parse(fileName: string, text: string, options: ts.CreateSourceFileOptions): ts.SourceFile {
  const file = ts.createSourceFile(fileName, text, options, false) as BoundFile & { version?: string };
  file.version = ""; // A program reuses by identity here, but asserts that there is a version.
  return file;
}

function stampOf(fileName: string): string {
  const stat = statSync(fileName, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size}` : "";
}
