import type { SQLInputValue } from "node:sqlite";
import { didYouMean, SoclabError } from "../../core/index.ts";
import { type AlertField, type AlertSelection, alertFields } from "../alert-index.ts";

/** A WHERE clause and its values; nothing that a user wrote is ever part of the text. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const nothing: Condition = { sql: "0", values: [] };

/** The SQL of a field; a verdict is looked up, it is no column of the alert. */
export function fieldSql(field: AlertField): string {
  return field === "verdict" ? "(SELECT v.verdict FROM verdicts v WHERE v.id = alerts.id ORDER BY v.number DESC LIMIT 1)" : field;
}

export function checkField(field: unknown): AlertField {
  const known = alertFields.find((name) => name === field);
  if (known !== undefined) return known;
  throw new SoclabError("SOCLAB_UNKNOWN_COLUMN", `an alert cannot be selected by ${JSON.stringify(field)}`, {
    hint: didYouMean(String(field), alertFields) ?? `Known: ${alertFields.join(", ")}.`,
  });
}

export function selectionSql(selection: AlertSelection): Condition {
  const parts: Condition[] = [];
  for (const [name, wanted] of Object.entries(selection.filters ?? {})) {
    const field = checkField(name);
    if (wanted !== undefined) parts.push(anyOf(fieldSql(field), Array.isArray(wanted) ? wanted : [wanted]));
  }
  if (selection.from !== undefined) parts.push({ sql: "timestamp >= ?", values: [finite("from", selection.from)] });
  if (selection.until !== undefined) parts.push({ sql: "timestamp < ?", values: [finite("until", selection.until)] });
  if (selection.minRelevance !== undefined) {
    parts.push({ sql: "relevance >= ?", values: [finite("minRelevance", selection.minRelevance)] });
  }
  if (selection.text !== undefined && selection.text.trim() !== "") parts.push(textCondition(selection.text));
  if (parts.length === 0) return { sql: "1", values: [] };
  return { sql: parts.map((part) => part.sql).join(" AND "), values: parts.flatMap((part) => part.values) };
}

/** `column` is one of the values; null matches NULL. The values travel as one JSON array, however many they are. */
export function anyOf(column: string, values: readonly unknown[]): Condition {
  const given = values.filter((value) => value !== null);
  const wrong = given.find((value) => typeof value !== "string" && typeof value !== "number");
  if (wrong !== undefined) throw new SoclabError("SOCLAB_INVALID_VALUE", `a filter value is ${typeof wrong}, expected text or a number`);
  const isNull = values.includes(null) ? `${column} IS NULL` : null;
  if (given.length === 0) return isNull === null ? nothing : { sql: isNull, values: [] };
  const [only] = given;
  const isIn: Condition =
    given.length === 1
      ? { sql: `${column} = ?`, values: [only as string | number] }
      : { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(given)] };
  return isNull === null ? isIn : { sql: `(${isNull} OR ${isIn.sql})`, values: isIn.values };
}

/** Every word becomes a quoted phrase of FTS5, so that its operators, column names and stray quotes are only text. */
function textCondition(text: string): Condition {
  if (text.length > 1000)
    throw new SoclabError("SOCLAB_INVALID_VALUE", `the search text has ${text.length} characters, expected at most 1000`);
  const words = text
    .replaceAll("\0", " ")
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return nothing;
  const phrases = words.map((word) => (word.endsWith("*") ? `${quoted(word.slice(0, -1))}*` : quoted(word)));
  return { sql: "row IN (SELECT rowid FROM alerts_text WHERE alerts_text MATCH ?)", values: [phrases.join(" AND ")] };
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}

function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${name} is ${value}, expected a number`);
}

/** A count the user asked for, in its bounds. */
export function bounded(name: string, value: number | undefined, fallback: number, low: number, high: number): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${name} is ${value}, expected a whole number from ${low} to ${high}`, {
    hint: "Narrow the selection, or read page by page.",
  });
}
