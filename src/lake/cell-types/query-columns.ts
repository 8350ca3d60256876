import type { Columns, ColumnType } from "../../event/index.ts";
import type { BoundValue } from "../../table/index.ts";
import { anyColumn } from "./columns-type.ts";
import type { CellLake } from "./lake-in-cell.ts";
import { type Mistake, mistakeOf } from "./query-problem.ts";

export type QueryColumns = Readonly<Record<string, ColumnType | readonly ColumnType[]>>;

/** What the engine says of a query, before it runs. */
export interface DescribedQuery {
  /** Undefined where the query is wrong, or nobody knows before it runs. */
  readonly columns?: QueryColumns;
  readonly problem?: Mistake;
}

const timeLimitMs = 2_000;
const maxRemembered = 500;

/** Stand-ins for values that are not known yet: a column that is the same with each of them does not depend on them. */
const standIns: readonly BoundValue[] = [1, 1.5, "2022-06-10", new Date(0), true];

interface Memory {
  readonly commit: number;
  readonly queries: Map<string, Promise<DescribedQuery>>;
}

/** Columns of queries, asked of the lake's engine and remembered as long as the lake stays at its commit. */
export class QueryDescriber {
  readonly #memories = new WeakMap<CellLake, Memory>();

  describe(lake: CellLake, text: string, values: readonly (BoundValue | undefined)[]): Promise<DescribedQuery> {
    const memory = this.#memory(lake);
    const key = JSON.stringify([text, ...values.map(kindOf)]);
    const known = memory.queries.get(key);
    if (known) return known;
    const asked = ask(lake, text, values);
    memory.queries.set(key, asked);
    for (const oldest of memory.queries.keys()) {
      if (memory.queries.size <= maxRemembered) break;
      memory.queries.delete(oldest);
    }
    // What failed by chance (the time limit, a closed lake) is asked again the next time.
    void asked.then(({ columns, problem }) => {
      if (columns === undefined && problem === undefined) memory.queries.delete(key);
    });
    return asked;
  }

  #memory(lake: CellLake): Memory {
    const { commit } = lake;
    const known = this.#memories.get(lake);
    if (known?.commit === commit) return known;
    const fresh = { commit, queries: new Map() };
    this.#memories.set(lake, fresh);
    return fresh;
  }
}

async function ask(lake: CellLake, text: string, values: readonly (BoundValue | undefined)[]): Promise<DescribedQuery> {
  const signal = AbortSignal.timeout(timeLimitMs);
  try {
    return { columns: await lake.sql(text).schema({ signal }) };
  } catch (error) {
    const problem = mistakeOf(error);
    return problem ? { problem } : askWithValues(lake, text, values, signal);
  }
}

/** The types of the columns depend on values: on those that are known, and for the others on what they may be. */
async function askWithValues(
  lake: CellLake,
  text: string,
  values: readonly (BoundValue | undefined)[],
  signal: AbortSignal,
): Promise<DescribedQuery> {
  if (values.length === 0) return {};
  const found: Columns[] = [];
  const problems: (Mistake | undefined)[] = [];
  const isKnown = values.every((value) => value !== undefined);
  for (const standIn of isKnown ? [null] : standIns) {
    const filled = values.map((value) => (value === undefined ? standIn : value));
    try {
      found.push(await lake.sql(text, filled).schema({ signal }));
    } catch (error) {
      // The engine may refuse this combination of types; another one may do.
      problems.push(mistakeOf(error));
    }
  }
  const [first] = found;
  if (first === undefined) {
    const [problem] = problems;
    // A name that is not there is wrong whatever the values are.
    const isSure = isKnown || problems.every((each) => each?.code.startsWith("SOCLAB_UNKNOWN_"));
    return isSure && problem ? { problem } : {};
  }
  const columns = Object.entries(first).map(([name, type]) => [name, found.every((each) => each[name] === type) ? type : anyColumn]);
  return { columns: Object.fromEntries(columns) };
}

/** A whole number and a fraction are different types to the engine. */
function kindOf(value: BoundValue | undefined): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "double";
  if (value instanceof Date) return "date";
  return value instanceof Uint8Array ? "bytes" : value === null ? "null" : typeof value;
}
