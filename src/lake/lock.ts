import { readFileSync } from "node:fs";
import { readFile, rename, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { SoclabError } from "../core/index.ts";
import { createExclusive } from "./durable.ts";
import { lockFile } from "./layout.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's ticks: a process number is used again, the pair is not. Null where the system does not tell. */
  readonly began: string | null;
  readonly since: string;
}

const ownLocks = new Set<string>();

/**
 * The right to write to a lake, held by one process at a time. A lock whose process is gone is taken over.
 * @throws SOCLAB_LOCKED
 */
export async function acquireLock(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, lockFile);
  if (ownLocks.has(path)) throw locked(directory, "this process");
  ownLocks.add(path);
  const own: Owner = { pid: process.pid, host: hostname(), began: processStart(process.pid), since: new Date().toISOString() };
  const text = `${JSON.stringify(own)}\n`;
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await createExclusive(path, text);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      if (attempt === 10) throw locked(directory, "another process");
      await removeStale(directory, path);
    }
  } catch (error) {
    ownLocks.delete(path);
    throw error;
  }
  return async () => {
    ownLocks.delete(path);
    if ((await read(path)) === text) await unlink(path);
  };
}

async function removeStale(directory: string, path: string): Promise<void> {
  const seen = await read(path);
  if (seen === undefined) return;
  const owner = parse(seen);
  if (owner && isAlive(owner)) throw locked(directory, `process ${owner.pid} on ${owner.host} since ${owner.since}`);
  // Two processes may find the same stale lock: what is moved away is looked at again, and a fresh lock is put back.
  const aside = `${path}.stale-${process.pid}-${process.hrtime.bigint()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = await read(aside);
  await unlink(aside);
  if (moved !== undefined && moved !== seen) {
    await createExclusive(path, moved);
    throw locked(directory, "another process");
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(text);
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** On another machine nobody here can tell, so the lock holds. */
function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return owner.began === null || owner.began === processStart(owner.pid);
}

/** Field 22 of /proc/PID/stat, the first after the command's closing parenthesis being field 3. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function locked(directory: string, owner: string): SoclabError {
  return new SoclabError("SOCLAB_LOCKED", `the lake ${directory} is being written by ${owner}`, {
    hint: `Wait until that ingest ends; if that machine is gone, delete ${join(directory, lockFile)}.`,
  });
}
