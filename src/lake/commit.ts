import { createHash } from "node:crypto";
import { SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";
import type { LakeFile, Removal, Sidecar } from "./lake-file.ts";

/** A file as a commit names it: its columns are `schemas[schema]`. */
export interface FileEntry extends Omit<LakeFile, "columns" | "commit" | "arrived"> {
  readonly schema: number;
  /** Where it is not the commit's own time. */
  readonly arrived?: string | undefined;
}

/** A sidecar that a file gets after it came into the lake. */
export interface AddedSidecar {
  /** The data file's path. */
  readonly file: string;
  readonly search: Sidecar;
}

/** What one commit changes, all at once. */
export interface Commit {
  readonly version: 1 | 2;
  readonly commit: number;
  /** When it was written, ISO 8601. */
  readonly at: string;
  /** The link to the commit before, see {@link linkOf}. */
  readonly previous: string;
  readonly schemas: readonly Columns[];
  readonly files: readonly FileEntry[];
  readonly removes: readonly Removal[];
  readonly sidecars: readonly AddedSidecar[];
  /** What somebody should know of it, such as columns that got another name. */
  readonly notes: readonly string[];
}

/** The link before the first commit. */
export const noLink = "";

const sealLength = 64 + ',"sha256":""}\n'.length;

/** A commit as the text of its file. Its last member is the SHA-256 of the text before it, so that a changed byte of the newest commit shows. */
export function encodeCommit(commit: Commit): string {
  const text = JSON.stringify(commit).slice(0, -1);
  return `${text},"sha256":"${sha256(text)}"}\n`;
}

/**
 * The bytes of a commit file as a commit.
 * @throws SOCLAB_INVALID_FILE naming the path
 */
export function decodeCommit(bytes: Buffer, path: string, number: number): Commit {
  let commit: Partial<Commit> | null;
  try {
    commit = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw invalid(path, "cannot be read", "A lake's commits are numbered without a gap; restore the file from a backup.", error);
  }
  const version = commit?.version;
  const hasParts = Array.isArray(commit?.files) && Array.isArray(commit.schemas);
  if ((version !== 1 && version !== 2) || commit?.commit !== number || !hasParts || typeof commit.at !== "string") {
    throw invalid(path, "is no commit of this version", "A newer soclab may have written it.");
  }
  const whole: Commit =
    version === 1 ? ({ ...commit, previous: noLink, removes: [], sidecars: [], notes: [] } as unknown as Commit) : (commit as Commit);
  if (version === 2) {
    const body = bytes.subarray(0, bytes.length - sealLength);
    if (bytes.subarray(bytes.length - sealLength).toString("latin1") !== `,"sha256":"${sha256(body)}"}\n`) {
      throw invalid(
        path,
        "was changed after it was written: its checksum does not hold",
        "soclab lake verify says more; restore the file.",
      );
    }
  }
  checkPaths(whole, path);
  return version === 1 ? { ...whole, files: whole.files.map((file) => ({ ...file, sha256: null })) } : whole;
}

/**
 * What the next commit names as `previous`: the SHA-256 of a commit file's bytes, so that `sha256sum` gives it too. Commits of format 1 name
 * no predecessor, so their links take in the link before.
 */
export function linkOf(version: 1 | 2, bytes: Buffer, previous: string): string {
  return version === 2 ? sha256(bytes) : createHash("sha256").update(previous).update(bytes).digest("hex");
}

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function checkPaths({ files, schemas, removes, sidecars }: Commit, path: string): void {
  if (![removes, sidecars].every(Array.isArray)) throw invalid(path, "is no commit of this version", "A newer soclab may have written it.");
  for (const file of files)
    if (!schemas[file.schema]) throw invalid(path, `gives ${JSON.stringify(file.path)} columns that it does not list`);
  const named: readonly unknown[] = [
    ...files.flatMap((file) => [file.path, ...(file.search ? [file.search.path] : [])]),
    ...removes.flatMap((removal) => [removal.path, ...(removal.search ? [removal.search.path] : [])]),
    ...sidecars.flatMap((added) => [added.file, added.search?.path]),
  ];
  const outside = named.find((name) => typeof name !== "string" || name.split("/").includes("..") || name.startsWith("/"));
  if (outside !== undefined || named.includes(undefined)) {
    throw invalid(path, `names a file that is not the lake's: ${JSON.stringify(outside)}`);
  }
}

function invalid(path: string, what: string, hint?: string, cause?: unknown): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `the commit ${path} ${what}`, { hint, cause });
}
