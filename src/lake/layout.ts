import { join } from "node:path";
import { SoclabError } from "../core/index.ts";

/** Where things stand below a lake's directory; `docs/lake.md` is the picture. */
export const commitsDirectory = "_commits";
export const stagingDirectory = "_staging";
export const lockFile = "_lock";
export const deadLetterTable = "dead_letters";

/** The day of records without a timestamp. */
export const noDay = "none";

const tableName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** A feed names a folder and a table, so it holds nothing that a path or another file system could take otherwise. */
export function checkedFeed(feed: string): string {
  if (feed.toLowerCase() === deadLetterTable) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `a feed cannot be called "${feed}": that is the table of dead letters`);
  }
  if (!tableName.test(feed) || feed.endsWith(".")) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `the feed name ${JSON.stringify(feed)} cannot name a table`, {
      hint: "Use letters, digits, underscore, dot and hyphen, beginning with a letter or a digit.",
    });
  }
  return feed;
}

/** The folder of a file inside the lake, with forward slashes. */
export function partition(table: string, day: string | undefined): string {
  return day === undefined ? table : `${table}/day=${day}`;
}

/** The UTC day that a file's folder says, or {@link noDay}; undefined for a table that has no days. */
export function dayOf(path: string): string | undefined {
  return /\/day=([^/]+)\//.exec(path)?.[1];
}

export function partName(commit: number, part: number): string {
  return `part-${commit}-${part}.parquet`;
}

const partPattern = /^part-(\d+)-\d+\.[a-z0-9]+$/;

/** The commit that the name of a data file or of a sidecar says it belongs to. */
export function commitOfPart(name: string): number | undefined {
  const match = partPattern.exec(name);
  return match ? Number(match[1]) : undefined;
}

const commitPattern = /^(\d{12})\.json$/;

export function commitName(commit: number): string {
  return `${String(commit).padStart(12, "0")}.json`;
}

export function commitNumber(name: string): number | undefined {
  const match = commitPattern.exec(name);
  return match ? Number(match[1]) : undefined;
}

const checkpointPattern = /^checkpoint-(\d{12})\.json$/;

export function checkpointName(commit: number): string {
  return `checkpoint-${commitName(commit)}`;
}

export function checkpointNumber(name: string): number | undefined {
  const match = checkpointPattern.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** Where the file at a path of the lake stands on the disk. */
export function absolutePath(directory: string, path: string): string {
  return join(directory, ...path.split("/"));
}

export function commitsPath(directory: string): string {
  return join(directory, commitsDirectory);
}

/** How the name of a data file's search index ends. */
export const searchEnding = ".search";

export function searchPath(dataPath: string): string {
  return dataPath.replace(/\.parquet$/, searchEnding);
}
