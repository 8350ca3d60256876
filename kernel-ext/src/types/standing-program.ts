import { join, sep } from "node:path";
import ts from "typescript";
import type { BoundFile, OverlaidProgram, ResolvedModule } from "./compiler.ts";
import { compilerOptions } from "./compiler-options.ts";
import { globalsText } from "./globals.ts";
import { ModuleResolver } from "./module-resolver.ts";
import { SourceFiles } from "./source-files.ts";

export interface StandingProgramOptions {
  /** The notebook's folder: imports are resolved from here. */
  readonly directory: string;
  /** The kernel's own folder: what the notebook has not is resolved from here. */
  readonly home: string;
  /** Conditions of package exports beside Node's own, such as a condition for sources. */
  readonly conditions: readonly string[];
}

/** One import of a cell. */
export interface CellImport {
  readonly specifier: string;
  readonly mode: ts.ResolutionMode;
}

/**
 * A program of everything but the cells, with the one checker that checks them. Cells lie over it: the checker is given their files without
 * their being part of the program, so that a new cell costs its own parsing, binding and checking and nothing else. The program is made
 * anew when a cell imports a file that it has not, when the declarations of providers or a file on disk change, and to let memory go.
 */
export class StandingProgram {
  readonly options: ts.CompilerOptions;
  readonly directory: string;
  readonly #files: SourceFiles;
  readonly #resolver: ModuleResolver;
  readonly #globals: string;
  readonly #provided: string;
  readonly #augmentations: string;
  readonly #roots = new Set<string>();
  readonly #cellModules = new WeakMap<ts.SourceFile, Map<string, ResolvedModule>>();
  readonly #found = new Map<string, ts.ResolvedModuleFull>();
  readonly #unresolved = new Map<string, CellImport & { readonly from: string }>();
  readonly #isLocal: (fileName: string) => boolean;
  #program: OverlaidProgram | undefined;
  #generation = 0;

  constructor({ directory, home, conditions }: StandingProgramOptions) {
    this.directory = directory;
    this.options = compilerOptions(conditions);
    this.#isLocal = (name) => !name.includes("/node_modules/") && !name.startsWith(home + sep) && !this.#files.isVirtual(name);
    this.#files = new SourceFiles(this.#isLocal);
    this.#resolver = new ModuleResolver({ directory, home, options: this.options });
    this.#globals = join(home, "__globals__.d.ts");
    this.#provided = join(directory, "__provided__.d.ts");
    this.#augmentations = join(directory, "__augmentations__.d.ts");
    this.#files.setVirtual(this.#globals, globalsText());
    this.#files.setVirtual(this.#provided, "");
    this.#files.setVirtual(this.#augmentations, "");
    const { nodeTypes } = this.#resolver;
    if (nodeTypes) {
      this.#files.setVirtual(nodeTypes.indexFile, nodeTypes.indexText);
      this.#roots.add(nodeTypes.indexFile);
    }
  }

  get program(): OverlaidProgram {
    this.#program ??= this.#create(undefined);
    return this.#program;
  }

  get checker(): ts.TypeChecker {
    return this.program.getTypeChecker();
  }

  /** Changes with every new checker. */
  get generation(): number {
    return this.#generation;
  }

