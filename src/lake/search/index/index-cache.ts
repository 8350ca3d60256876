import { join } from "node:path";
import type { LakeFile } from "../../lake-file.ts";
import { IndexFile } from "./index-file.ts";
import { mayHold, type Probe } from "./probe.ts";

const mostOpen = 512;
/** Where so much of a file may hold hits, reading all of it is quicker than reading pieces. */
const wholeFileShare = 0.5;

/** Search indexes of a lake's files, kept open from search to search. */
export class IndexCache {
  readonly #directory: string;
  readonly #open = new Map<string, IndexFile>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The times at which a file may have hits: none where it certainly has not, undefined where nobody knows. */
  ranges({ search }: LakeFile, probe: Probe): (readonly [number, number])[] | undefined {
    if (!search || probe === true) return undefined;
    const index = this.#index(search.path, search.bytes);
    if (!index) return undefined;
    const ranges: (readonly [number, number])[] = [];
    for (const block of index.blocks) {
      if (!mayHold(probe, (key) => index.mayHold(block, key))) continue;
      if (block.from === null || block.to === null) return undefined;
      ranges.push([block.from, block.to]);
    }
    return ranges.length > wholeFileShare * index.blocks.length ? undefined : ranges;
  }

  close(): void {
    for (const index of this.#open.values()) index.close();
    this.#open.clear();
  }

  #index(path: string, bytes: number): IndexFile | undefined {
    const known = this.#open.get(path);
    if (known) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    const index = IndexFile.open(join(this.#directory, ...path.split("/")), bytes);
    if (!index) return undefined;
    this.#open.set(path, index);
    if (this.#open.size > mostOpen) {
      const [oldest, file] = this.#open.entries().next().value!;
      this.#open.delete(oldest);
      file.close();
    }
    return index;
  }
}
