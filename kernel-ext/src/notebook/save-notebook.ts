import { randomUUID } from "node:crypto";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NotebookError } from "./notebook-error.ts";

/** @throws NotebookError where nothing can be written to this path: said before the run, not after it */
export function checkWritable(path: string): void {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) throw new NotebookError(`cannot write ${path}: there is no folder ${dirname(path)}`, "Make it first.");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new NotebookError(`cannot write ${path}: it is a folder`);
  try {
    const probe = temporaryName(path);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new NotebookError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`, undefined, { cause: error });
  }
}

/** Replaces the file as a whole: whoever reads it, or a crash, finds the old text or the new one. */
export function writeWhole(path: string, text: string): void {
  const made = temporaryName(path);
  try {
    writeFileSync(made, text);
    renameSync(made, path);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
}
