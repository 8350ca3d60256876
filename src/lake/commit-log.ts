import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SoclabError } from "../core/index.ts";
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { type AddedSidecar, type Commit, decodeCommit, encodeCommit, linkOf, noLink } from "./commit.ts";
import { createExclusive } from "./durable.ts";
import type { LakeFile, Removal } from "./lake-file.ts";
import { LakeState } from "./lake-state.ts";
import { checkpointNumber, commitName, commitNumber, commitsPath } from "./layout.ts";

/** What {@link CommitLog.append} writes. */
export interface Change {
  readonly files: readonly Omit<LakeFile, "commit">[];
  readonly removes: readonly Removal[];
  readonly sidecars: readonly AddedSidecar[];
  readonly notes: readonly string[];
}

const leastCommitsPerCheckpoint = 256;
/** A lake of many files has a large checkpoint, which is written less often: a file costs this many commits. */
const filesPerCommit = 16;

/**
 * The log of what is in a lake: a file a commit, numbered from 1, written once and never changed; each names the SHA-256 of the one before.
 * A data file that no commit names is not in the lake.
 */
export class CommitLog {
  readonly #directory: string;
  #state = new LakeState();
  #last = 0;
  #head = noLink;
  #checkpoint = 0;
  #isOpen = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The number of the last commit read; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** SHA-256 of the last commit's file, which stands for everything before it too; empty before the first. */
  get head(): string {
    return this.#head;
  }

  get state(): LakeState {
    return this.#state;
  }

  /** All files in the lake. */
  *files(): Iterable<LakeFile> {
    for (const { files } of this.#state.tables.values()) yield* files.values();
  }

  /**
   * Takes in commits that came since. @returns whether there were any
   * @throws SOCLAB_INVALID_FILE for a gap, for a commit that was changed, and where the chain is broken
   */
  refresh(): boolean {
    const before = this.#last;
    if (!this.#isOpen) this.#open();
    while (this.#read(this.#last + 1));
    return this.#last > before;
  }

  /** @throws SOCLAB_LOCKED where somebody else wrote this commit in the meantime */
  async append({ files, removes, sidecars, notes }: Change, at: string): Promise<void> {
    const schemas = [...new Set(files.map(({ columns }) => JSON.stringify(columns)))];
    const entries = files.map(({ columns, arrived, ...file }) => ({
      ...file,
      ...(arrived === at ? {} : { arrived }),
      schema: schemas.indexOf(JSON.stringify(columns)),
    }));
    const commit: Commit = {
      version: 2,
      commit: this.#last + 1,
      at,
      previous: this.#head,
      schemas: schemas.map((text) => JSON.parse(text)),
      files: entries,
      removes,
      sidecars,
      notes,
    };
    try {
      await createExclusive(join(commitsPath(this.#directory), commitName(commit.commit)), encodeCommit(commit));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new SoclabError("SOCLAB_LOCKED", `commit ${commit.commit} of ${this.#directory} was written by another process`, {
        cause: error,
      });
    }
    this.refresh();
    await this.#keepCheckpoint();
  }

  #open(): void {
    const names = this.#names();
    const latest = Math.max(0, ...names.flatMap((name) => commitNumber(name) ?? []));
    const checkpoints = names.flatMap((name) => checkpointNumber(name) ?? []).filter((number) => number <= latest);
    for (const number of checkpoints.sort((a, b) => b - a)) {
      const path = join(commitsPath(this.#directory), commitName(number));
      const bytes = readIfThere(path);
      if (!bytes) continue;
      const { version } = decodeCommit(bytes, path, number);
      if (version !== 2) continue;
      const head = linkOf(version, bytes, noLink);
      const state = readCheckpoint(this.#directory, number, head);
      if (!state) continue;
      [this.#state, this.#last, this.#head, this.#checkpoint] = [state, number, head, number];
      break;
    }
    for (let number = this.#last + 1; number <= latest; number++) {
      if (this.#read(number)) continue;
      throw new SoclabError("SOCLAB_INVALID_FILE", `commit ${number} of ${this.#directory} is missing, and there are later ones`, {
        hint: "A lake's commits are numbered without a gap; restore the file from a backup.",
      });
    }
    this.#isOpen = true;
  }

  #read(number: number): boolean {
    const path = join(commitsPath(this.#directory), commitName(number));
    const bytes = readIfThere(path);
    if (!bytes) return false;
    const commit = decodeCommit(bytes, path, number);
    if (commit.version === 2 && commit.previous !== this.#head) {
      throw new SoclabError(
        "SOCLAB_INVALID_FILE",
        `${path} does not follow commit ${number - 1} as it is now: one of the two was changed`,
        {
          hint: "soclab lake verify says more; restore the file from a backup.",
        },
      );
    }
    this.#state.apply(commit);
    this.#head = linkOf(commit.version, bytes, this.#head);
    this.#last = number;
    return true;
  }

  async #keepCheckpoint(): Promise<void> {
    let files = 0;
    for (const table of this.#state.tables.values()) files += table.files.size;
    if (this.#last - this.#checkpoint < Math.max(leastCommitsPerCheckpoint, files / filesPerCommit)) return;
    const before = this.#checkpoint;
    this.#checkpoint = this.#last;
    await writeCheckpoint(this.#directory, this.#last, this.#head, this.#state);
    if (before > 0) await removeCheckpoint(this.#directory, before);
  }

  #names(): string[] {
    try {
      return readdirSync(commitsPath(this.#directory));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
