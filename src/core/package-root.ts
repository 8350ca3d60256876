import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of soclab's own package.json: two levels up in a checkout, three where this file was compiled into `dist/src/core`. */
export function packageRoot(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../" : "../../../", import.meta.url));
}

/** The folder of the shipped sample, in a checkout and in an installed package alike. */
export function datasetsDir(): string {
  return join(packageRoot(), "datasets");
}
