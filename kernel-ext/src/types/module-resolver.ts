import { isBuiltin } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { lenientOptions } from "./compiler-options.ts";
import { NodeTypes } from "./node-types.ts";

export interface ModuleResolverOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** The kernel's own folder: what the notebook has not is looked for from here. */
  readonly home: string;
  readonly options: ts.CompilerOptions;
}

/** This package as it runs: its sources, or the declarations beside what they were compiled to. */
const ownFace: ts.ResolvedModuleFull = import.meta.filename.endsWith(".ts")
  ? { resolvedFileName: join(import.meta.dirname, "..", "index.ts"), extension: ts.Extension.Ts, isExternalLibraryImport: true }
  : { resolvedFileName: join(import.meta.dirname, "..", "index.d.ts"), extension: ts.Extension.Dts, isExternalLibraryImport: true };

/** How a file of `@types/node` is found by the name of a module in it. */
function declaredIn(resolvedFileName: string): ts.ResolvedModuleFull {
  return { resolvedFileName, extension: ts.Extension.Dts, isExternalLibraryImport: true };
}

/** Finds what an import names: as Node does, then without an extension, then from the kernel's own home. */
export class ModuleResolver {
  readonly #options: ts.CompilerOptions;
  readonly #lenient: ts.CompilerOptions;
  readonly #home: string;
  readonly #host: ts.ModuleResolutionHost;
  /** Node's own modules. */
  readonly nodeTypes: NodeTypes | undefined;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #lenientCache: ts.ModuleResolutionCache;

  constructor({ directory, home, options }: ModuleResolverOptions) {
    this.#options = options;
    this.#lenient = lenientOptions(options);
    this.#home = join(home, "__home__.ts");
    this.#host = ts.sys;
    this.#cache = ts.createModuleResolutionCache(directory, (name) => name, options);
    this.#lenientCache = ts.createModuleResolutionCache(directory, (name) => name, this.#lenient);
    const index = this.#declarationFile("node", directory);
    this.nodeTypes = index === undefined ? undefined : new NodeTypes(index);
  }

  /** What the disk says now; nothing that was found before is believed. */
  clear(): void {
    this.#cache.clear();
    this.#lenientCache.clear();
  }

  resolve(name: string, from: string, mode: ts.ResolutionMode): ts.ResolvedModuleFull | undefined {
    if (name === "soclab-kernel") return ownFace;
    if (name.startsWith("soclab-kernel/")) return this.#node(name, this.#home, mode);
    const builtin = this.nodeTypes?.fileOf(name);
    if (builtin !== undefined) return this.nodeTypes?.isCatalogue(from) ? undefined : declaredIn(builtin);
    if (isBuiltin(name)) return undefined;
    const found = this.#node(name, from, mode);
    if (found && !isUntyped(found)) return found;
    if (name.startsWith(".") || name.startsWith("/")) return found ?? this.#bundler(name, from, mode);
    return this.#node(name, this.#home, mode) ?? found;
  }

  /** A type package such as `@types/node`, from the notebook's folder or else from the kernel's. */
  #declarationFile(name: string, directory: string): string | undefined {
    for (const folder of [directory, this.#home]) {
      const { resolvedTypeReferenceDirective } = ts.resolveTypeReferenceDirective(
        name,
        join(folder, "__types__.ts"),
        { ...this.#options, typeRoots: [] },
        this.#host,
      );
      if (resolvedTypeReferenceDirective?.resolvedFileName !== undefined) return resolvedTypeReferenceDirective.resolvedFileName;
    }
    return undefined;
  }

  get packageJsonInfoCache(): ts.PackageJsonInfoCache {
    return this.#cache.getPackageJsonInfoCache();
  }

  #node(name: string, from: string, mode: ts.ResolutionMode): ts.ResolvedModuleFull | undefined {
    return ts.resolveModuleName(name, from, this.#options, this.#host, this.#cache, undefined, mode).resolvedModule;
  }

  #bundler(name: string, from: string, mode: ts.ResolutionMode): ts.ResolvedModuleFull | undefined {
    return ts.resolveModuleName(name, from, this.#lenient, this.#host, this.#lenientCache, undefined, mode).resolvedModule;
  }
}

function isUntyped({ extension }: ts.ResolvedModuleFull): boolean {
  return extension === ts.Extension.Js || extension === ts.Extension.Mjs || extension === ts.Extension.Cjs;
}
