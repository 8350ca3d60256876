import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";
import { createExclusive } from "./durable.ts";
import { commitName, commitNumber, commitsPath } from "./layout.ts";

/** Records of one source that a file holds: byte offsets `from` up to, not including, `to`. */
export interface SourceSpan {
  /** The source's identity; for dead letters its name. */
  readonly id: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface LakeFile {
  readonly table: string;
  /** Below the lake's directory, with forward slashes. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Event time of the first and last row, epoch microseconds. */
  readonly minTimestamp: number | null;
  readonly maxTimestamp: number | null;
  readonly sources: readonly SourceSpan[];
  /** The columns in it. */
  readonly columns: Columns;
}

/** A file as a commit names it: its columns are `schemas[schema]`. */
export interface FileEntry extends Omit<LakeFile, "columns"> {
  readonly schema: number;
}

/** What one commit adds, all at once. */
export interface Commit {
  readonly version: 1;
  readonly commit: number;
  /** When it was written, ISO 8601. */
  readonly at: string;
  readonly schemas: readonly Columns[];
  readonly files: readonly FileEntry[];
}

/**
 * The log of what is in a lake: a file a commit, numbered from 1, written once and never changed. A data file that no commit names is not in
 * the lake.
 */
export class CommitLog {
  readonly #directory: string;
  readonly #files: LakeFile[] = [];
  #last = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The number of the last commit read; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  get files(): readonly LakeFile[] {
    return this.#files;
  }

  /** Takes in commits that came since. @returns whether there were any */
  refresh(): boolean {
    const before = this.#last;
    const numbers = this.#names().flatMap((name) => commitNumber(name) ?? []);
    const latest = Math.max(0, ...numbers);
    for (let number = this.#last + 1; number <= latest; number++) {
      const commit = readCommit(join(commitsPath(this.#directory), commitName(number)), number);
      for (const { schema, ...file } of commit.files) this.#files.push({ ...file, columns: commit.schemas[schema]! });
      this.#last = number;
    }
    return this.#last > before;
  }

  /** @throws SOCLAB_LOCKED where somebody else wrote this commit in the meantime */
  async append(files: readonly LakeFile[], at: string): Promise<void> {
    const schemas = [...new Set(files.map(({ columns }) => JSON.stringify(columns)))];
    const entries = files.map(({ columns, ...file }) => ({ ...file, schema: schemas.indexOf(JSON.stringify(columns)) }));
    const commit: Commit = { version: 1, commit: this.#last + 1, at, schemas: schemas.map((text) => JSON.parse(text)), files: entries };
    try {
      await createExclusive(join(commitsPath(this.#directory), commitName(commit.commit)), `${JSON.stringify(commit)}\n`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new SoclabError("SOCLAB_LOCKED", `commit ${commit.commit} of ${this.#directory} was written by another process`, {
        cause: error,
      });
    }
    this.refresh();
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

function readCommit(path: string, number: number): Commit {
  let commit: Partial<Commit> | null;
  try {
    commit = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `the commit ${path} cannot be read`, {
      hint: "A lake's commits are numbered without a gap; restore the file from a backup.",
      cause: error,
    });
  }
  if (commit?.version !== 1 || commit.commit !== number || !Array.isArray(commit.files) || !Array.isArray(commit.schemas)) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no commit of this version`, { hint: "A newer soclab may have written it." });
  }
  const { schemas } = commit;
  const outside = commit.files.find(
    (file) => typeof file.path !== "string" || file.path.split("/").includes("..") || file.path.startsWith("/") || !schemas[file.schema],
  );
  if (outside) throw new SoclabError("SOCLAB_INVALID_FILE", `${path} names a file that is not the lake's: ${JSON.stringify(outside.path)}`);
  return commit as Commit;
}
