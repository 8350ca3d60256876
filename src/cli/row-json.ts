import { type JsonValue, toJsonValue } from "../event/index.ts";
import type { RowValue } from "../table/index.ts";

const sevenFields = new Set(["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol", "original_string"]);

/** A value of a row as JSON; bytes that are not UTF-8 as `{base64}`. */
export function rowJson(value: RowValue): JsonValue {
  if (!(value instanceof Uint8Array)) return toJsonValue(value);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : { base64: bytes.toString("base64") };
}

/** An event as `soclab parse` shows it: nulls are left out, but for the seven fields. */
export function rowToJson(row: Readonly<Record<string, RowValue>>): Record<string, JsonValue> {
  const out: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(row)) {
    if (value === null && !sevenFields.has(name)) continue;
    const json = rowJson(value);
    if (name === "original_string" && value instanceof Uint8Array && typeof json !== "string") {
      out.original_string = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
      out.original_bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
    } else Object.defineProperty(out, name, { value: json, enumerable: true, configurable: true, writable: true });
  }
  return out;
}
