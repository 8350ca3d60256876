import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A text that changes when a file, or a file below a folder, is written, comes or goes; what is not there has a stamp too. */
export async function stampOf(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all([...paths].map(stampOfOne));
  return stamps.join("\n");
}

async function stampOfOne(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  if (info === undefined) return `${path} is not there`;
  if (!info.isDirectory()) return `${path} ${info.ino} ${info.size} ${info.mtimeNs}`;
  const entries = await readdir(path).catch(() => []);
  return stampOf(entries.sort().map((name) => join(path, name)));
}
