import { link, mkdir, open, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** Bytes of a file, or names of a folder, are on the disk and not only in the machine's memory. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * A file that is there whole or not at all, and that nobody else made before.
 * @throws EEXIST where the name is taken
 */
export async function createExclusive(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  const handle = await open(temporary, "wx");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, path);
  } finally {
    await unlink(temporary);
  }
  await sync(dirname(path));
}

/** A file with new contents, whole at every moment, whatever had the name before. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  const handle = await open(temporary, "wx");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/** Moves files into place; when it returns they and their folders survive a power cut. */
export async function moveAll(moves: readonly { readonly from: string; readonly to: string }[]): Promise<void> {
  const folders = new Set<string>();
  for (const { from, to } of moves) {
    await sync(from);
    const folder = dirname(to);
    if (!folders.has(folder)) {
      await mkdir(folder, { recursive: true });
      folders.add(folder);
      folders.add(dirname(folder));
    }
    await rename(from, to);
  }
  for (const folder of folders) await sync(folder);
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
