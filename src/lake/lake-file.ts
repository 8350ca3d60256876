import type { Columns } from "../event/index.ts";

/** Records of one source that a file holds: byte offsets `from` up to, not including, `to`. */
export interface SourceSpan {
  /** The source's identity; for dead letters its name. */
  readonly id: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A file that belongs to a data file, as its search index does: it comes, moves and goes with it. */
export interface Sidecar {
  /** Below the lake's directory: the data file's path with another ending. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A data file that is written and not yet in the lake. */
export interface StagedFile {
  readonly table: string;
  /** Below the lake's directory, with forward slashes. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Event time of the first and last row, epoch microseconds. */
  readonly minTimestamp: number | null;
  readonly maxTimestamp: number | null;
  readonly sources: readonly SourceSpan[];
  /** The columns in it, as the table calls them. */
  readonly columns: Columns;
  /** When the last of its rows came into the lake, ISO 8601; undefined: with the commit that adds it. */
  readonly arrived?: string | undefined;
}

/** A data file of the lake. */
export interface LakeFile extends StagedFile {
  /** Of the file's bytes; null where a soclab wrote it that did not hash. */
  readonly sha256: string | null;
  readonly search?: Sidecar | undefined;
  readonly arrived: string;
  /** Column of the table → column of the file, where the file calls it differently: an older soclab, which declared less, wrote it. */
  readonly stored?: Readonly<Record<string, string>> | undefined;
  /** The commit that added it. */
  readonly commit: number;
}

/** Why a file left the lake. */
export type RemovalReason = "compaction" | "retention" | "rewrite";

/** A file that a commit takes out of the lake, with what proves which bytes it had. */
export interface Removal {
  readonly path: string;
  readonly reason: RemovalReason;
  readonly sha256: string | null;
  readonly rows: number;
  readonly search?: Sidecar | undefined;
}
