import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { SoclabError, type WorkOptions } from "../../core/index.ts";
import { DuckDb, type Engine } from "../../table/index.ts";
import { hashFile } from "../file-hash.ts";
import type { LakeFile } from "../lake-file.ts";
import { absolutePath, commitsDirectory, commitsPath, deadLetterTable } from "../layout.ts";
import { type Chain, readChain } from "./chain.ts";
import type { Finding, FindingKind } from "./finding.ts";
import { changedRecords } from "./records.ts";

export interface VerifyOptions extends WorkOptions {
  /** Only the commits, and that each file is there with its size; reads no data. */
  readonly isQuick?: boolean | undefined;
  /** Compare every record with its event's id too. */
  readonly withRecords?: boolean | undefined;
  /** A head noted earlier, or at least its first 8 digits: whether today's lake is a continuation of that one. */
  readonly head?: string | undefined;
}

export interface VerifyReport {
  readonly commits: number;
  /** SHA-256 of the last commit, which stands for everything in the lake; empty for a lake without commits. */
  readonly head: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  /** Files that an older soclab wrote without their SHA-256: only their size is known. */
  readonly unhashed: number;
  /** The commit that the noted head is of. */
  readonly headCommit?: number | undefined;
  /** Nothing wrong where it is empty. */
  readonly findings: readonly Finding[];
}

const leastHeadDigits = 8;
const maxRecordFindings = 20;

/**
 * Checks a lake against its log: that every commit is as it was written and follows the one before, and that every file they name has the bytes it
 * had. A flipped byte anywhere is found. Runs beside a writer and readers.
 *
 * @throws SOCLAB_NOT_FOUND where there is no lake; SOCLAB_INVALID_VALUE for a head that is none; SOCLAB_ABORTED
 */
export async function verifyLake(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const path = resolve(directory);
  if (!existsSync(commitsPath(path)))
    throw new SoclabError("SOCLAB_NOT_FOUND", `there is no lake at ${path}`, { hint: "soclab ingest makes one." });
  checkHead(options.head);
  const chain = readChain(path);
  const files = [...chain.state.tables.values()].flatMap((table) => [...table.files.values()]);
  const engine = options.withRecords ? new DuckDb({ threads: 1 }) : undefined;
  try {
    const findings = await fileFindings(path, files, options, engine);
    const { commit, missing } = anchor(chain, options.head);
    const head = chain.heads.at(-1) ?? "";
    const sum = (of: (file: LakeFile) => number) => files.reduce((total, file) => total + of(file), 0);
    return {
      commits: chain.last,
      head,
      files: files.length,
      rows: sum(({ rows }) => rows),
      bytes: sum(({ bytes }) => bytes),
      unhashed: files.filter(({ sha256 }) => sha256 === null).length,
      headCommit: commit,
      findings: [...chain.findings, ...missing, ...findings],
    };
  } finally {
    await engine?.close();
  }
}

function checkHead(head: string | undefined): void {
  if (head === undefined || (/^[0-9a-f]{8,64}$/i.test(head) && head.length >= leastHeadDigits)) return;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${JSON.stringify(head)} is no head of a lake, expected 8 to 64 hexadecimal digits`, {
    hint: "soclab lake head gives it.",
  });
}

function anchor({ heads, last }: Chain, head: string | undefined): { commit?: number; missing: Finding[] } {
  if (head === undefined) return { missing: [] };
  const at = heads.findIndex((link) => link?.startsWith(head.toLowerCase()));
  if (at >= 0) return { commit: at + 1, missing: [] };
  const message = `none of its ${last} commits has the head ${head}: this is another lake, or its log was written anew`;
  return { missing: [{ kind: "other-history", path: commitsDirectory, message }] };
}

async function fileFindings(directory: string, files: readonly LakeFile[], options: VerifyOptions, engine?: Engine): Promise<Finding[]> {
  const { signal, onProgress, isQuick = false } = options;
  const total = files.reduce((sum, { bytes, search }) => sum + bytes + (search?.bytes ?? 0), 0);
  const findings: Finding[] = [];
  let done = 0;
  for (const file of files) {
    const about = aboutFile(file);
    for (const part of [file, ...(file.search ? [file.search] : [])]) {
      if (signal?.aborted) throw new SoclabError("SOCLAB_ABORTED", "the check was stopped", { cause: signal.reason });
      const problem = await problemOf(absolutePath(directory, part.path), part, isQuick);
      if (problem) findings.push({ ...about, ...problem, path: part.path });
      else if (part === file && engine && file.table !== deadLetterTable) {
        let count = 0;
        for await (const { eventId, message } of changedRecords(engine, absolutePath(directory, file.path), signal)) {
          if (++count <= maxRecordFindings) findings.push({ ...about, kind: "changed-record", path: file.path, eventId, message });
        }
        const rest = count - maxRecordFindings;
        if (rest > 0)
          findings.push({ ...about, kind: "changed-record", path: file.path, message: `and ${rest} more records of this file` });
      }
      done += part.bytes;
      onProgress?.({ step: "verify", done, total, unit: "bytes" });
    }
  }
  if (findings.length === 0) return findings;
  // A writer may have taken files out of the lake and deleted them in the meantime.
  const { state } = readChain(directory);
  return findings.filter(({ path, kind }) => kind !== "missing-file" || state.file(dataPath(path, files)) !== undefined);
}

function dataPath(path: string, files: readonly LakeFile[]): string {
  return files.find((file) => file.search?.path === path)?.path ?? path;
}

async function problemOf(
  path: string,
  { sha256, bytes }: { readonly sha256: string | null; readonly bytes: number },
  isQuick: boolean,
): Promise<{ kind: FindingKind; message: string } | undefined> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return { kind: "missing-file", message: "it is not there" };
  if (size !== bytes) return { kind: "changed-file", message: `it has ${size} bytes, and had ${bytes} when it was written` };
  if (isQuick || sha256 === null) return undefined;
  try {
    const found = await hashFile(path);
    if (found.sha256 === sha256) return undefined;
    return { kind: "changed-file", message: `its SHA-256 is ${found.sha256}, and was ${sha256} when it was written` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { kind: "missing-file", message: "it is not there" };
    return { kind: "changed-file", message: `it cannot be read: ${message}` };
  }
}

function aboutFile({ table, rows, minTimestamp, maxTimestamp, commit }: LakeFile): Omit<Finding, "kind" | "path" | "message"> {
  const time = (micros: number | null) => (micros === null ? undefined : new Date(micros / 1000).toISOString());
  return { table, rows, from: time(minTimestamp), to: time(maxTimestamp), commit };
}
