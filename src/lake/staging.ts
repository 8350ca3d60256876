import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashFile } from "./file-hash.ts";
import type { LakeFile, Sidecar, StagedFile } from "./lake-file.ts";
import { absolutePath, searchPath, stagingDirectory } from "./layout.ts";

/**
 * Makes the search index of a data file.
 * @param dataPath - the data file, whole
 * @param sidecarPath - where the index goes
 * @returns whether there is one
 */
export type SearchBuilder = (file: StagedFile, dataPath: string, sidecarPath: string) => Promise<boolean>;

/** A staged file with what proves its bytes. */
export type SealedFile = StagedFile & Pick<LakeFile, "sha256" | "search">;

/** Files that are written below `_staging`, where nobody reads them, on their way into the lake. */
export class Staging {
  readonly directory: string;
  readonly #lake: string;
  readonly #buildSearch: SearchBuilder | undefined;

  constructor(lake: string, buildSearch: SearchBuilder | undefined) {
    this.#lake = lake;
    this.directory = join(lake, stagingDirectory);
    this.#buildSearch = buildSearch;
  }

  /** Where a file is written; its folder is there. */
  async place(path: string): Promise<string> {
    const absolute = absolutePath(this.directory, path);
    await mkdir(dirname(absolute), { recursive: true });
    return absolute;
  }

  /** Hashes a file that is written to its end, and gives it its sidecar. */
  async seal(file: StagedFile): Promise<SealedFile> {
    const dataPath = absolutePath(this.directory, file.path);
    const search = await this.#searchOf(file, dataPath);
    return { ...file, ...(await hashFile(dataPath)), ...(search ? { search } : {}) };
  }

  /** The sidecar of a file that is in the lake already. */
  async searchOf(file: LakeFile): Promise<Sidecar | undefined> {
    return this.#searchOf(file, absolutePath(this.#lake, file.path));
  }

  /** What has to be moved to bring files into the lake, each with its sidecar. */
  moves(files: readonly SealedFile[], sidecars: readonly Sidecar[]): { from: string; to: string }[] {
    const paths = files.flatMap(({ path, search }) => (search ? [search.path, path] : [path])).concat(sidecars.map(({ path }) => path));
    return paths.map((path) => ({ from: absolutePath(this.directory, path), to: absolutePath(this.#lake, path) }));
  }

  async #searchOf(file: StagedFile, dataPath: string): Promise<Sidecar | undefined> {
    const path = searchPath(file.path);
    const place = this.#buildSearch && (await this.place(path));
    if (place === undefined || !(await this.#buildSearch!(file, dataPath, place))) return undefined;
    return { path, ...(await hashFile(place)) };
  }
}
