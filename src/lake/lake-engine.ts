import { SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";
import { identifier } from "../sql/index.ts";
import type { ColumnarResult, DuckDb, Engine, QueryOptions } from "../table/index.ts";

const maxAttempts = 5;

/** What an engine asks of the lake that it is over. */
export interface EngineLake {
  readonly commit: number;
  snapshot(after: number): { readonly commit: number; readonly queries: ReadonlyMap<string, string> };
  missingFile(): string | undefined;
}

/** An engine in which every table of the lake is a view by its name. */
export class LakeEngine implements Engine {
  readonly #engine: DuckDb;
  readonly #lake: EngineLake;
  #commit = -1;
  #ready: Promise<void> = Promise.resolve();

  constructor(engine: DuckDb, lake: EngineLake) {
    this.#engine = engine;
    this.#lake = lake;
  }

  query(sql: string, options?: QueryOptions): Promise<ColumnarResult> {
    return this.#withFiles(() => this.#engine.query(sql, options));
  }

  async *stream(sql: string, options?: QueryOptions): AsyncGenerator<ColumnarResult, void, undefined> {
    const { first, rest } = await this.#withFiles(async () => {
      const pieces = this.#engine.stream(sql, options);
      return { first: await pieces.next(), rest: pieces };
    });
    try {
      if (first.done) return;
      yield first.value;
      yield* rest;
    } finally {
      await rest.return();
    }
  }

  describe(sql: string, options?: QueryOptions): Promise<Columns> {
    return this.#withFiles(() => this.#engine.describe(sql, options));
  }

  writeParquet(sql: string, path: string, options?: QueryOptions): Promise<{ rows: number }> {
    return this.#withFiles(() => this.#engine.writeParquet(sql, path, options));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /**
   * Runs work on the lake as it is now. Files that left the lake are deleted after a while: where that meets a query that waited long, the
   * query looks at the lake anew.
   */
  async #withFiles<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const commit = this.#lake.commit;
      try {
        await this.#upToDate();
        return await work();
      } catch (error) {
        if (!isAboutFiles(error)) throw error;
        if (attempt < maxAttempts && this.#lake.commit !== commit) continue;
        const path = this.#lake.missingFile();
        throw path === undefined ? error : missing(path, error);
      }
    }
  }

  #upToDate(): Promise<void> {
    this.#ready = this.#ready
      .catch(() => undefined)
      .then(async () => {
        const { commit, queries } = this.#lake.snapshot(this.#commit);
        if (commit === this.#commit) return;
        const views = [...queries].map(([name, query]) => `CREATE OR REPLACE VIEW ${identifier(name)} AS ${query}`);
        // All at once: a query that begins meanwhile joins tables of one commit.
        await this.#engine.runAll(views);
        this.#commit = commit;
      });
    return this.#ready;
  }
}

function isAboutFiles(error: unknown): boolean {
  return error instanceof SoclabError && error.code === "SOCLAB_QUERY" && /IO Error|No files found|Cannot open file/.test(error.message);
}

function missing(path: string, cause: unknown): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `the lake's file ${path} is not there`, {
    hint: "soclab lake verify names every file that is missing; restore it from a backup.",
    cause,
  });
}
