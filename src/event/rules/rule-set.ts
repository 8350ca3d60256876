import { nearestName, SoclabError, searchTimeFault } from "../../core/index.ts";
import { type EventBatch, rawRecord, withColumns } from "../batch.ts";
import { type Column, isValid, valueAt } from "../column.ts";
import type { DeadLetterCode } from "../dead-letter.ts";
import { toJsonValue } from "../json.ts";
import { feedColumns, type KnownFeed } from "../schemas.ts";
import { ColumnCheck, type ValueCheck } from "./column-check.ts";
import type { Rule, RuleKind } from "./definition.ts";
import { selectRows } from "./row-selection.ts";

/** A row that a rule has rejected, with its bytes. */
export interface RuleRejection {
  readonly code: DeadLetterCode;
  readonly reason: string;
  readonly offset: number;
  readonly raw: Uint8Array;
}

/** What one rule has come to so far. */
export interface RuleCount {
  readonly rule: string;
  readonly action: Rule["action"];
  readonly field: string;
  /** Rows of its tables. */
  readonly checked: number;
  readonly broken: number;
  /** Rows of batches that have no such column: `required` rejects them, the others have nothing to say. */
  readonly absent: number;
}

/** Rules over the events of any feed. What is rejected becomes a dead letter, what is warned of gets the rule's name into `rule_warnings`. */
export interface RuleSet {
  check(batch: EventBatch): { readonly batch: EventBatch; readonly rejected: readonly RuleRejection[] };
  counts(): readonly RuleCount[];
}

/** The values that a `references` rule allows; the reader of a rules file brings them along. */
export type ReferenceValues = (rule: Rule) => ReadonlySet<string>;

const codes: Readonly<Record<RuleKind, DeadLetterCode>> = {
  required: "RULE_REQUIRED",
  range: "RULE_RANGE",
  oneOf: "RULE_ENUMERATION",
  pattern: "RULE_PATTERN",
  references: "RULE_REFERENCE",
};

interface CompiledRule {
  readonly rule: Rule;
  readonly tables: ReadonlySet<string> | undefined;
  readonly code: DeadLetterCode;
  readonly expected: string;
  /** Undefined for `required`. */
  readonly column: ColumnCheck | undefined;
  checked: number;
  broken: number;
  absent: number;
}

/**
 * Compiles rules; a field that a known table does not have, but has one of nearly the same name, is refused here and not passed over.
 * @param references - needed for rules of the kind `references`
 * @throws SOCLAB_INVALID_DEFINITION
 */
export function compileRules(rules: readonly Rule[], references?: ReferenceValues): RuleSet {
  const compiled = rules.map((rule) => compileRule(rule, references));
  return {
    check: (batch) => checkBatch(compiled, batch),
    counts: () =>
      compiled.map(({ rule, checked, broken, absent }) => ({
        rule: rule.name,
        action: rule.action,
        field: rule.field,
        checked,
        broken,
        absent,
      })),
  };
}

function compileRule(rule: Rule, references: ReferenceValues | undefined): CompiledRule {
  for (const table of rule.tables ?? []) if (rule.undeclared !== true) refuseMisspelled(rule, table);
  const tables = rule.tables && new Set(rule.tables);
  const counts = { checked: 0, broken: 0, absent: 0 };
  const made = (kind: RuleKind, expected: string, check?: ValueCheck): CompiledRule => ({
    rule,
    tables,
    code: codes[kind],
    expected,
    column: check && new ColumnCheck(check),
    ...counts,
  });
  if (rule.required) return made("required", "a value");
  if (rule.range) return made("range", rangeText(rule.range), rangeCheck(rule, rule.range));
  if (rule.oneOf) {
    const allowed = new Set(rule.oneOf.map(String));
    return made("oneOf", `one of ${[...allowed].slice(0, 8).join(", ")}${allowed.size > 8 ? ", …" : ""}`, membership(allowed, rule.oneOf));
  }
  if (rule.pattern !== undefined) {
    const pattern = patternOf(rule, rule.pattern);
    return made("pattern", `a text like ${rule.pattern}`, {
      text: (value) => value.length <= maxPatternText && pattern.test(value),
      number: (value) => pattern.test(String(value)),
    });
  }
  const allowed = references?.(rule);
  if (!allowed || !rule.references) throw invalid(rule, "names a file, but its values were not read");
  return made("references", `a value of ${rule.references.file}`, {
    text: (value) => allowed.has(value),
    number: (value) => allowed.has(String(value)),
  });
}

/** A pattern is tried on no longer text: what is longer does not fit it. */
const maxPatternText = 65_536;

function patternOf(rule: Rule, source: string): RegExp {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, "u");
  } catch (cause) {
    throw invalid(rule, `has a pattern that is none: ${cause instanceof Error ? cause.message : cause}`);
  }
  const fault = searchTimeFault(source);
  if (fault === null) return pattern;
  const [place = 0] = fault.places;
  throw invalid(rule, `has a pattern that cannot be used, at ${JSON.stringify(source.slice(place, place + 20))}: ${fault.reason}`);
}

