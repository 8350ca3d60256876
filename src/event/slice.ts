import type { EventBatch } from "./batch.ts";
import { type Column, isListColumn, isValid, type ScalarColumn, type Validity } from "./column.ts";

/** Rows `from` to `until` (exclusive) as a batch of their own; values are shared where the layout allows it. */
export function sliceBatch(batch: EventBatch, from: number, until: number): EventBatch {
  const { raw, source } = batch;
  const columns = new Map<string, Column>();
  const sliced = new Map<Column, Column>();
  for (const [name, column] of batch.columns) {
    const known = sliced.get(column) ?? sliceColumn(column, from, until);
    sliced.set(column, known);
    columns.set(name, known);
  }
  return {
    ...batch,
    length: until - from,
    columns,
    raw: { bytes: raw.bytes, starts: raw.starts.subarray(from, until), ends: raw.ends.subarray(from, until) },
    source: { ...source, offsets: source.offsets.subarray(from, until) },
    idLow: batch.idLow.subarray(from, until),
  };
}

function sliceColumn(column: Column, from: number, until: number): Column {
  const length = until - from;
  const validity = sliceValidity(column.validity, from, until);
  if (isListColumn(column)) return { ...column, length, validity, offsets: column.offsets.subarray(from, until + 1) };
  return sliceScalar(column, from, until, length, validity);
}

function sliceScalar(column: ScalarColumn, from: number, until: number, length: number, validity: Validity): ScalarColumn {
  switch (column.type) {
    case "string":
      if (column.encoding === "dictionary") return { ...column, length, validity, codes: column.codes.subarray(from, until) };
      return { ...column, length, validity, starts: column.starts.subarray(from, until), ends: column.ends.subarray(from, until) };
    case "double":
    case "timestamp":
      return { ...column, length, validity, values: column.values.subarray(from, until) };
    case "integer":
      return { ...column, length, validity, values: column.values.subarray(from, until) };
    case "bigint":
      return { ...column, length, validity, values: column.values.subarray(from, until) };
    case "boolean":
      return { ...column, length, validity, values: column.values.subarray(from, until) };
  }
}

function sliceValidity(validity: Validity, from: number, until: number): Validity {
  if (validity === undefined) return undefined;
  const out = new Uint8Array((until - from + 7) >> 3);
  for (let row = from; row < until; row++) if (isValid(validity, row)) out[(row - from) >> 3]! |= 1 << ((row - from) & 7);
  return out;
}
