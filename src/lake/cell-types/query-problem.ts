import { didYouMean } from "../../core/index.ts";
import type { CellLake } from "./lake-in-cell.ts";
import type { ProvidedDiagnostic } from "./provider-contract.ts";
import type { QueryInCell } from "./query-in-cell.ts";
import { columnsOf } from "./relation-columns.ts";
import { scopeAt } from "./sql-scope.ts";
import { sqlTokens } from "./sql-tokens.ts";

const token = /"(?:[^"]|"")*"(?:\.[\w$]+)*|[\p{L}_][\p{L}\w$]*(?:\.(?:[\p{L}\w$]+|"[^"]*"))*|'(?:[^']|'')*'|[^\s\w]+|\w+/uy;

/** A `SoclabError` of whatever copy of soclab. */
export interface Mistake {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly position?: number | undefined;
}

/** The error as a mistake in what the cell says; undefined for one that is about something else. */
export function mistakeOf(error: unknown): Mistake | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const { code, message } = error;
  if (!mistakes.has(code)) return undefined;
  const [hint, position] = ["hint" in error ? error.hint : undefined, "position" in error ? error.position : undefined];
  return {
    code,
    message,
    hint: typeof hint === "string" ? hint : undefined,
    position: typeof position === "number" ? position : undefined,
  };
}

const mistakes: ReadonlySet<string> = new Set(["SOCLAB_QUERY", "SOCLAB_UNKNOWN_TABLE", "SOCLAB_UNKNOWN_COLUMN"]);

/** What the engine says of a query, at its place in the cell. */
export async function queryProblem(lake: CellLake, problem: Mistake, query: QueryInCell): Promise<ProvidedDiagnostic> {
  const [start, end] = placeOf(problem.position, query.text);
  const message = explanation(problem) + (await suggestion(lake, problem, query.text, start));
  return { start: query.inCell(start), end: query.inCell(end), message, code: problem.code };
}

/** The engine suggests no column where the query names the table too (`c.uidd`). */
async function suggestion(lake: CellLake, { code, message }: Mistake, text: string, position: number): Promise<string> {
  const wrong = /there is no column "(.+)"\.$/.exec(message)?.[1];
  if (code !== "SOCLAB_UNKNOWN_COLUMN" || wrong === undefined) return "";
  const relations = await Promise.all(scopeAt(text, sqlTokens(text), position).relations.map(({ from }) => columnsOf(lake, from)));
  const near = didYouMean(
    wrong,
    relations.flatMap((columns) => Object.keys(columns)),
  );
  return near === undefined ? "" : ` ${near}`;
}

/** The word at the position; the whole text where the engine knows no position, its last character where the text ends too early. */
function placeOf(position: number | undefined, text: string): [number, number] {
  if (position === undefined) return [text.length - text.trimStart().length, text.trimEnd().length];
  token.lastIndex = position;
  const word = token.exec(text)?.[0];
  if (word !== undefined) return [position, position + word.length];
  const last = text.trimEnd().length;
  return [Math.max(0, Math.min(position, last) - 1), Math.min(position, last)];
}

/** Message and hint, without the code, which is shown beside it, and without the picture of the place. */
export function explanation({ code, message, hint }: Mistake): string {
  const text = message.replace(`${code}: `, "").replace(/\nLINE \d+:[\s\S]*$/, "");
  return hint === undefined || hint.startsWith("The query was: ") ? text : `${text}\n${hint}`;
}
