import { readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const slashes = (path) => path.split(sep).join("/");

/** The top folder of the checkout. */
export const root = slashes(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** All files below a folder, sorted, with forward slashes on every system. */
export function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => slashes(join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
