import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { murmur2 } from "./murmur2.ts";

const keptDumps = 2_000;

/** Texts of cells by the path that JupyterLab knows them by: prefix + hash + suffix. Nothing is written to disk. */
export class CellSources {
  readonly hashMethod = "Murmur2";
  readonly hashSeed = 0xc70f6907;
  /** JupyterLab writes "Cell [7]" in place of a path, where the path holds the name of ipykernel's folder. */
  readonly prefix = join(tmpdir(), `soclab_ipykernel_${process.pid}`) + sep;
  readonly suffix = ".ts";
  readonly #texts = new Map<string, string>();

  pathOf(source: string): string {
    return `${this.prefix}${murmur2(source, this.hashSeed)}${this.suffix}`;
  }

  /** @returns the path that the cell is known by from now on */
  add(source: string): string {
    const path = this.pathOf(source);
    this.#texts.delete(path);
    this.#texts.set(path, source);
    if (this.#texts.size > keptDumps) this.#texts.delete(this.#texts.keys().next().value ?? "");
    return path;
  }

  text(path: string): string | undefined {
    return this.#texts.get(path);
  }

  isCellPath(path: string): boolean {
    return path.startsWith(this.prefix);
  }
}
