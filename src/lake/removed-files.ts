import { readdir, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { CommitLog } from "./commit-log.ts";
import { removeFolder } from "./durable.ts";
import { absolutePath, commitOfPart, commitsPath, searchEnding, stagingDirectory } from "./layout.ts";

/**
 * What an earlier writer left behind when it ended without a chance to clean up: staged files, files that were moved into place for a commit
 * that was never written, and commits that were never finished.
 */
export async function removeLeftovers(directory: string, log: CommitLog): Promise<void> {
  await removeFolder(join(directory, stagingDirectory));
  for (const entry of await readdir(commitsPath(directory))) if (entry.endsWith(".tmp")) await rm(join(commitsPath(directory), entry));
  const { state } = log;
  const sidecars = new Set<string>();
  for (const { search } of [...log.files(), ...state.removed.values()]) if (search) sidecars.add(search.path);
  const onDisk = new Set<string>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const commit = entry.isFile() ? commitOfPart(entry.name) : undefined;
    if (commit === undefined) continue;
    const path = relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/");
    onDisk.add(path);
    if (commit > log.last || (path.endsWith(searchEnding) && !sidecars.has(path))) await rm(join(directory, path));
  }
  for (const { path, search } of [...state.removed.values()]) {
    if (!onDisk.has(path) && !(search && onDisk.has(search.path))) state.forget(path);
  }
}

/** Deletes files that left the lake so long ago that no reader needs them any more. */
export async function deleteRemoved(directory: string, log: CommitLog, before: Date): Promise<void> {
  for (const { path, search, at } of [...log.state.removed.values()]) {
    if (Date.parse(at) > before.getTime()) continue;
    await rm(absolutePath(directory, path), { force: true });
    if (search) await rm(absolutePath(directory, search.path), { force: true });
    log.state.forget(path);
  }
}
