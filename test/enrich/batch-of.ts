import { type Column, columnOf, type EventBatch, type ScalarValue } from "../../src/event/index.ts";

/** A batch of `conn` events (or another feed's) between the given addresses, with more text columns. */
export function batchOf(
  source: readonly (string | null)[],
  destination: readonly (string | null)[],
  texts: Readonly<Record<string, readonly (ScalarValue | null)[]>> = {},
  feed = "conn",
): EventBatch {
  const { length } = source;
  const columns = new Map<string, Column>([
    ["ip_src_addr", columnOf("string", source)],
    ["ip_dst_addr", columnOf("string", destination)],
  ]);
  for (const [name, values] of Object.entries(texts)) columns.set(name, columnOf("string", values));
  return {
    feed,
    length,
    columns,
    raw: { bytes: new Uint8Array(0), starts: new Int32Array(length), ends: new Int32Array(length) },
    source: { name: "test", id: "0000000000000000", offsets: new Float64Array(length), end: 0 },
    idLow: new BigUint64Array(length),
  };
}
