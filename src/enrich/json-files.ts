import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SoclabError } from "../core/index.ts";

/**
 * The JSON files that a path means: itself, or those in the folder, in order of name.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE for a folder without any
 */
export async function jsonFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file or folder ${path}`);
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.json(\.gz)?$/.test(name)).sort();
  if (names.length === 0) throw new SoclabError("SOCLAB_INVALID_FILE", `${path} holds no JSON files, expected *.json or *.json.gz`);
  return names.map((name) => join(path, name));
}