  /** Global declarations of providers. Equal text costs nothing. */
  provide(declarations: string): void {
    if (this.#files.setVirtual(this.#provided, declarations)) this.renew();
  }

  /** `declare global` and `declare module "x"` of cells. */
  augment(text: string): void {
    if (this.#files.setVirtual(this.#augmentations, text === "" ? "" : `export {};\n${text}`)) this.renew();
  }

  /** A new checker over the same files. */
  renew(): void {
    if (this.#program) this.#program = this.#create(this.#program);
  }

  /** Looks at the disk: a local file that changed, or a file that was missed and is there now. */
  refresh(): void {
    if (!this.#program || !(this.#files.hasChanged() || this.#isFound())) return;
    this.#resolver.clear();
    this.#found.clear();
    this.#program = this.#create(undefined);
  }

  /** Takes in the modules of Node that no import has named. */
  includeAllOfNode(): void {
    const files = (this.#resolver.nodeTypes?.files ?? []).filter((file) => !this.#roots.has(file));
    for (const file of files) this.#roots.add(file);
    if (files.length > 0) this.renew();
  }

  /** Gives the imports of a cell to the checker; a file that the program has not is taken into it. */
  link(file: BoundFile, imports: readonly CellImport[]): void {
    const modules = new Map<string, ResolvedModule>();
    let isGrown = false;
    for (const { specifier, mode } of imports) {
      const resolvedModule = this.#resolve(specifier, mode);
      modules.set(moduleKey(specifier, mode), { resolvedModule });
      if (!resolvedModule || this.program.getSourceFile(resolvedModule.resolvedFileName) || !isTyped(resolvedModule)) continue;
      this.#roots.add(resolvedModule.resolvedFileName);
      isGrown = true;
    }
    this.#cellModules.set(file, modules);
    if (isGrown) this.renew();
  }

  /** The modules that cells have imported, as they named them. */
  *importedModules(): IterableIterator<[string, ts.SourceFile]> {
    for (const [key, { resolvedFileName }] of this.#found) {
      const file = this.program.getSourceFile(resolvedFileName);
      if (file) yield [key.slice(key.indexOf(" ") + 1), file];
    }
  }

  #resolve(specifier: string, mode: ts.ResolutionMode): ts.ResolvedModuleFull | undefined {
    const key = moduleKey(specifier, mode);
    const known = this.#found.get(key);
    if (known && ts.sys.fileExists(known.resolvedFileName)) return known;
    this.#resolver.clear();
    const found = this.#resolver.resolve(specifier, join(this.directory, "cell.ts"), mode);
    if (found) this.#found.set(key, found);
    else this.#found.delete(key);
    return found;
  }

  #isFound(): boolean {
    if (this.#unresolved.size === 0) return false;
    this.#resolver.clear();
    for (const { specifier, from, mode } of this.#unresolved.values()) if (this.#resolver.resolve(specifier, from, mode)) return true;
    return false;
  }

  #create(old: OverlaidProgram | undefined): OverlaidProgram {
    this.#generation += 1;
    if (!old) this.#unresolved.clear();
    const rootNames = [this.#globals, this.#provided, this.#augmentations, ...this.#roots];
    const program = ts.createProgram({
      rootNames,
      options: this.options,
      host: this.#host(),
      ...(old && { oldProgram: old }),
    }) as OverlaidProgram;
    const { getResolvedModule, getResolvedModuleFromModuleSpecifier } = program;
    program.getResolvedModule = (file, name, mode) => {
      const modules = this.#cellModules.get(file);
      return modules ? modules.get(moduleKey(name, mode)) : getResolvedModule(file, name, mode);
    };
    program.getResolvedModuleFromModuleSpecifier = (specifier, file = specifier.getSourceFile()) => {
      const modules = this.#cellModules.get(file);
      if (!modules) return getResolvedModuleFromModuleSpecifier(specifier, file);
      return modules.get(moduleKey(specifier.text, program.getModeForUsageLocation(file, specifier)));
    };
    const held = new Set(program.getSourceFiles());
    this.#files.retain((file) => held.has(file));
    return program;
  }

  #host(): ts.CompilerHost {
    const { directory } = this;
    return {
      getSourceFile: (fileName, options) => {
        const given = typeof options === "object" ? options : { languageVersion: options };
        return this.#files.get(fileName, this.#isModule(fileName) ? { ...given, impliedNodeFormat: ts.ModuleKind.ESNext } : given);
      },
      resolveModuleNameLiterals: (literals, from, _redirect, options, file) =>
        literals.map((literal) => {
          const mode = ts.getModeForUsageLocation(file, literal, options);
          const resolvedModule = this.#resolver.resolve(literal.text, from, mode);
          if (!resolvedModule && this.#isLocal(from) && !literal.text.startsWith("node:")) {
            this.#unresolved.set(`${from}\0${literal.text}`, { specifier: literal.text, from, mode });
          }
          return { resolvedModule };
        }),
      getDefaultLibFileName: (options) => join(this.#libFolder(), ts.getDefaultLibFileName(options)),
      getDefaultLibLocation: () => this.#libFolder(),
      getCurrentDirectory: () => directory,
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      fileExists: (name) => this.#files.isVirtual(name) || ts.sys.fileExists(name),
      readFile: (name) => ts.sys.readFile(name),
      directoryExists: (name) => ts.sys.directoryExists(name),
      getDirectories: (name) => ts.sys.getDirectories(name),
      realpath: (name) => ts.sys.realpath?.(name) ?? name,
      writeFile: () => {},
    };
  }

  /** Node runs a local `.ts` without a package.json as the module that its text makes it; TypeScript would take it for CommonJS. */
  #isModule(fileName: string): boolean {
    return fileName.endsWith(".ts") && !fileName.endsWith(".d.ts") && this.#isLocal(fileName);
  }

  #libFolder(): string {
    return ts.sys.getExecutingFilePath().replace(/[\\/][^\\/]*$/, "");
  }
}

/** JavaScript of a package is not read: a package without types is anything. */
function isTyped({ extension, isExternalLibraryImport }: ts.ResolvedModuleFull): boolean {
  return isExternalLibraryImport !== true || !/^\.[cm]?jsx?$/.test(extension);
}

function moduleKey(specifier: string, mode: ts.ResolutionMode): string {
  return `${mode ?? ""} ${specifier}`;
}
