import type { AddedSidecar } from "./commit.ts";
import type { LakeFile, Removal, SourceSpan, StagedFile } from "./lake-file.ts";
import { absolutePath } from "./layout.ts";
import type { SealedFile } from "./staging.ts";

/** What the next commit is to bring, as far as it is made. */
export class PendingChange {
  /** Files of events and dead letters that were appended. */
  readonly staged: SealedFile[] = [];
  /** Files made of files of the lake. */
  readonly rewritten: SealedFile[] = [];
  readonly removes = new Map<string, Removal>();
  readonly sidecars: AddedSidecar[] = [];
  /** Events and dead letters left out because the lake had them. */
  duplicates = 0;
  readonly #notes = new Map<string, string>();

  /** What somebody should know of the commit, once, with the source that it was first seen in. */
  note(text: string, source: string): void {
    if (!this.#notes.has(text)) this.#notes.set(text, source);
  }

  get notes(): string[] {
    return [...this.#notes].map(([text, source]) => `${text}; first in ${source}`);
  }

  get files(): SealedFile[] {
    return [...this.staged, ...this.rewritten];
  }

  get isEmpty(): boolean {
    return this.staged.length + this.rewritten.length + this.removes.size + this.sidecars.length === 0;
  }

  /** Files of the lake that stay, and files on their way into it, which hold records of the source in the range; as absolute paths. */
  overlapping(committed: readonly LakeFile[], span: SourceSpan, lake: string, staging: string, table: string): string[] {
    const holds = (file: StagedFile) =>
      file.table === table && file.sources.some(({ id, from, to }) => id === span.id && from < span.to && to > span.from);
    const known = committed.filter((file) => holds(file) && !this.removes.has(file.path));
    return [
      ...known.map(({ path }) => absolutePath(lake, path)),
      ...this.files.filter(holds).map(({ path }) => absolutePath(staging, path)),
    ];
  }
}
