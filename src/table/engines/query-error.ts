import { didYouMean, nearestName, SoclabError } from "../../core/index.ts";
import { offsetOfByte, offsetOfCodePoint } from "./text-offset.ts";

/** What DuckDB says with `errors_as_json`. */
interface EngineProblem {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  /** `Table`, `Scalar Function`, `Type` … for something that is not there. */
  readonly type?: string;
  readonly name?: string;
  /** Separated by commas, the nearest first. */
  readonly candidates?: string;
  readonly position?: string;
}

/**
 * A DuckDB error as one of ours: an unknown table or column by its name, an interrupted query, or DuckDB's own message.
 * @param prefix - characters that were put before `sql`, all of them ASCII
 */
export function queryError(error: unknown, sql: string, prefix = 0): SoclabError {
  if (error instanceof SoclabError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const problem = problemOf(said);
  const message = problem.exception_message ?? said;
  if (problem.exception_type === "INTERRUPT" || message.startsWith("INTERRUPT")) {
    return new SoclabError("SOCLAB_ABORTED", "the query was stopped", { cause: error });
  }
  const position = positionOf(problem, sql, prefix);
  const near = problem.candidates === undefined ? quotedNames(message) : problem.candidates.split(",");
  const table = unknownTable(problem, message);
  if (table !== undefined) {
    const tables = near.filter((name) => !/^(pg|duckdb|sqlite)_|\./.test(name));
    const suggestion = didYouMean(table, tables) ?? (tables[0] === undefined ? undefined : `Did you mean "${tables[0]}"?`);
    const text = `there is no table "${table}".${suggestion ? ` ${suggestion}` : ""}`;
    return new SoclabError("SOCLAB_UNKNOWN_TABLE", text, { position, cause: error });
  }
  const column = unknownColumn(problem, message);
  if (column !== undefined) {
    const nearest = nearestName(column, near) ?? near[0];
    const text = `there is no column "${column}".${nearest ? ` Did you mean "${nearest}"?` : ""}`;
    return new SoclabError("SOCLAB_UNKNOWN_COLUMN", text, { position, cause: error });
  }
  const hint = problem.exception_type === "Permission" ? "A query reads the lake's tables and no file outside the lake." : undefined;
  const kind = problem.exception_type === undefined ? "" : `${problem.exception_type} Error: `;
  return new SoclabError("SOCLAB_QUERY", `${kind}${shortened(message)}${position === undefined ? "" : `\n${pointer(sql, position)}`}`, {
    hint: hint ?? `The query was: ${sql.length > 500 ? `${sql.slice(0, 500)} …` : sql}`,
    position,
    cause: error,
  });
}

/** A text that is no SQL, as DuckDB's parser describes it. */
export function syntaxError(message: string, sql: string, codePoint: number | undefined): SoclabError {
  const position = codePoint === undefined ? undefined : offsetOfCodePoint(sql, codePoint);
  return new SoclabError("SOCLAB_QUERY", `${message}${position === undefined ? "" : `\n${pointer(sql, position)}`}`, { position });
}

function problemOf(message: string): EngineProblem {
  const start = message.indexOf('{"exception_type"');
  if (start === -1) return {};
  try {
    return JSON.parse(message.slice(start));
  } catch {
    return {};
  }
}

/** DuckDB's binder counts bytes of UTF-8, its parser code points. */
function positionOf({ exception_type, position }: EngineProblem, sql: string, prefix: number): number | undefined {
  if (position === undefined || !/^\d+$/.test(position) || Number(position) < prefix) return undefined;
  const place = Number(position) - prefix;
  return exception_type === "Parser" ? offsetOfCodePoint(sql, place) : offsetOfByte(sql, place);
}

function unknownTable({ error_subtype, type, name }: EngineProblem, message: string): string | undefined {
  if (error_subtype === "MISSING_ENTRY" && type === "Table") return name;
  return /^Referenced table "(.+?)" not found/.exec(message)?.[1];
}

function unknownColumn({ error_subtype, name }: EngineProblem, message: string): string | undefined {
  if (error_subtype === "COLUMN_NOT_FOUND" && name !== undefined) return name;
  return /^(?:Referenced column|(?:Table|Values list) "[^"]*" does not have a column named) "?(.+?)"?(?: not found.*)?$/m.exec(
    message,
  )?.[1];
}

function quotedNames(message: string): string[] {
  const candidates = /Candidate (?:bindings|tables|Entries):(.*)/.exec(message)?.[1] ?? "";
  return [...candidates.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
}

const maxLines = 8;

/** Without empty lines; a list of forty overloads of `+` helps nobody. */
function shortened(message: string): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  if (lines.length <= maxLines) return lines.join("\n");
  return [...lines.slice(0, maxLines), `\t… ${lines.length - maxLines} more`].join("\n");
}

const shownBefore = 60;
const shownAfter = 40;

/** The line of the mistake with a caret below its place. */
function pointer(sql: string, position: number): string {
  const lineStart = sql.lastIndexOf("\n", position - 1) + 1;
  const lineEnd = sql.indexOf("\n", position);
  const from = Math.max(lineStart, position - shownBefore);
  const to = Math.min(lineEnd === -1 ? sql.length : lineEnd, position + shownAfter);
  const number = sql.slice(0, position).split("\n").length;
  const label = `LINE ${number}: ${from > lineStart ? "…" : ""}`;
  return `${label}${sql.slice(from, to)}\n${" ".repeat(label.length + position - from)}^`;
}
