import { dirname, join } from "node:path";
import ts from "typescript";

/**
 * Modules of Node that few notebooks import, and the file of `@types/node` that declares each. They are a quarter of the syntax trees of a
 * fresh session (13 MB), so they are read when something imports them.
 */
const seldom: Readonly<Record<string, string>> = {
  "assert/strict": "assert/strict.d.ts",
  cluster: "cluster.d.ts",
  constants: "constants.d.ts",
  domain: "domain.d.ts",
  http2: "http2.d.ts",
  https: "https.d.ts",
  inspector: "inspector.generated.d.ts",
  "inspector/promises": "inspector.generated.d.ts",
  punycode: "punycode.d.ts",
  repl: "repl.d.ts",
  sea: "sea.d.ts",
  sqlite: "sqlite.d.ts",
  test: "test.d.ts",
  "test/reporters": "test.d.ts",
  trace_events: "trace_events.d.ts",
  wasi: "wasi.d.ts",
};

/** `@types/node`, of which the seldom modules are left out until they are imported. */
export class NodeTypes {
  readonly indexFile: string;
  /** The text of the index without the seldom modules. */
  readonly indexText: string;
  readonly #files: ReadonlyMap<string, string>;

  constructor(indexFile: string) {
    this.indexFile = indexFile;
    const folder = dirname(indexFile);
    const left = new Set(Object.values(seldom).filter((name) => ts.sys.fileExists(join(folder, name))));
    const text = ts.sys.readFile(indexFile) ?? "";
    this.indexText = text.replace(/^\/\/\/ <reference path="([^"]+)" \/>/gm, (line, path: string) => (left.has(path) ? "" : line));
    this.#files = new Map(Object.entries(seldom).flatMap(([name, file]) => (left.has(file) ? [[name, join(folder, file)]] : [])));
  }

  /** The file of a seldom module, such as `node:http2`; undefined for any other name. */
  fileOf(specifier: string): string | undefined {
    return this.#files.get(specifier.replace(/^node:/, ""));
  }

  get files(): readonly string[] {
    return [...new Set(this.#files.values())];
  }

  /** `process.getBuiltinModule` names every module there is; it alone does not make them wanted. */
  isCatalogue(from: string): boolean {
    return from === join(dirname(this.indexFile), "process.d.ts");
  }
}
