import type { Columns } from "../event/index.ts";
import { type BoundValue, type Engine, type SqlOptions, SqlResult } from "../table/index.ts";
import { lakeSymbol } from "./symbol.ts";
import { templateSql } from "./template-sql.ts";

/**
 * Asks in SQL: as a tag, whose substitutions are bound values and never text, or as a function of text and values for `$1`, `$2` … or `?`.
 * In a notebook of soclab's kernel `C`, the columns, is found out from the query; elsewhere it can be given.
 */
export interface SqlTag {
  /** The text is taken as it stands: a backslash is a backslash, only `` \` `` and `\${` are escapes. */
  <C extends Columns = Columns>(strings: TemplateStringsArray, ...values: BoundValue[]): SqlResult<C>;
  <C extends Columns = Columns>(text: string, values?: readonly BoundValue[], options?: SqlOptions): SqlResult<C>;
}

/** Needs no `this`, so that ``const { sql } = lake; sql`SELECT …` `` works too. */
export function sqlTag(engine: Engine, lake: object): SqlTag {
  const tag = <C extends Columns>(text: string | TemplateStringsArray, ...rest: unknown[]): SqlResult<C> => {
    if (typeof text !== "string") return new SqlResult(engine, templateSql(text.raw).text, rest as BoundValue[]);
    const [values = [], options] = rest as [(readonly BoundValue[])?, SqlOptions?];
    return new SqlResult(engine, text, values, options);
  };
  return Object.assign(tag, { [lakeSymbol]: lake });
}
