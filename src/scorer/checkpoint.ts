import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { SoclabError } from "../core/index.ts";
import type { ParserState } from "../ingest/index.ts";
import type { EventClockState } from "./event-clock.ts";
import type { LedgerEntry } from "./ledger.ts";

/** A record that was read but waits for the watermark. */
export interface PendingRecord {
  readonly offset: number;
  /** Epoch microseconds, as the record was counted in. */
  readonly eventTime: number;
  readonly late: boolean;
}

export interface SourceCheckpoint {
  /** Where the file was; it may have been rotated since, and is then found by its identity. */
  readonly path: string;
  readonly feed: string;
  /** The source's id; null before its first record. */
  readonly id: string | null;
  /** Under which name the ledger counts it. */
  readonly ledger: string;
  /** First byte that is in no record handed out: records before it are accounted for, or wait. */
  readonly offset: number;
  /** A place at or before all that waits, from which to read again. */
  readonly resumeFrom: ParserState;
  readonly clock: EventClockState;
  readonly done: boolean;
  readonly pending: readonly PendingRecord[];
}

/** All that a scorer needs to go on after a kill as if nothing had happened. */
export interface Checkpoint {
  /** `M@1` and the hash of its artefact: another model does not go on from this state. */
  readonly model: string;
  readonly modelHash: string;
  readonly sources: readonly SourceCheckpoint[];
  readonly ledger: readonly (readonly [string, LedgerEntry])[];
  /** Length of the dead-letter file that belongs to this state. */
  readonly deadLetterBytes: number;
  /** Feature state of all entities. */
  readonly features: Uint8Array;
}

const magic = "soclab-checkpoint-3";

/** Writes the file whole or not at all: a temporary one, synced, renamed over the old. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { features, ...rest } = checkpoint;
  const head = Buffer.from(JSON.stringify(rest));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(head.length, 0);
  sizes.writeUInt32LE(features.length, 4);
  const body = Buffer.concat([Buffer.from(magic), sizes, head, features]);
  const digest = createHash("sha256").update(body).digest();
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, "w");
  try {
    await file.writeFile(Buffer.concat([body, digest]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/**
 * @returns the checkpoint, or undefined where none was written yet
 * @throws SOCLAB_INVALID_FILE where the file is damaged
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new SoclabError("SOCLAB_IO", `${path} cannot be read: ${error.message}`, { cause: error });
  });
  if (!bytes) return undefined;
  const body = bytes.subarray(0, -32);
  const headStart = magic.length + 8;
  const intact =
    bytes.length > headStart + 32 &&
    bytes.toString("latin1", 0, magic.length) === magic &&
    createHash("sha256").update(body).digest().equals(bytes.subarray(-32));
  if (!intact) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no intact checkpoint`, {
      hint: "Remove the file and score again: ids are deterministic, nothing is doubled.",
    });
  }
  const headEnd = headStart + body.readUInt32LE(magic.length);
  return { ...(JSON.parse(body.toString("utf8", headStart, headEnd)) as Omit<Checkpoint, "features">), features: body.subarray(headEnd) };
}
