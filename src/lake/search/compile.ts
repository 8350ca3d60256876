import { didYouMean, SoclabError } from "../../core/index.ts";
import type { Columns } from "../../event/index.ts";
import { identifier } from "../../sql/index.ts";
import { Bindings } from "./bindings.ts";
import { addressColumns, columnsOfField, fieldNames } from "./fields.ts";
import { freeTextSql } from "./free-text.ts";
import { isAddress } from "./network.ts";
import { allTerms, type SearchNode, type Term, type ValueTest } from "./query.ts";
import { valueSql } from "./value-sql.ts";

/** A condition on the rows of one table; `true` and `false` where no row decides. */
export type Condition = string | boolean;

/** A search as a condition of SQL on one table. A term on a field that the table does not have holds for none of its rows. */
export function conditionOf(node: SearchNode, columns: Columns, bindings: Bindings): Condition {
  return bindings.attempt(
    () => readNode(node, columns, bindings),
    (condition) => typeof condition === "boolean",
  );
}

function readNode(node: SearchNode, columns: Columns, bindings: Bindings): Condition {
  switch (node.kind) {
    case "all":
      return true;
    case "term":
      return termCondition(node, columns, bindings);
    case "not": {
      const part = conditionOf(node.part, columns, bindings);
      return typeof part === "boolean" ? !part : `((${part}) IS NOT TRUE)`;
    }
    default: {
      const stops = node.kind === "or";
      const parts: string[] = [];
      for (const child of node.parts) {
        const part = conditionOf(child, columns, bindings);
        if (part === stops) return stops;
        if (typeof part === "string") parts.push(part);
      }
      if (parts.length === 0) return !stops;
      return parts.length === 1 ? parts[0]! : `(${parts.join(stops ? " OR " : " AND ")})`;
    }
  }
}

function termCondition(term: Term, columns: Columns, bindings: Bindings): Condition {
  const tests = testsOf(term, columns, bindings);
  if (tests.length === 0) return false;
  return tests.length === 1 ? tests[0]! : `(${tests.join(" OR ")})`;
}

function testsOf({ field, test }: Term, columns: Columns, bindings: Bindings): string[] {
  if (field === undefined && !isAddressTest(test)) {
    return Object.hasOwn(columns, recordColumn(columns)) ? compact([freeTextSql(identifier(recordColumn(columns)), test, bindings)]) : [];
  }
  const names = field === undefined ? addressColumns(columns) : columnsOfField(field, columns);
  return compact(
    names.map((name) =>
      bindings.attempt(
        () => valueSql(identifier(name), columns[name]!, test, bindings),
        (sql) => sql === undefined,
      ),
    ),
  );
}

function compact(tests: readonly (string | undefined)[]): string[] {
  return tests.filter((test) => test !== undefined);
}

/** Dead letters keep their record in `raw`. */
function recordColumn(columns: Columns): string {
  return Object.hasOwn(columns, "original_string") ? "original_string" : "raw";
}

/** A bare address or network asks for the address columns; in quotes it is text. */
export function isAddressTest(test: ValueTest): boolean {
  return test.kind === "texts" && !test.quoted && test.texts.every(isAddress);
}

/**
 * Finds the mistakes that no table can make good: a field that none has, a value that its field cannot have.
 * @throws SOCLAB_UNKNOWN_COLUMN, SOCLAB_INVALID_VALUE, with `position`
 */
export function checkTerms(node: SearchNode, tables: ReadonlyMap<string, Columns>): void {
  for (const term of allTerms(node)) {
    if (term.field === undefined) continue;
    const { field } = term;
    const having = [...tables].filter(([, columns]) => columnsOfField(field, columns).length > 0);
    if (having.length === 0) throw unknownField(field, term, tables);
    if (having.some(([, columns]) => testsOf(term, columns, new Bindings()).length > 0)) continue;
    const [table, columns] = having[0]!;
    const name = columnsOfField(field, columns)[0]!;
    throw new SoclabError(
      "SOCLAB_INVALID_VALUE",
      `"${field}" of table "${table}" is ${columns[name]}, and ${shown(term.test)} cannot be one`,
      {
        position: term.place.from,
        hint: "Numbers and times take ranges: bytes:>1000, timestamp:[2022-06-13 TO 2022-06-14]; text takes wildcards: host:*.example.com.",
      },
    );
  }
}

function unknownField(field: string, { fieldPlace }: Term, tables: ReadonlyMap<string, Columns>): SoclabError {
  const near = didYouMean(field, fieldNames(tables.values()));
  const where = tables.size === 1 ? `table "${[...tables.keys()][0]}"` : "no table of the lake";
  const what = tables.size === 1 ? `${where} has no field "${field}"` : `${where} has a field "${field}"`;
  return new SoclabError("SOCLAB_UNKNOWN_COLUMN", `${what} (character ${fieldPlace.from + 1} of the search).${near ? ` ${near}` : ""}`, {
    position: fieldPlace.from,
    hint: 'Put text that holds a colon between quotes: "a:b".',
  });
}

function shown(test: ValueTest): string {
  switch (test.kind) {
    case "texts":
      return JSON.stringify(test.texts.join(", ").slice(0, 60));
    case "pattern":
      return "a text with wildcards";
    case "range":
      return `the range from ${test.low?.value ?? "*"} to ${test.high?.value ?? "*"}`;
    case "exists":
      return "*";
  }
}
