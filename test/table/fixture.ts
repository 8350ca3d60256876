import type { TestContext } from "node:test";
import { type Column, columnOf } from "../../src/event/index.ts";
import { identifier } from "../../src/sql/index.ts";
import { DuckDb, EventTable } from "../../src/table/index.ts";

export const connColumns = {
  uid: "string",
  ts: "timestamp",
  id_orig_h: "string",
  id_resp_p: "integer",
  duration: "double",
  orig_bytes: "bigint",
  local_orig: "boolean",
  tags: "string[]",
} as const;

export const hostColumns = { id_orig_h: "string", owner: "string", uid: "string" } as const;

const lists: Column = {
  type: "string[]",
  length: 6,
  validity: Uint8Array.of(0b101111),
  offsets: Int32Array.of(0, 1, 1, 3, 3, 3, 4),
  child: columnOf("string", ["a", "b", "c", "a"]),
};

const connRows = new Map<string, Column>([
  ["uid", columnOf("string", ["C0", "C1", "C2", "C3", "C4", "C5"])],
  [
    "ts",
    columnOf(
      "timestamp",
      [0, 1000, 3_600_000, 7_200_001, null, -1].map((ms) => (ms === null ? null : new Date(ms))),
    ),
  ],
  ["id_orig_h", columnOf("string", ["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.3", null])],
  ["id_resp_p", columnOf("integer", [22, 80, 22, 443, 22, 80])],
  ["duration", columnOf("double", [1.5, null, 2.5, Number.NaN, 0, -4])],
  ["orig_bytes", columnOf("bigint", [1000n, 2000n, 9_007_199_254_740_993n, null, 0n, -5n])],
  ["local_orig", columnOf("boolean", [true, false, null, true, true, false])],
  ["tags", lists],
]);

const hostRows = new Map<string, Column>([
  ["id_orig_h", columnOf("string", ["10.0.0.1", "10.0.0.3", "10.0.0.9"])],
  ["owner", columnOf("string", ["ada", null, "grace"])],
  ["uid", columnOf("string", ["H1", "H3", "H9"])],
]);

export async function tables(context: TestContext) {
  const engine = new DuckDb({ threads: 2 });
  context.after(() => engine.close());
  const all: ReadonlyMap<string, ReadonlyMap<string, Column>> = new Map([
    ["conn", connRows],
    ["hosts", hostRows],
  ]);
  for (const [name, columns] of all) {
    const definition = [...columns].map(([column, { type }]) => ({ name: column, type }));
    const table = await engine.createTable(name, definition);
    const [first] = columns.values();
    await table.append(
      [...columns.values()].map((column) => ({ kind: "column", column })),
      first!.length,
    );
    table.flush();
  }
  const conn = EventTable.of<typeof connColumns>(engine, { name: "conn", sql: identifier("conn"), columns: () => connColumns });
  const hosts = EventTable.of<typeof hostColumns>(engine, { name: "hosts", sql: identifier("hosts"), columns: () => hostColumns });
  return { engine, conn, hosts };
}
