import type { EventBatch } from "../batch.ts";
import { type Column, isListColumn, isValid, type ScalarColumn, type Validity } from "../column.ts";

/** The rows of a batch that are named, in that order, as a batch of their own. */
export function selectRows(batch: EventBatch, rows: Int32Array): EventBatch {
  const { raw, source } = batch;
  const columns = new Map<string, Column>();
  const selected = new Map<Column, Column>();
  for (const [name, column] of batch.columns) {
    const known = selected.get(column) ?? selectColumn(column, rows);
    selected.set(column, known);
    columns.set(name, known);
  }
  return {
    ...batch,
    length: rows.length,
    columns,
    raw: { bytes: raw.bytes, starts: rows.map((row) => raw.starts[row]!), ends: rows.map((row) => raw.ends[row]!) },
    source: { ...source, offsets: Float64Array.from(rows, (row) => source.offsets[row]!) },
    idLow: BigUint64Array.from(rows, (row) => batch.idLow[row]!),
  };
}

function selectColumn(column: Column, rows: Int32Array): Column {
  const length = rows.length;
  const validity = selectValidity(column.validity, rows);
  if (!isListColumn(column)) return selectScalar(column, rows, validity);
  const offsets = new Int32Array(length + 1);
  const elements: number[] = [];
  for (let i = 0; i < length; i++) {
    for (let at = column.offsets[rows[i]!]!; at < column.offsets[rows[i]! + 1]!; at++) elements.push(at);
    offsets[i + 1] = elements.length;
  }
  const taken = Int32Array.from(elements);
  return { ...column, length, validity, offsets, child: selectScalar(column.child, taken, selectValidity(column.child.validity, taken)) };
}

function selectScalar(column: ScalarColumn, rows: Int32Array, validity: Validity): ScalarColumn {
  const length = rows.length;
  switch (column.type) {
    case "string":
      if (column.encoding === "dictionary") return { ...column, length, validity, codes: rows.map((row) => column.codes[row]!) };
      return { ...column, length, validity, starts: rows.map((row) => column.starts[row]!), ends: rows.map((row) => column.ends[row]!) };
    case "double":
    case "timestamp":
      return { ...column, length, validity, values: Float64Array.from(rows, (row) => column.values[row]!) };
    case "integer":
      return { ...column, length, validity, values: rows.map((row) => column.values[row]!) };
    case "bigint":
      return { ...column, length, validity, values: BigInt64Array.from(rows, (row) => column.values[row]!) };
    case "boolean":
      return { ...column, length, validity, values: Uint8Array.from(rows, (row) => column.values[row]!) };
  }
}

function selectValidity(validity: Validity, rows: Int32Array): Validity {
  if (validity === undefined) return undefined;
  const out = new Uint8Array((rows.length + 7) >> 3);
  for (let i = 0; i < rows.length; i++) if (isValid(validity, rows[i]!)) out[i >> 3]! |= 1 << (i & 7);
  return out;
}
