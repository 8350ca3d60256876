import { createHash } from "node:crypto";
import { readText } from "../text-file.ts";
import { csvTable, type ReferenceTable } from "./reference-table.ts";

/** Where rows of a history come from. */
export type ReferenceSource = FileSource;

/** A CSV file with a header line, gzip or not. */
export interface FileSource {
  readonly path: string;
  /** soclab's name of a column → the file's. Columns that it does not name are left alone. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** A source as it was read: 16 hexadecimal digits of the SHA-256 of its content. */
export interface SourceVersion {
  /** What it is for: `assets`, `users`, `leases`. */
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly rows: number;
}

export async function openReference(
  source: ReferenceSource,
  wanted: readonly string[],
): Promise<{ table: ReferenceTable; version: string }> {
  const text = await readText(source.path);
  return { table: csvTable(text, source.path, wanted), version: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}
