import { didYouMean, nearestName, SoclabError } from "../../core/index.ts";

/** A DuckDB error as one of ours: an unknown table or column by its name, an interrupted query, or DuckDB's own message. */
export function queryError(error: unknown, sql: string, tables: Iterable<string> = []): SoclabError {
  if (error instanceof SoclabError) return error;
  const message = (error instanceof Error ? error.message : String(error)).replace(/^Failed to \w+ [\w ]+: /, "");
  if (message.startsWith("INTERRUPT")) return new SoclabError("SOCLAB_ABORTED", "the query was stopped", { cause: error });
  const table = /^Catalog Error: Table with name (.+?) does not exist!/.exec(message)?.[1];
  if (table !== undefined) {
    const known = [...tables];
    const near = didYouMean(table, known) ?? suggestedTable(message);
    return new SoclabError("SOCLAB_UNKNOWN_TABLE", `there is no table "${table}".${near ? ` ${near}` : ""}`, {
      hint: known.length > 0 ? `The tables are ${known.join(", ")}.` : undefined,
      cause: error,
    });
  }
  const column = /^Binder Error: (?:Referenced column|Table "[^"]*" does not have a column named) "(.+?)"/.exec(message)?.[1];
  if (column !== undefined) {
    const candidates = [...(/Candidate bindings: (.*)/.exec(message)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
    const near = nearestName(column, candidates) ?? candidates[0];
    return new SoclabError("SOCLAB_UNKNOWN_COLUMN", `there is no column "${column}".${near ? ` Did you mean "${near}"?` : ""}`, {
      cause: error,
    });
  }
  const hint = message.startsWith("Permission Error") ? "A query reads the lake's tables and no file outside the lake." : undefined;
  const shown = message
    .split("\n")
    .filter((line) => line !== "")
    .join("\n");
  return new SoclabError("SOCLAB_QUERY", shown, {
    hint: hint ?? `The query was: ${sql.length > 500 ? `${sql.slice(0, 500)} …` : sql}`,
    cause: error,
  });
}

function suggestedTable(message: string): string | undefined {
  const name = /Did you mean "(.+?)"/.exec(message)?.[1];
  return name === undefined || /^(pg|duckdb|sqlite)_|\./.test(name) ? undefined : `Did you mean "${name}"?`;
}
