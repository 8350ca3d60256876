import { readFileSync, statSync } from "node:fs";
import { createRequire, registerHooks, stripTypeScriptTypes } from "node:module";
import { join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const fromCell = "soclab-cell:";
const guesses = [".ts", ".js", ".mjs", ".json", "/index.ts", "/index.js"];

export interface ModulesOptions {
  /** The notebook's folder: what cells import is looked for from here. */
  readonly directory: string;
  /** Where the kernel lives: what is not found from the notebook is looked for from here. */
  readonly home: string;
  /** The URL of the kernel's public face, which `soclab-kernel` means in every cell. */
  readonly face: string;
  readonly conditions: readonly string[];
}

export type ModuleNamespace = { readonly [name: string]: unknown };

/** Imports for cells, which are no modules: found as from a file in the notebook's folder; a local file that changed is loaded anew. */
export class Modules {
  readonly require: NodeJS.Require;
  readonly notebookUrl: string;
  readonly #options: ModulesOptions;
  /** File URL → its time of change when it was first loaded. */
  readonly #loaded = new Map<string, number>();

  constructor(options: ModulesOptions) {
    this.#options = options;
    const notebook = join(options.directory, "notebook.ts");
    this.notebookUrl = pathToFileURL(notebook).href;
    this.require = createRequire(notebook);
    this.#hook();
  }

  import(specifier: string, options?: ImportCallOptions): Promise<ModuleNamespace> {
    const name = fromCell + encodeURIComponent(specifier);
    // A cell may leave out the attribute that Node asks for.
    const attributes = options ?? (specifier.endsWith(".json") ? { with: { type: "json" } } : undefined);
    return attributes === undefined ? import(name) : import(name, attributes);
  }

  /**
   * What `import { a, b } from "m"` binds.
   * @param isExact - every one of `names` is known to be a value, and its absence an error
   */
  async load(specifier: string, names: readonly string[], isExact: boolean, options?: ImportCallOptions): Promise<ModuleNamespace> {
    const module = await this.import(specifier, options);
    const missing = names.filter((name) => !(name in module));
    if (missing.length === 0) return module;
    // A CommonJS module's names are not always seen from outside.
    const inner: unknown = module.default;
    const hasAll = (typeof inner === "object" || typeof inner === "function") && inner !== null && missing.every((name) => name in inner);
    if (hasAll)
      return Object.assign(Object.create(null), module, Object.fromEntries(missing.map((name) => [name, Reflect.get(inner, name)])));
    if (isExact) throw new SyntaxError(`The module "${specifier}" does not provide an export named "${missing[0]}"`);
    return module;
  }

  #hook(): void {
    const { home, face, conditions } = this.#options;
    const kernelUrl = pathToFileURL(join(home, "kernel.js")).href;
    registerHooks({
      resolve: (specifier, context, next) => {
        const isFromCell = specifier.startsWith(fromCell);
        const wanted = isFromCell ? decodeURIComponent(specifier.slice(fromCell.length)) : specifier;
        if (wanted === "soclab-kernel") return { url: face, shortCircuit: true };
        if (!isFromCell && conditions.length === 0 && !this.#isLocal(context.parentURL)) return next(specifier, context);
        const here = { ...context, conditions: [...(context.conditions ?? []), ...conditions] };
        if (isFromCell) here.parentURL = this.notebookUrl;
        const found = this.#find(
          wanted,
          isFromCell || this.#isLocal(context.parentURL),
          (name) => next(name, here),
          () => next(wanted, { ...here, parentURL: kernelUrl }),
        );
        return { ...found, url: this.#withVersion(found.url) };
      },
      load: (url, context, next) => {
        try {
          return next(url, context);
        } catch (error) {
          // Node erases types only; an enum or a namespace in a file of the user's own has to be compiled.
          if (!this.#isLocal(url) || !hasCode(error, "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")) throw error;
          const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"), {
            mode: "transform",
            sourceMap: true,
            sourceUrl: url,
          });
          return { format: "module", source, shortCircuit: true };
        }
      },
    });
  }

  #find<Found extends { url: string }>(
    specifier: string,
    isLenient: boolean,
    next: (specifier: string) => Found,
    fromKernel: () => Found,
  ): Found {
    try {
      return next(specifier);
    } catch (error) {
      if (!isLenient || !isNotFound(error)) throw error;
      if (/^\.{0,2}\//.test(specifier)) {
        for (const guess of guesses) {
          try {
            return next(specifier + guess);
          } catch {}
        }
      } else {
        try {
          return fromKernel();
        } catch {}
      }
      throw error;
    }
  }

  /** Modules of the notebook's own folder may be edited while the session runs. */
  #isLocal(url: string | undefined): boolean {
    if (!url?.startsWith("file:")) return false;
    const path = fileURLToPath(url);
    return path.startsWith(this.#options.directory + sep) && !path.includes(`${sep}node_modules${sep}`);
  }

  #withVersion(url: string): string {
    if (!this.#isLocal(url)) return url;
    const changed = statSync(fileURLToPath(url), { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined) return url;
    const first = this.#loaded.get(url);
    if (first === undefined) this.#loaded.set(url, changed);
    return first === undefined || first === changed ? url : `${url}?changed=${changed}`;
  }
}

function isNotFound(error: unknown): boolean {
  return ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].some((code) => hasCode(error, code));
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
