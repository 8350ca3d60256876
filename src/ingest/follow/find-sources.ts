import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { SoclabError } from "../../core/index.ts";
import type { Feed } from "../feeds.ts";
import { readSource } from "../source.ts";

export interface FoundSource<F extends Feed = string> {
  readonly path: string;
  readonly feed: F;
}

/**
 * The log files of a path: itself, or all below a folder whose content is that of a known feed, in order of their names.
 * @throws SOCLAB_NOT_FOUND where there is no such path or nothing in it
 */
export async function findSources(path: string): Promise<FoundSource[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file or folder ${path}`, { cause });
  });
  const paths = found.isDirectory()
    ? (await readdir(path, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];
  const sources: FoundSource[] = [];
  for (const file of paths) {
    const feed = await sniffFeed(file);
    if (feed) sources.push({ path: file, feed });
  }
  if (sources.length === 0) {
    throw new SoclabError("SOCLAB_NOT_FOUND", `${path} holds no Zeek log and no Suricata EVE file`, {
      hint: "Name a file, or a folder with conn.log, eve.json and the like.",
    });
  }
  return sources;
}

/** The feed of a file by its first bytes, its name deciding only where they could be either. */
export async function sniffFeed(path: string): Promise<string | undefined> {
  let head = "";
  for await (const chunk of readSource(path)) {
    if ("fault" in chunk) break;
    head += Buffer.from(chunk.bytes.subarray(0, 4096)).toString("latin1");
    if (head.length >= 4096) break;
  }
  const text = head.trimStart();
  if (text.startsWith("#separator") || text.startsWith("#fields")) return "zeek";
  if (!/^[[{]/.test(text)) return undefined;
  if (/"event_type"\s*:/.test(text)) return "suricata";
  if (/"(?:_path|uid|id\.orig_h)"\s*:/.test(text)) return "zeek";
  return /^eve\b/.test(basename(path)) ? "suricata" : undefined;
}
