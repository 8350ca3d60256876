import { identifier } from "../../sql/index.ts";
import type { CellLake } from "./lake-in-cell.ts";
import type { ProvidedCompletion } from "./provider-contract.ts";
import { columnsOf } from "./relation-columns.ts";
import { type Relation, type Scope, scopeAt } from "./sql-scope.ts";
import { isName, isWord, type SqlToken, sqlTokens } from "./sql-tokens.ts";
import { reservedWords, sqlKeywords } from "./sql-words.ts";

export interface SqlCompletions {
  /** What is replaced, in the query's text. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly ProvidedCompletion[];
}

/** Names that may stand at a place of a query: tables where one is read from, else columns, functions and keywords. */
export async function sqlCompletions(lake: CellLake, text: string, offset: number): Promise<SqlCompletions | undefined> {
  const tokens = sqlTokens(text);
  const inside = tokens.find(({ start, end, kind }) => start < offset && (offset < end || (offset === end && kind !== "mark")));
  if (inside && inside.kind !== "word" && inside.kind !== "quoted" && inside.kind !== "mark") {
    const isClosed = inside.kind === "string" && inside.end === offset && /'$/.test(inside.text) && inside.text.length > 1;
    if (!isClosed) return undefined;
  }
  const word = inside && isName(inside) ? inside : undefined;
  const start = word?.start ?? offset;
  const prefix = text.slice(start, offset).replace(/^"/, "").toLowerCase();
  const scope = scopeAt(text, tokens, start);
  const items = await itemsAt(lake, scope, prefix);
  const isQuoted = word?.kind === "quoted";
  const fitting = items
    .filter(({ kind }) => !isQuoted || kind === "column" || kind === "table")
    .filter(({ label }) => label.replace(/^"/, "").toLowerCase().startsWith(prefix));
  return {
    start,
    end: word?.end ?? offset,
    items: fitting.map((item) => (item.kind === "keyword" ? inCaseOf(item, text.slice(start, offset)) : item)),
  };
}

async function itemsAt(lake: CellLake, scope: Scope, prefix: string): Promise<ProvidedCompletion[]> {
  const { before } = scope;
  const last = before.at(-1);
  if (last?.text === "." && last.kind === "mark") return columnsOfName(lake, scope, before.at(-2)?.text);
  const place = placeBehind(before);
  if (place === "table") return tableItems(lake, scope);
  const keywords = sqlKeywords.map((label) => ({ label, kind: "keyword" as const }));
  if (place === "clause") return keywords;
  // SELECT is written before FROM: until a table is named, those of all of them can be meant.
  const everywhere = lake.tables().map((table): Relation => ({ name: "", from: { table } }));
  const relations = scope.relations.length > 0 ? scope.relations : everywhere;
  const columns = await Promise.all(relations.map((relation) => columnItems(lake, relation)));
  const aliases = scope.relations.filter(({ name }) => name !== "").map(({ name }) => ({ label: quoted(name), kind: "table" as const }));
  const own = [...unique(columns.flat()), ...aliases];
  return prefix === "" && own.length > 0 ? own : [...own, ...keywords, ...(await functionItems(lake, prefix))];
}

const clauses = [
  "SELECT",
  "FROM",
  "JOIN",
  "WHERE",
  "GROUP",
  "HAVING",
  "ORDER",
  "LIMIT",
  "ON",
  "USING",
  "QUALIFY",
  "WINDOW",
  "DESCRIBE",
  "SUMMARIZE",
];
const tableClauses = ["FROM", "JOIN", "DESCRIBE", "SUMMARIZE"];

/** Behind FROM, JOIN and a comma between tables a table is named; behind a table, the next clause begins. */
function placeBehind(before: readonly SqlToken[]): "table" | "clause" | "expression" {
  const clause = before.findLast((token) => isWord(token, ...clauses));
  if (clause === undefined) return before.length === 0 ? "clause" : "expression";
  if (!isWord(clause, ...tableClauses)) return "expression";
  return before.at(-1) === clause || before.at(-1)?.text === "," ? "table" : "clause";
}

function tableItems(lake: CellLake, { named }: Scope): ProvidedCompletion[] {
  const common = named.map(({ name }) => ({ label: quoted(name), kind: "table" as const, detail: "WITH" }));
  return [...common, ...tableNames(lake).map(({ label, ...item }) => ({ ...item, label: quoted(label) }))];
}

/** The tables of a lake, with the number of their columns. */
export function tableNames(lake: CellLake): ProvidedCompletion[] {
  return lake.tables().map((label) => ({ label, kind: "table", detail: `${Object.keys(lake.schema(label)).length} columns` }));
}

async function columnsOfName(lake: CellLake, { relations }: Scope, name: string | undefined): Promise<ProvidedCompletion[]> {
  const relation = relations.find((each) => each.name.toLowerCase() === name?.toLowerCase());
  return relation === undefined ? [] : columnItems(lake, relation);
}

async function columnItems(lake: CellLake, { name, from }: Relation): Promise<ProvidedCompletion[]> {
  const columns = await columnsOf(lake, from);
  return Object.entries(columns).map(([column, type]) => ({
    label: quoted(column),
    kind: "column",
    detail: name === "" ? type : `${type}, ${name}`,
  }));
}

const functions = new WeakMap<CellLake, Promise<ProvidedCompletion[]>>();

/** The engine's own list, asked for once a lake. */
async function functionItems(lake: CellLake, prefix: string): Promise<ProvidedCompletion[]> {
  if (prefix === "") return [];
  const known = functions.get(lake) ?? askFunctions(lake);
  functions.set(lake, known);
  return known;
}

async function askFunctions(lake: CellLake): Promise<ProvidedCompletion[]> {
  const rows = await lake.sql<{ name: "string"; parameters: "string"; type: "string" }>`
    SELECT function_name AS name, any_value(array_to_string(parameters, ', ')) AS parameters, any_value(return_type) AS type
    FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') AND regexp_full_match(function_name, '[a-z][a-z0-9_]*')
    GROUP BY ALL ORDER BY name`.rows();
  return rows.map(({ name, parameters, type }) => ({
    label: name ?? "",
    kind: "value",
    detail: `(${parameters ?? ""}) → ${type ?? "any"}`,
  }));
}

/** Joined tables share columns; the first one stands for all. */
function unique(items: readonly ProvidedCompletion[]): ProvidedCompletion[] {
  return [...new Map(items.toReversed().map((item) => [item.label, item])).values()].toReversed();
}

function quoted(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reservedWords.has(name.toLowerCase()) ? name : identifier(name);
}

/** Keywords in the case in which the reader writes. */
function inCaseOf(item: ProvidedCompletion, written: string): ProvidedCompletion {
  return written !== "" && written === written.toLowerCase() ? { ...item, label: item.label.toLowerCase() } : item;
}
