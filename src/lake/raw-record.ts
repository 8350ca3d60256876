import { createHash } from "node:crypto";
import { SoclabError } from "../core/index.ts";
import { constant } from "../sql/index.ts";
import { rowsOf } from "../table/index.ts";
import type { Lake } from "./lake.ts";
import type { LakeFile } from "./lake-file.ts";
import { absolutePath, deadLetterTable } from "./layout.ts";

/** The record that an event was made from, with what proves that it is so. */
export interface RawRecord {
  readonly eventId: string;
  readonly table: string;
  /** The record's bytes as they stood in the source, without the line's end. */
  readonly raw: Uint8Array;
  /** Of the record's bytes. */
  readonly sha256: string;
  /** As the source was named when it was read. */
  readonly source: string;
  /** Byte offset in the uncompressed source. */
  readonly offset: number;
  /** The data file that holds it. */
  readonly file: Pick<LakeFile, "path" | "sha256" | "commit">;
}

/**
 * Finds the raw record of an event. Only files that hold the event's source at its offset are read.
 * @param eventId - 32 hexadecimal digits
 * @throws SOCLAB_INVALID_VALUE, SOCLAB_NOT_FOUND
 */
export async function rawRecordOf(lake: Lake, eventId: string, signal?: AbortSignal): Promise<RawRecord> {
  const id = eventId.toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `${JSON.stringify(eventId)} is no event id, expected 32 hexadecimal digits`, {
      hint: "soclab search --json shows ids.",
    });
  }
  const sourceId = id.slice(0, 16);
  const offset = Number(BigInt(`0x${id.slice(16)}`) >> 20n);
  for (const table of lake.tables().filter((name) => name !== deadLetterTable)) {
    for (const file of lake.files(table)) {
      const span = file.sources.find(({ id: source, from, to }) => source === sourceId && from <= offset && offset < to);
      if (!span) continue;
      const scan = `read_parquet(${constant(absolutePath(lake.directory, file.path))}, hive_partitioning = false)`;
      const [row] = rowsOf(await lake.query(`SELECT original_string AS raw FROM ${scan} WHERE event_id = ${constant(id)}`, { signal }));
      if (!(row?.raw instanceof Uint8Array)) continue;
      const { path, sha256, commit } = file;
      const digest = createHash("sha256").update(row.raw).digest("hex");
      return { eventId: id, table, raw: row.raw, sha256: digest, source: span.name, offset, file: { path, sha256, commit } };
    }
  }
  throw new SoclabError("SOCLAB_NOT_FOUND", `the lake ${lake.directory} has no event ${id}`, {
    hint: "It may have been removed by retention; soclab search --json shows the ids there are.",
  });
}
