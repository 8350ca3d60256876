import { SoclabError } from "../../core/index.ts";
import type { RowOf, standardColumns } from "../../event/index.ts";
import type { Engine, RowValue } from "../../table/index.ts";
import { type Highlight, highlightsOf } from "./highlight.ts";
import { cursorOf, placeOf } from "./hit-order.ts";
import { parseQuery } from "./parse-query.ts";
import { planSearch, type SearchableLake } from "./plan.ts";
import type { SearchNode } from "./query.ts";
import { countHits, type FoundHit, firstHits, rowsOfHits } from "./read-hits.ts";
import { allTimes, type TimeBounds } from "./time-bounds.ts";

export interface SearchOptions {
  /** Tables (feeds) to look into; default all but dead letters. */
  readonly tables?: readonly string[] | undefined;
  /** Events from this time on. */
  readonly since?: Date | undefined;
  /** Events before this time. */
  readonly until?: Date | undefined;
  /** At most so many hits; default all. */
  readonly limit?: number | undefined;
  /** Goes on behind the hit that has this cursor. */
  readonly after?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An event as a search finds it: the columns that every table has, and its table's own. */
export type SearchRow = RowOf<typeof standardColumns> & Readonly<Record<string, RowValue>>;

export interface SearchHit {
  readonly event: SearchRow;
  readonly table: string;
  /** To go on behind this hit. */
  readonly cursor: string;
  readonly highlights: readonly Highlight[];
}

const firstPage = 100;
const largestPage = 20_000;
const attempts = 5;

/**
 * The events that a search finds, newest first. Lazy: iterating or an exit runs it, each time anew.
 *
 * @example
 * ```ts
 * for await (const event of lake.search("203.0.113.9 NOT port:443", { limit: 20 })) console.log(event.timestamp, event.ip_dst_addr);
 * ```
 */
export class SearchResult implements AsyncIterable<SearchRow> {
  readonly query: string;
  readonly #node: SearchNode;
  readonly #options: SearchOptions;
  readonly #lake: SearchableLake;
  readonly #engine: Engine;

  /** @internal use `lake.search` */
  constructor(lake: SearchableLake, engine: Engine, query: string, options: SearchOptions) {
    this.query = query;
    this.#node = parseQuery(query);
    this.#options = options;
    this.#lake = lake;
    this.#engine = engine;
    const { limit } = options;
    if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 0))
      throw new SoclabError("SOCLAB_INVALID_VALUE", `the limit of a search is a whole number of at least 0, not ${limit}`);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SearchRow, void, undefined> {
    for await (const hit of this.hits()) yield hit.event;
  }

  /** Row objects. A timestamp is a Date, so it loses what is below a millisecond. */
  async rows(): Promise<SearchRow[]> {
    return Array.fromAsync(this);
  }

  /** Events with the table they are in, the cursor to go on behind them, and what the search found in them. */
  async *hits(): AsyncGenerator<SearchHit, void, undefined> {
    let after = this.#options.after === undefined ? undefined : placeOf(this.#options.after);
    let left = this.#options.limit ?? Number.POSITIVE_INFINITY;
    for (let size = firstPage; left > 0; size = Math.min(4 * size, largestPage)) {
      const wanted = Math.min(size, left);
      const page = await this.#consistent(async () => {
        const found = await firstHits(this.#engine, this.#plan(), after, wanted, this.#options);
        return { found, rows: await rowsOfHits(this.#engine, found, this.#options) };
      });
      for (const [i, hit] of page.found.entries()) yield this.#hit(hit, page.rows[i] as SearchRow);
      if (page.found.length < wanted) return;
      left -= wanted;
      after = page.found.at(-1);
    }
  }

  /** How many events the search finds, whatever its limit. */
  async count(): Promise<number> {
    return this.#consistent(async () => {
      const counts = await countHits(this.#engine, this.#plan(), this.#options);
      return counts.reduce((sum, n) => sum + n, 0);
    });
  }

  /** A console shows the search, because its hits are not there yet. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `SearchResult { ${JSON.stringify(this.query)} }`;
  }

  #plan() {
    const { since, until } = this.#options;
    const times: TimeBounds = { from: since ? since.getTime() * 1000 : allTimes.from, to: until ? until.getTime() * 1000 : allTimes.to };
    return planSearch(this.#lake, this.#node, this.#options.tables, times);
  }

  #hit(hit: FoundHit, event: SearchRow): SearchHit {
    return {
      event,
      table: hit.group.table,
      cursor: cursorOf(hit),
      highlights: highlightsOf(this.#node, hit.group.columns, event),
    };
  }

  /** A writer may have put other files in the place of those that were planned: then the lake has another commit, and the work begins anew. */
  async #consistent<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const { commit } = this.#lake;
      try {
        return await work();
      } catch (error) {
        if (attempt === attempts || this.#lake.commit === commit || this.#options.signal?.aborted) throw error;
      }
    }
  }
}
