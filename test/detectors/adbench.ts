import { readFileSync } from "node:fs";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Matrix } from "../../src/features/index.ts";

export const fixtures = new URL("./fixtures/", import.meta.url);

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, fixtures), "utf8"));
}

/** A table of ADBench: its features and its truth. */
export async function readTable(name: string): Promise<{ matrix: Matrix; truth: Int8Array }> {
  const bytes = readFileSync(new URL(`${name}.parquet`, fixtures));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = await parquetReadObjects({ file, compressors });
  const names = Object.keys(rows[0]!).filter((column) => column !== "label");
  const values = Float64Array.from(rows.flatMap((row) => names.map((column) => Number(row[column]))));
  return { matrix: { rowCount: rows.length, names, values }, truth: Int8Array.from(rows, (row) => (row.label ? 1 : 0)) };
}
