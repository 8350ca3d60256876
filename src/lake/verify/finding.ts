/** What can be wrong with a lake. */
export type FindingKind =
  /** A commit file is not there, though later ones are. */
  | "missing-commit"
  /** A commit file is not what was written, or does not follow the one before it. */
  | "changed-commit"
  /** A file that the lake names is not there. */
  | "missing-file"
  /** A file's bytes are not those that were written. */
  | "changed-file"
  /** A record's bytes are not those that its event id was made from. */
  | "changed-record"
  /** The summary of commits that makes opening quick is damaged; it can be deleted. */
  | "changed-checkpoint"
  /** The noted head is no head of this lake: its log is another one, or was written anew. */
  | "other-history";

/** One thing that is wrong, and which events it concerns. */
export interface Finding {
  readonly kind: FindingKind;
  /** Below the lake's directory. */
  readonly path: string;
  readonly message: string;
  readonly table?: string | undefined;
  /** Rows of the file. */
  readonly rows?: number | undefined;
  /** Event time of its first and last row, ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The commit that brought it. */
  readonly commit?: number | undefined;
  readonly eventId?: string | undefined;
}
