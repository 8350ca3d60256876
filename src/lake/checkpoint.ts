import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Columns } from "../event/index.ts";
import { replaceFile } from "./durable.ts";
import type { LakeFile } from "./lake-file.ts";
import { LakeState, type StateSnapshot } from "./lake-state.ts";
import { checkpointName, commitsPath } from "./layout.ts";

/** What the commits up to one of them come to, so that opening a lake need not read them all. It can be deleted at any time. */
interface Checkpoint {
  readonly version: 1;
  readonly commit: number;
  /** The link of that commit. */
  readonly head: string;
  readonly schemas: readonly Columns[];
  readonly tables: StateSnapshot["tables"];
  readonly files: readonly (Omit<LakeFile, "columns"> & { readonly schema: number })[];
  readonly removed: StateSnapshot["removed"];
}

const digestLength = 64;

export async function writeCheckpoint(directory: string, commit: number, head: string, state: LakeState): Promise<void> {
  const { tables, files, removed } = state.snapshot();
  const known = new Map<string, number>();
  const indexOf = (columns: Columns): number => {
    const key = JSON.stringify(columns);
    const index = known.get(key) ?? known.size;
    known.set(key, index);
    return index;
  };
  const entries = files.map(({ columns, ...file }) => ({ ...file, schema: indexOf(columns) }));
  const schemas = [...known.keys()].map((text): Columns => JSON.parse(text));
  const checkpoint: Checkpoint = { version: 1, commit, head, schemas, tables, files: entries, removed };
  const text = `${JSON.stringify(checkpoint)}\n`;
  await replaceFile(join(commitsPath(directory), checkpointName(commit)), `${digest(text)}\n${text}`);
}

/** @returns undefined where it is not there, is damaged, or belongs to another chain: the commits themselves are the truth */
export function readCheckpoint(directory: string, commit: number, head: string): LakeState | undefined {
  try {
    const text = readFileSync(join(commitsPath(directory), checkpointName(commit)), "utf8");
    const body = text.slice(digestLength + 1);
    if (text.slice(0, digestLength) !== digest(body)) return undefined;
    const checkpoint: Checkpoint = JSON.parse(body);
    if (checkpoint.version !== 1 || checkpoint.commit !== commit || checkpoint.head !== head) return undefined;
    const files = checkpoint.files.map(({ schema, ...file }) => ({ ...file, columns: checkpoint.schemas[schema]! }));
    return LakeState.of({ tables: checkpoint.tables, files, removed: checkpoint.removed });
  } catch {
    return undefined;
  }
}

export async function removeCheckpoint(directory: string, commit: number): Promise<void> {
  await rm(join(commitsPath(directory), checkpointName(commit)), { force: true });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
