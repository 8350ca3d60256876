import type { WorkOptions } from "../../../core/index.ts";
import { DuckDb } from "../../../table/index.ts";
import type { StagedFile } from "../../lake-file.ts";
import { deadLetterTable } from "../../layout.ts";
import type { LakeWriter } from "../../writer.ts";
import { buildIndex } from "./build-index.ts";

/** A smaller file is read whole sooner than its index. */
const leastRows = 20_000;
const filesPerCommit = 16;

/**
 * Makes search indexes: of files as a writer brings them into the lake (`openLakeWriter(directory, { buildSearch: indexer.build })`), and with {@link SearchIndexer.complete}
 * of those that have none. An index is a file beside its data file; a search is as right without it, and slower.
 */
export class SearchIndexer {
  readonly #engine: DuckDb;
  /** While true, new files come into the lake without an index: {@link SearchIndexer.complete} makes them later. */
  isPaused = false;

  constructor(options: { readonly threads?: number | undefined } = {}) {
    this.#engine = new DuckDb({ threads: options.threads ?? 1 });
  }

  readonly build = async (file: StagedFile, dataPath: string, indexPath: string): Promise<boolean> => {
    if (this.isPaused || file.rows < leastRows || file.table === deadLetterTable) return false;
    await buildIndex(this.#engine, file.columns, dataPath, indexPath);
    return true;
  };

  /** Gives an index to every file of the lake that has none. @returns how many got one */
  async complete(writer: LakeWriter, { signal, onProgress }: WorkOptions = {}): Promise<number> {
    this.isPaused = false;
    const files = writer
      .files()
      .filter(({ search, stored, rows, table }) => !search && !stored && rows >= leastRows && table !== deadLetterTable);
    let done = 0;
    for (const file of files) {
      if (signal?.aborted) break;
      await writer.addSearch(file);
      done++;
      onProgress?.({ step: "index", done, total: files.length, unit: "files" });
      if (done % filesPerCommit === 0) await writer.commit();
    }
    if (done > 0) await writer.commit();
    return done;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
