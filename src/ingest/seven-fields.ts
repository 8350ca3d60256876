import { isIP } from "node:net";
import {
  type Column,
  columnOf,
  type DictionaryColumn,
  DictionaryMemo,
  isListColumn,
  isValid,
  type ScalarType,
  textAt,
  toDictionary,
} from "../event/index.ts";

/** Columns that stand for a standard field, best first. */
export interface SevenFieldSources {
  readonly timestamp: readonly string[];
  readonly ip_src_addr: readonly string[];
  readonly ip_src_port: readonly string[];
  readonly ip_dst_addr: readonly string[];
  readonly ip_dst_port: readonly string[];
  readonly protocol: readonly string[];
}

const lowerCase = new DictionaryMemo((value) => value.toLowerCase());

/**
 * Adds the standard fields to a feed's own columns. A field is the feed's column itself, not a copy, so that whoever writes columns can see
 * that two names are one; a null in the best source is filled from the next.
 */
export function addSevenFields(
  columns: Map<string, Column>,
  length: number,
  sources: SevenFieldSources,
  isAddress: (column: string) => boolean,
  protocol: string | null,
): void {
  const types = {
    timestamp: "timestamp",
    ip_src_addr: "string",
    ip_src_port: "integer",
    ip_dst_addr: "string",
    ip_dst_port: "integer",
  } as const;
  for (const [field, type] of Object.entries(types) as [keyof typeof types, ScalarType][]) {
    const names =
      type === "string" ? sources[field].filter((name) => isAddress(name) || columns.get(name)?.type === "string[]") : sources[field];
    const candidates = names.map((name) => firstOfList(columns.get(name))).filter((column) => column?.type === type);
    let [best] = candidates;
    for (const next of candidates.slice(1)) if (best && next && best.validity) best = coalesced(best, next);
    columns.set(field, best ?? nullColumn(type, length));
  }
  const found = sources.protocol.map((name) => columns.get(name)).find((column) => column?.type === "string");
  columns.set(
    "protocol",
    found?.type === "string" ? filled(lowerCased(withoutEmpty(toDictionary(found))), protocol) : constantString(protocol, length),
  );
}

/** Of a list of addresses the first, null where there is none or it is no address; every other column as it is. */
function firstOfList(column: Column | undefined): Column | undefined {
  if (column?.type !== "string[]" || !isListColumn(column)) return column;
  const firsts = Array.from({ length: column.length }, (_, row) => {
    if (!isValid(column.validity, row) || column.offsets[row] === column.offsets[row + 1]) return null;
    const text = textAt(column.child, column.offsets[row]!);
    return text !== null && isIP(text) !== 0 ? text : null;
  });
  return columnOf("string", firsts);
}

/** Values of the first where it has one, else of the second. */
function coalesced(first: Column, second: Column): Column {
  if (first.type === "string" && second.type === "string") {
    const [a, b] = [toDictionary(first), toDictionary(second)];
    const merged = Array.from({ length: a.length }, (_, row) =>
      isValid(a.validity, row)
        ? a.dictionary.values[a.codes[row]!]!
        : isValid(b.validity, row)
          ? b.dictionary.values[b.codes[row]!]!
          : null,
    );
    return columnOf("string", merged);
  }
  if (first.type === "integer" && second.type === "integer") {
    const merged = Array.from({ length: first.length }, (_, row) =>
      isValid(first.validity, row) ? first.values[row]! : isValid(second.validity, row) ? second.values[row]! : null,
    );
    return columnOf("integer", merged);
  }
  return first;
}

/** A protocol that is an empty text is none. */
function withoutEmpty(column: DictionaryColumn): DictionaryColumn {
  const empty = column.dictionary.values.indexOf("");
  if (empty < 0) return column;
  const { length, codes } = column;
  const validity = column.validity ? column.validity.slice() : new Uint8Array((length + 7) >> 3).fill(255);
  for (let row = 0; row < length; row++) if (codes[row] === empty) validity[row >> 3]! &= ~(1 << (row & 7));
  return { ...column, validity };
}

/** What a record does not name is the table's own protocol, whatever other records of the batch name. */
function filled(column: DictionaryColumn, protocol: string | null): DictionaryColumn {
  const { length, validity, dictionary } = column;
  if (validity === undefined || protocol === null) return column;
  const values = [...dictionary.values, protocol];
  const codes = column.codes.slice();
  for (let row = 0; row < length; row++) if (!isValid(validity, row)) codes[row] = values.length - 1;
  return { ...column, validity: undefined, codes, dictionary: { values } };
}

function lowerCased(column: DictionaryColumn): DictionaryColumn {
  const values = lowerCase.of(column.dictionary);
  if (values.every((value, code) => value === column.dictionary.values[code])) return column;
  return { ...column, dictionary: { values } };
}

export function constantString(value: string | null, length: number): DictionaryColumn {
  const validity = value === null ? new Uint8Array((length + 7) >> 3) : undefined;
  return {
    type: "string",
    encoding: "dictionary",
    length,
    validity,
    codes: new Int32Array(length),
    dictionary: { values: value === null ? [] : [value] },
  };
}

export function nullColumn(type: ScalarType, length: number): Column {
  return columnOf(type, new Array<null>(length).fill(null));
}
