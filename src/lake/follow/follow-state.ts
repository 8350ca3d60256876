import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ParserState, SavedSource } from "../../ingest/index.ts";

/** How far the lake has a source, as of a commit. */
export interface FollowedSource extends SavedSource {
  readonly state: ParserState;
  /** Nothing more comes: a compressed file, or one that another has replaced. */
  readonly done: boolean;
}

const version = 1;
const remembered = 10_000;

function statePath(directory: string): string {
  return join(directory, "_follow.json");
}

/**
 * Where to go on after an end or a kill. It is written behind each commit, so it may be older than the lake and is never newer: records that
 * are read again are known by their ids and left out. For the same reason a file that is damaged or gone costs time and nothing else.
 */
export async function readFollowState(directory: string): Promise<FollowedSource[]> {
  try {
    const saved: { version?: unknown; sources?: unknown } = JSON.parse(await readFile(statePath(directory), "utf8"));
    return saved.version === version && Array.isArray(saved.sources) ? saved.sources.filter(isSource) : [];
  } catch {
    return [];
  }
}

export async function writeFollowState(directory: string, sources: readonly FollowedSource[]): Promise<void> {
  const path = statePath(directory);
  const temporary = `${path}.new`;
  await writeFile(temporary, JSON.stringify({ version, sources: sources.slice(-remembered) }));
  await rename(temporary, path);
}

function isSource(source: Partial<FollowedSource> | null): source is FollowedSource {
  const state = source?.state;
  return (
    typeof source?.path === "string" &&
    typeof source.feed === "string" &&
    (source.id === null || typeof source.id === "string") &&
    Number.isSafeInteger(state?.offset) &&
    state?.sourceId === source.id &&
    Array.isArray(state?.header)
  );
}
