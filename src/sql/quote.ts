import { SoclabError } from "../core/index.ts";

/** What can stand in a SQL text as a constant. */
export type Constant = string | number | bigint | boolean | Date | Uint8Array | null | readonly Constant[];

/** A name as SQL takes it, whatever is in it: `"id_orig_h"`. */
export function identifier(name: string): string {
  if (name.includes("\0")) throw new SoclabError("SOCLAB_INVALID_VALUE", `the name ${JSON.stringify(name)} holds a NUL character`);
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A value as SQL takes it, of the type that JavaScript gave it: a whole number is an integer, another number a double, a Date a TIMESTAMP in
 * UTC, bytes a BLOB. A text with NUL characters, which would end the statement, is put together with `chr(0)`.
 */
export function constant(value: Constant): string {
  if (value === null) return "NULL";
  if (typeof value === "string") {
    const parts = value.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
    return parts.length === 1 ? parts[0]! : `(${parts.join(" || chr(0) || ")})`;
  }
  if (typeof value === "bigint") return value < 0n ? `(${value})` : value.toString();
  if (typeof value === "number")
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? constant(BigInt(value)) : doubleConstant(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (value instanceof Date) return timestampConstant(value);
  if (value instanceof Uint8Array) return `unhex('${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}')`;
  return `[${value.map(constant).join(", ")}]`;
}

/** A number that SQL must take as a double; an exponent keeps DuckDB from reading a DECIMAL. */
export function doubleConstant(value: number): string {
  if (!Number.isFinite(value)) return `'${Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"}'::DOUBLE`;
  const text = Object.is(value, -0) ? "-0" : String(value);
  const exact = text.includes("e") ? text : `${text}e0`;
  return text.startsWith("-") ? `(${exact})` : exact;
}

function timestampConstant(value: Date): string {
  const milliseconds = value.getTime();
  if (Number.isNaN(milliseconds)) throw new SoclabError("SOCLAB_INVALID_VALUE", "an invalid Date cannot be compared with a timestamp");
  const text = value.toISOString();
  return text.length === 24 ? `TIMESTAMP '${text.slice(0, 10)} ${text.slice(11, 23)}'` : `make_timestamp(${milliseconds * 1000}::BIGINT)`;
}