function membership(allowed: ReadonlySet<string>, values: readonly (string | number | boolean)[]): ValueCheck {
  const numbers = new Set(values.map((value) => (typeof value === "boolean" ? Number(value) : Number(value === "" ? Number.NaN : value))));
  return { text: (value) => allowed.has(value), number: (value) => numbers.has(value) };
}

function rangeCheck(rule: Rule, { min, max }: NonNullable<Rule["range"]>): ValueCheck {
  const low = boundOf(min, Number.NEGATIVE_INFINITY);
  const high = boundOf(max, Number.POSITIVE_INFINITY);
  if (low > high) throw invalid(rule, "has a range whose min is above its max");
  // Text that is a number is compared as one; any other is in no range.
  return { text: (value) => value.trim() !== "" && inRange(Number(value)), number: inRange };
  function inRange(value: number): boolean {
    return value >= low && value <= high;
  }
}

/** A time is microseconds, as columns of timestamps are. */
function boundOf(bound: number | string | undefined, open: number): number {
  if (bound === undefined) return open;
  return typeof bound === "number" ? bound : Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(bound) ? bound : `${bound}Z`) * 1000;
}

function rangeText({ min, max }: NonNullable<Rule["range"]>): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

function refuseMisspelled(rule: Rule, table: string): void {
  if (!Object.hasOwn(feedColumns, table)) return;
  const declared = Object.keys(feedColumns[table as KnownFeed]);
  if (declared.includes(rule.field)) return;
  const near = nearestName(rule.field, declared);
  if (near !== undefined)
    throw new SoclabError(
      "SOCLAB_INVALID_DEFINITION",
      `rule "${rule.name}": table "${table}" has no column "${rule.field}". Did you mean "${near}"?`,
      {
        hint: 'If the column is your own, add "undeclared": true.',
      },
    );
}

function invalid(rule: Rule, problem: string): SoclabError {
  return new SoclabError("SOCLAB_INVALID_DEFINITION", `rule "${rule.name}" ${problem}`);
}

function checkBatch(rules: readonly CompiledRule[], batch: EventBatch): { batch: EventBatch; rejected: RuleRejection[] } {
  const rejectedBy = new Map<number, CompiledRule>();
  const warnings = new Map<number, string[]>();
  for (const compiled of rules) {
    const { rule, tables } = compiled;
    if (tables !== undefined && !tables.has(batch.feed)) continue;
    const breaks = new Uint8Array(batch.length);
    const broken = breaksOf(compiled, batch, breaks);
    compiled.checked += batch.length;
    compiled.broken += broken;
    if (broken === 0) continue;
    for (let row = 0; row < batch.length; row++) {
      if (breaks[row] === 0) continue;
      if (rule.action === "reject") {
        if (!rejectedBy.has(row)) rejectedBy.set(row, compiled);
        continue;
      }
      const names = warnings.get(row) ?? [];
      names.push(rule.name);
      warnings.set(row, names);
    }
  }
  const marked = warnings.size === 0 ? batch : withColumns(batch, [["rule_warnings", warningColumn(batch.length, warnings)]]);
  if (rejectedBy.size === 0) return { batch: marked, rejected: [] };
  const rejected = [...rejectedBy].sort(([a], [b]) => a - b).map(([row, compiled]) => rejectionOf(compiled, batch, row));
  const kept = new Int32Array(batch.length - rejectedBy.size);
  for (let row = 0, at = 0; row < batch.length; row++) if (!rejectedBy.has(row)) kept[at++] = row;
  return { batch: selectRows(marked, kept), rejected };
}

function breaksOf(compiled: CompiledRule, batch: EventBatch, breaks: Uint8Array): number {
  const column = batch.columns.get(compiled.rule.field);
  if (column === undefined) compiled.absent += batch.length;
  if (compiled.column) return column === undefined ? 0 : compiled.column.run(column, breaks);
  let count = 0;
  for (let row = 0; row < batch.length; row++) {
    if (column !== undefined && isValid(column.validity, row)) continue;
    breaks[row] = 1;
    count++;
  }
  return count;
}

function rejectionOf({ rule, code, expected }: CompiledRule, batch: EventBatch, row: number): RuleRejection {
  const column = batch.columns.get(rule.field);
  const value = JSON.stringify(toJsonValue(column === undefined ? null : valueAt(column, row)));
  const shown = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return {
    code,
    reason: `rule "${rule.name}": ${rule.field} is ${shown}, expected ${expected}`,
    offset: batch.source.offsets[row]!,
    raw: rawRecord(batch, row).slice(),
  };
}

function warningColumn(length: number, warnings: ReadonlyMap<number, readonly string[]>): Column {
  const values = [...new Set([...warnings.values()].flat())];
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const offsets = new Int32Array(length + 1);
  const codes: number[] = [];
  const validity = new Uint8Array((length + 7) >> 3);
  for (let row = 0; row < length; row++) {
    for (const name of warnings.get(row) ?? []) codes.push(codeOf.get(name)!);
    if (warnings.has(row)) validity[row >> 3]! |= 1 << (row & 7);
    offsets[row + 1] = codes.length;
  }
  const child = {
    type: "string",
    encoding: "dictionary",
    length: codes.length,
    validity: undefined,
    codes: Int32Array.from(codes),
    dictionary: { values },
  } as const;
  return { type: "string[]", length, validity, offsets, child };
}
