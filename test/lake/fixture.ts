import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Column, columnOf, type EventBatch, type ScalarType, type ScalarValue } from "../../src/event/index.ts";

export function temporaryLake(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "soclab-lake-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface FixtureOptions {
  readonly feed?: string;
  readonly sourceId?: string;
  readonly name?: string;
  /** The number of the first record in its source; records are 100 bytes apart. */
  readonly first?: number;
  readonly raw?: readonly Uint8Array[];
}

type Fields = Readonly<Record<string, readonly [ScalarType, readonly (ScalarValue | null)[]]>>;

/** A batch out of plain values. `ts` is also `timestamp`, and addresses are shared in the same way, as parsers do it. */
export function batchOf(fields: Fields, options: FixtureOptions = {}): EventBatch {
  const [length] = Object.values(fields).map(([, values]) => values.length);
  const columns = new Map<string, Column>();
  for (const [name, [type, values]] of Object.entries(fields)) columns.set(name, columnOf(type, values));
  const shared = {
    timestamp: "ts",
    ip_src_addr: "id_orig_h",
    ip_src_port: "id_orig_p",
    ip_dst_addr: "id_resp_h",
    ip_dst_port: "id_resp_p",
    protocol: "proto",
  };
  for (const [name, own] of Object.entries(shared)) {
    const column = columns.get(own);
    if (column) columns.set(name, column);
  }
  const first = options.first ?? 0;
  const records = Array.from(
    { length: length! },
    (_, i) => options.raw?.[i] ?? Buffer.from(`record ${first + i} of ${options.name ?? "conn.log"}`),
  );
  const ends = new Int32Array(length!);
  let end = 0;
  for (const [i, record] of records.entries()) {
    end += record.length;
    ends[i] = end;
  }
  const offsets = Float64Array.from({ length: length! }, (_, i) => (first + i) * 100);
  return {
    feed: options.feed ?? "conn",
    length: length!,
    columns,
    raw: { bytes: Buffer.concat(records), starts: Int32Array.from(records, (record, i) => ends[i]! - record.length), ends },
    source: { name: options.name ?? "conn.log", id: options.sourceId ?? "00112233445566ff", offsets, end: (first + length!) * 100 },
    idLow: BigUint64Array.from(offsets, (offset) => (BigInt(offset) << 20n) | 7n),
  };
}

const dayMs = 86_400_000;
export const firstDay = Date.UTC(2022, 5, 1);

/** `count` connections, an hour apart from each other, so that they fall on several days. */
export function connections(count: number, options: FixtureOptions & { readonly everyMs?: number } = {}): EventBatch {
  const first = options.first ?? 0;
  const every = options.everyMs ?? 3_600_000;
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  return batchOf(
    {
      ts: ["timestamp", numbers.map((i) => new Date(firstDay + ((i * every) % (5 * dayMs))))],
      uid: ["string", numbers.map((i) => `C${i}`)],
      id_orig_h: ["string", numbers.map((i) => `10.0.0.${i % 5}`)],
      id_orig_p: ["integer", numbers.map((i) => 1024 + (i % 1000))],
      id_resp_h: ["string", numbers.map((i) => (i % 3 === 0 ? "2001:db8::1" : "192.168.100.200"))],
      id_resp_p: ["integer", numbers.map((i) => [22, 80, 443][i % 3]!)],
      proto: ["string", numbers.map(() => "tcp")],
      duration: ["double", numbers.map((i) => (i % 4 === 0 ? null : i / 8))],
      orig_bytes: ["bigint", numbers.map((i) => BigInt(i) * 1000n)],
      conn_state: ["string", numbers.map((i) => ["SF", "S0"][i % 2]!)],
    },
    options,
  );
}
