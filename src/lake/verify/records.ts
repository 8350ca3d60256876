import { idLowOf } from "../../ingest/index.ts";
import { constant } from "../../sql/index.ts";
import { type Engine, rowsOf } from "../../table/index.ts";

const offsetBits = 20n;

/** A record that is not the one which its event's id was made from. */
export interface ChangedRecord {
  readonly eventId: string;
  readonly message: string;
}

/**
 * Makes the check of each event's id anew out of the record's bytes. Finds a changed record with a probability of 1 - 2⁻²⁰ where the bytes that the
 * check samples changed or the length did: a second look beside the file's SHA-256, and all there is for files without one.
 */
export async function* changedRecords(engine: Engine, path: string, signal: AbortSignal | undefined): AsyncGenerator<ChangedRecord> {
  const sql = `SELECT event_id, original_string FROM read_parquet(${constant(path)}, hive_partitioning = false)`;
  for await (const piece of engine.stream(sql, { signal })) {
    for (const { event_id: id, original_string: raw } of rowsOf(piece)) {
      const eventId = String(id);
      if (!/^[0-9a-f]{32}$/.test(eventId)) yield { eventId, message: `${JSON.stringify(eventId)} is no event id` };
      else if (!(raw instanceof Uint8Array)) yield { eventId, message: `event ${eventId} has no raw record` };
      else if (!hasId(eventId, raw)) yield { eventId, message: `event ${eventId} has a raw record that its id was not made from` };
    }
  }
}

function hasId(eventId: string, raw: Uint8Array): boolean {
  const low = BigInt(`0x${eventId.slice(16)}`);
  const [made] = idLowOf(raw, Int32Array.of(0), Int32Array.of(raw.length), Float64Array.of(Number(low >> offsetBits)), 1);
  return made === low;
}
