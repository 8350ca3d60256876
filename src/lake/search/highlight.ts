import type { Columns } from "../../event/index.ts";
import type { UntypedRow } from "../../table/index.ts";
import { isAddressTest } from "./compile.ts";
import { addressColumns, columnsOfField } from "./fields.ts";
import { certainText, partsOf } from "./free-text.ts";
import { spellingsOf } from "./network.ts";
import { positiveTerms, type SearchNode } from "./query.ts";

/** A place in the text of a field that a term of the search speaks of; `from` and `to` are UTF-16 code units. */
export interface Highlight {
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

const maxTexts = 64;
const maxHighlights = 64;

/**
 * Where the terms of a search stand in a hit. Looks for text and not for patterns: of a pattern the longest piece without a wildcard is shown.
 */
export function highlightsOf(node: SearchNode, columns: Columns, row: UntypedRow): Highlight[] {
  const found: Highlight[] = [];
  for (const { field, test } of positiveTerms(node)) {
    const isText = field === undefined && !isAddressTest(test);
    const record = Object.hasOwn(columns, "original_string") ? "original_string" : "raw";
    const names = isText ? [record] : field === undefined ? addressColumns(columns) : columnsOfField(field, columns);
    const wanted = partsOf(test)
      .slice(0, maxTexts)
      .map(certainText)
      .flatMap(spellingsOf)
      .map((text) => text.toLowerCase());
    for (const name of names) {
      const text = textOf(row[name]);
      if (text === undefined) continue;
      const searched = text.toLowerCase();
      // Lower case of a few letters has another length, and places would be wrong.
      if (searched.length !== text.length) continue;
      for (const literal of wanted) {
        if (literal === "") continue;
        for (let at = searched.indexOf(literal); at !== -1; at = searched.indexOf(literal, at + literal.length)) {
          found.push({ field: name, from: at, to: at + literal.length });
          if (found.length === maxHighlights) return found;
        }
      }
      if (test.kind === "range") found.push({ field: name, from: 0, to: text.length });
    }
  }
  return found;
}

/** A value as the text that highlights count in. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}
