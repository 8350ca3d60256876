import { SoclabError } from "../../core/index.ts";
import type { Engine } from "../engine.ts";
import { syntaxError } from "./query-error.ts";

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly error_type?: string;
  /** Of a syntax error, in code points. */
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

const explain = /^\s*explain\s+(analyze\s+)?/i;

/**
 * Lets a user's SQL pass when DuckDB's own parser says that it is one statement that only reads: SELECT, WITH, FROM, VALUES, DESCRIBE,
 * SUMMARIZE, SHOW, or EXPLAIN of such a one.
 *
 * @throws SOCLAB_QUERY
 */
export async function checkReadOnly(engine: Engine, sql: string): Promise<void> {
  // Blanked, not cut off, so that the position of an error stays right.
  const statement = sql.replace(explain, (words) => words.replaceAll(/\S/g, " "));
  const { columns } = await engine.query("SELECT json_serialize_sql(text) AS tree FROM (SELECT CAST($1 AS VARCHAR) AS text)", {
    values: [statement],
  });
  const tree = columns.get("tree");
  if (tree?.type !== "string" || tree.encoding !== "dictionary") throw new TypeError("DuckDB gave no syntax tree");
  const parsed: Serialized = JSON.parse(tree.dictionary.values[tree.codes[0]!]!);
  if (parsed.error) {
    if (parsed.error_type === "parser") {
      throw syntaxError(parsed.error_message ?? "syntax error", sql, parsed.position === undefined ? undefined : Number(parsed.position));
    }
    throw new SoclabError("SOCLAB_QUERY", "only a statement that reads can be run here", {
      hint: "Use SELECT, WITH, FROM, DESCRIBE, SUMMARIZE, SHOW TABLES or EXPLAIN.",
    });
  }
  const count = parsed.statements?.length ?? 0;
  if (count !== 1) throw new SoclabError("SOCLAB_QUERY", `there are ${count} statements, expected one`);
}
