import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The URL of a package's module of type providers, by the field `jupyter.typeProviders` of its package.json; undefined where it has none. */
export function findProviderModule(name: string, folders: readonly string[], conditions: readonly string[]): string | undefined {
  for (const folder of folders) {
    const found = findPackage(name, folder);
    if (!found) continue;
    const path = target(found.manifest.jupyter?.typeProviders, conditions);
    return path === undefined ? undefined : pathToFileURL(join(found.folder, path)).href;
  }
  return undefined;
}

interface Manifest {
  readonly name?: string;
  readonly exports?: unknown;
  readonly jupyter?: { readonly typeProviders?: unknown };
}

/** As Node finds it: in a `node_modules` above, or the package that the folder itself is in. */
function findPackage(name: string, from: string): { folder: string; manifest: Manifest } | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const own = manifestIn(folder);
    if (own?.name === name && own.exports !== undefined) return { folder, manifest: own };
    const installed = join(folder, "node_modules", name);
    const manifest = manifestIn(installed);
    if (manifest) return { folder: installed, manifest };
    if (folder === dirname(folder)) return undefined;
  }
}

function manifestIn(folder: string): Manifest | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : undefined;
}

/** A path, or an object of paths by condition, the first that holds; as in `exports`. */
function target(field: unknown, conditions: readonly string[]): string | undefined {
  if (typeof field === "string") return field;
  if (typeof field !== "object" || field === null) return undefined;
  for (const [condition, value] of Object.entries(field)) {
    if (condition === "default" || condition === "node" || condition === "import" || conditions.includes(condition)) {
      return target(value, conditions);
    }
  }
  return undefined;
}
