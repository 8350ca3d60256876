import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Feed } from "../feeds.ts";
import type { FoundSource } from "./find-sources.ts";
import { identityOf } from "./followed-file.ts";

/** What a run remembers of a source. */
export interface SavedSource<F extends Feed = string> {
  /** Where the file was. */
  readonly path: string;
  readonly feed: F;
  /** The source's id; null before its first record. */
  readonly id: string | null;
}

/** A file to read, and the state of the source that it goes on from. */
export interface MatchedSource<S, F extends Feed = string> {
  readonly found: FoundSource<F>;
  readonly saved: S | undefined;
}

/**
 * Which saved source each file is, by the files' identities and not by their names: a file that was rotated while nobody read it goes on under
 * its new name, and the one that took its name begins. Saved sources that still have something to read and are not among the files are
 * looked for in their folders.
 *
 * @param isOver - whether a saved source needs nothing more
 */
export async function matchSources<S extends SavedSource<F>, F extends Feed = string>(
  sources: readonly FoundSource<F>[],
  saved: readonly S[],
  isOver: (saved: S) => boolean,
): Promise<MatchedSource<S, F>[]> {
  if (saved.length === 0) return sources.map((found) => ({ found, saved: undefined }));
  const left = new Set(saved);
  const matched: MatchedSource<S, F>[] = [];
  for (const found of sources) {
    const id = await identityOf(found.path, found.feed);
    const match = [...left].find((source) => (source.id === null ? source.path === found.path : source.id === id));
    if (match) left.delete(match);
    matched.push({ found, saved: match });
  }
  const taken = new Set(sources.map(({ path }) => path));
  for (const source of left) {
    if (isOver(source)) continue;
    const path = await findByIdentity(source, taken);
    if (path !== undefined) matched.push({ found: { path, feed: source.feed }, saved: source });
  }
  return matched;
}

async function findByIdentity({ path, feed, id }: SavedSource<Feed>, taken: ReadonlySet<string>): Promise<string | undefined> {
  if (id === null) return undefined;
  const folder = dirname(path);
  const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths = [path, ...names.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name))];
  for (const candidate of new Set(paths)) {
    if (taken.has(candidate)) continue;
    if ((await identityOf(candidate, feed).catch(() => null)) === id) return candidate;
  }
  return undefined;
}
