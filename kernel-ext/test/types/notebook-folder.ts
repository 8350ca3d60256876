import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The kernel's own folder. */
export const home = join(import.meta.dirname, "../..");

export interface NotebookFolder {
  readonly directory: string;
  write(path: string, text: string): void;
  remove(): void;
}

/** A folder for a notebook, with these files in it. */
export function notebookFolder(files: Readonly<Record<string, string>> = {}): NotebookFolder {
  const directory = mkdtempSync(join(tmpdir(), "types-"));
  const write = (path: string, text: string): void => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { directory, write, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
