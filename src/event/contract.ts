import { isIP } from "node:net";
import type { EventBatch } from "./batch.ts";
import { numberAt } from "./column.ts";
import { sevenFields } from "./standard.ts";

/** A breach of the seven-field contract: which row, which field, why. */
export interface Violation {
  readonly row: number;
  readonly field: string;
  readonly reason: string;
}

const addressFields = ["ip_src_addr", "ip_dst_addr"] as const;
const portFields = ["ip_src_port", "ip_dst_port"] as const;

/**
 * The runtime check of the contract, in full: the seven fields are there, of the right type, addresses are addresses, ports are ports, and
 * every record has its bytes. Parsers guarantee it; tests and a source that does not come from our parsers call it.
 */
export function contractViolations(batch: EventBatch): Violation[] {
  const violations: Violation[] = [];
  for (const [field, type] of Object.entries(sevenFields)) {
    if (type === "bytes") continue;
    const column = batch.columns.get(field);
    if (!column) violations.push({ row: -1, field, reason: "the column is missing" });
    else if (column.type !== type) violations.push({ row: -1, field, reason: `the column is ${column.type}, expected ${type}` });
    else if (column.length !== batch.length)
      violations.push({ row: -1, field, reason: `${column.length} values for ${batch.length} events` });
  }
  if (violations.length > 0) return violations;
  for (const field of portFields) {
    const column = batch.columns.get(field)!;
    if (column.type !== "integer") continue;
    for (let row = 0; row < batch.length; row++) {
      const port = numberAt(column, row);
      if (port < 0 || port > 65535) violations.push({ row, field, reason: `${port} is no port` });
    }
  }
  for (const field of addressFields) {
    const column = batch.columns.get(field)!;
    if (column.type !== "string" || column.encoding !== "dictionary") {
      violations.push({ row: -1, field, reason: "addresses are dictionary-coded" });
      continue;
    }
    const wrong = new Set(column.dictionary.values.flatMap((value, code) => (isIP(value) === 0 ? [code] : [])));
    if (wrong.size === 0) continue;
    for (let row = 0; row < batch.length; row++) {
      const code = column.codes[row]!;
      const valid = column.validity === undefined || (column.validity[row >> 3]! & (1 << (row & 7))) !== 0;
      if (valid && wrong.has(code)) violations.push({ row, field, reason: `"${column.dictionary.values[code]}" is no address` });
    }
  }
  for (let row = 0; row < batch.length; row++) {
    const [start, end] = [batch.raw.starts[row]!, batch.raw.ends[row]!];
    if (!(start >= 0 && end >= start && end <= batch.raw.bytes.length)) {
      violations.push({ row, field: "original_string", reason: `bytes ${start} to ${end} of ${batch.raw.bytes.length}` });
    }
  }
  return violations;
}
