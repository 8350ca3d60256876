import { isName, isWord, type SqlToken } from "./sql-tokens.ts";

/** Something that a SELECT reads from, by the name that its columns are called with. */
export interface Relation {
  readonly name: string;
  /** A table or a common table expression by its name, or a query that tells the columns. */
  readonly from: { readonly table: string } | { readonly query: string };
}

export interface Scope {
  /** What FROM names, here and in the queries around, nearest first. */
  readonly relations: readonly Relation[];
  /** `WITH name AS (…)`: each with a query that tells its columns. */
  readonly named: readonly Relation[];
  /** The words of this level before the place, without nested queries. */
  readonly before: readonly SqlToken[];
}

const clauseWords = [
  ...["SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "QUALIFY", "WINDOW", "JOIN", "INNER", "LEFT", "RIGHT"],
  ...[
    "FULL",
    "CROSS",
    "ASOF",
    "POSITIONAL",
    "SEMI",
    "ANTI",
    "NATURAL",
    "ON",
    "USING",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "SAMPLE",
    "TABLESAMPLE",
  ],
];
const setWords = ["UNION", "EXCEPT", "INTERSECT"];

/** A bracket with what is in it, or a word. */
type Node = SqlToken | { readonly open: SqlToken; readonly close: SqlToken | undefined; readonly inside: readonly Node[] };
type Group = Exclude<Node, SqlToken>;

const isGroup = (node: Node | undefined): node is Group => node !== undefined && "inside" in node;

/** What can be named at a place of a query. */
export function scopeAt(text: string, tokens: readonly SqlToken[], offset: number): Scope {
  const relations: Relation[] = [];
  const named: Relation[] = [];
  let before: readonly SqlToken[] = [];
  for (let level: readonly Node[] | undefined = nested(tokens.filter(({ kind }) => kind !== "comment")); level !== undefined; ) {
    const part = partAt(level, offset);
    named.push(...commonTables(text, part));
    relations.unshift(...relationsOf(text, part, named));
    before = part.filter((node): node is SqlToken => !isGroup(node) && node.end <= offset);
    const inner: Group | undefined = part
      .filter(isGroup)
      .find(({ open, close }) => offset >= open.end && (close === undefined || offset <= close.start));
    level = inner?.inside;
  }
  return { relations, named, before };
}

function nested(tokens: readonly SqlToken[]): Node[] {
  const stack: { open: SqlToken | undefined; inside: Node[] }[] = [{ open: undefined, inside: [] }];
  const end = (close: SqlToken | undefined) => {
    const { open, inside } = stack.pop()!;
    stack.at(-1)!.inside.push({ open: open!, close, inside });
  };
  for (const token of tokens) {
    if (token.kind === "mark" && token.text === "(") stack.push({ open: token, inside: [] });
    else if (token.kind === "mark" && token.text === ")") {
      if (stack.length > 1) end(token);
    } else stack.at(-1)!.inside.push(token);
  }
  while (stack.length > 1) end(undefined);
  return stack[0]!.inside;
}

const startOf = (node: Node) => (isGroup(node) ? node.open.start : node.start);

/** The query between set operators that the place is in. */
function partAt(level: readonly Node[], offset: number): readonly Node[] {
  const borders = level.flatMap((node, i) => (!isGroup(node) && isWord(node, ...setWords) ? [i] : []));
  const from = borders.findLast((i) => startOf(level[i]!) < offset) ?? -1;
  const to = borders.find((i) => startOf(level[i]!) >= offset) ?? level.length;
  return [...(from === -1 ? [] : withClause(level)), ...level.slice(from + 1, to)];
}

/** `WITH …` stands before the first query, and holds for all of them. */
function withClause(level: readonly Node[]): readonly Node[] {
  const [first] = level;
  if (first === undefined || isGroup(first) || !isWord(first, "WITH")) return [];
  const end = level.findIndex((node) => !isGroup(node) && isWord(node, "SELECT", "FROM", "VALUES"));
  return level.slice(0, end === -1 ? level.length : end);
}

/** A nested WITH that uses what an outer one names is rare: such a query simply tells no columns. */
function commonTables(text: string, part: readonly Node[]): Relation[] {
  const found: Relation[] = [];
  const [first] = part;
  if (first === undefined || isGroup(first) || !isWord(first, "WITH")) return found;
  for (let i = 1; i < part.length; i++) {
    const [name, after] = [part[i]!, part[i + 1]];
    if (isGroup(name) || !isName(name) || isWord(name, "RECURSIVE")) continue;
    if (isWord(name, "SELECT", "FROM", "VALUES")) break;
    const isNamed = isGroup(after) || (after !== undefined && isWord(after, "AS"));
    const body = isNamed ? part.slice(i + 1).find((node): node is Group => isGroup(node) && opensQuery(node)) : undefined;
    if (body?.close === undefined) continue;
    const clause = text.slice(startOf(first), body.close.end);
    found.push({ name: name.text, from: { query: `${clause} FROM "${name.text.replaceAll('"', '""')}"` } });
    i = part.indexOf(body);
  }
  return found;
}

function opensQuery({ inside: [first] }: Group): boolean {
  return first !== undefined && (isGroup(first) ? opensQuery(first) : isWord(first, "SELECT", "FROM", "WITH", "VALUES"));
}

function relationsOf(text: string, part: readonly Node[], named: readonly Relation[]): Relation[] {
  const found: Relation[] = [];
  let isList = false;
  for (let i = 0; i < part.length; i++) {
    const node = part[i]!;
    if (isGroup(node)) continue;
    if (isWord(node, "FROM")) isList = true;
    else if (isWord(node, ...clauseWords) && !isWord(node, "JOIN")) isList = false;
    const isStart = isWord(node, "FROM", "JOIN") || (isList && node.text === ",");
    const next = isStart ? part[i + 1] : undefined;
    if (next === undefined) continue;
    const relation = relationAt(text, part, i + 1, named);
    if (relation) found.push(relation);
  }
  return found;
}

function relationAt(text: string, part: readonly Node[], at: number, named: readonly Relation[]): Relation | undefined {
  const node = part[at]!;
  if (isGroup(node)) {
    if (node.close === undefined || !opensQuery(node)) return undefined;
    const body = text.slice(node.open.end, node.close.start);
    return { name: aliasAt(part, at + 1) ?? "", from: { query: body } };
  }
  if (!isName(node) || isWord(node, ...clauseWords)) return undefined;
  const after = part[at + 1];
  if (isGroup(after)) {
    // A table function: `range(10)`, `read_parquet('…')`.
    if (after.close === undefined) return undefined;
    return { name: aliasAt(part, at + 2) ?? node.text, from: { query: `FROM ${text.slice(node.start, after.close.end)}` } };
  }
  const common = named.findLast(({ name }) => name.toLowerCase() === node.text.toLowerCase());
  return { name: aliasAt(part, at + 1) ?? node.text, from: common?.from ?? { table: node.text } };
}

function aliasAt(part: readonly Node[], at: number): string | undefined {
  const node = part[at];
  if (node === undefined || isGroup(node)) return undefined;
  if (isWord(node, "AS")) return aliasAt(part, at + 1);
  return isName(node) && !isWord(node, ...clauseWords) ? node.text : undefined;
}
