import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SoclabError } from "../../core/index.ts";
import { readCheckpoint } from "../checkpoint.ts";
import { type Commit, decodeCommit, linkOf, noLink } from "../commit.ts";
import { LakeState } from "../lake-state.ts";
import { checkpointName, checkpointNumber, commitName, commitNumber, commitsDirectory, commitsPath } from "../layout.ts";
import type { Finding } from "./finding.ts";

/** The commits of a lake as they are on the disk, read one by one without trust. */
export interface Chain {
  /** How many commit files there are to read, missing ones included. */
  readonly last: number;
  /** SHA-256 links, that of commit n at n - 1; undefined where the commit cannot be read. */
  readonly heads: readonly (string | undefined)[];
  /** What the readable commits come to. */
  readonly state: LakeState;
  readonly findings: readonly Finding[];
}

/** Reads every commit and says where the chain does not hold; goes on behind what is damaged. */
export function readChain(directory: string): Chain {
  const names = readdirSync(commitsPath(directory));
  const last = Math.max(0, ...names.flatMap((name) => commitNumber(name) ?? []));
  const state = new LakeState();
  const heads: (string | undefined)[] = [];
  const findings: Finding[] = [];
  let previous: string | undefined = noLink;
  for (let number = 1; number <= last; number++) {
    const name = commitName(number);
    const report = (kind: Finding["kind"], message: string) =>
      findings.push({ kind, path: `${commitsDirectory}/${name}`, message, commit: number });
    let link: string | undefined;
    try {
      const bytes = readFileSync(join(commitsPath(directory), name));
      const commit = decodeCommit(bytes, name, number);
      link = linkOf(commit.version, bytes, previous ?? noLink);
      if (commit.version === 2 && previous !== undefined && commit.previous !== previous)
        report("changed-commit", followsAnother(number, commit));
      // Behind a damaged commit it is no wonder that files are not there.
      if (findings.length === 0) state.apply(commit);
      else applyIfPossible(state, commit);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT")
        report("missing-commit", `commit ${number} is not there, and there are later ones`);
      else if (error instanceof SoclabError) report("changed-commit", error.message.slice(error.code.length + 2));
      else throw error;
    }
    heads.push(link);
    previous = link;
  }
  for (const name of names) {
    const number = checkpointNumber(name);
    if (number === undefined || number > last) continue;
    const head = heads[number - 1];
    if (head === undefined || readCheckpoint(directory, number, head)) continue;
    if (!existsSync(join(commitsPath(directory), name))) continue;
    const message = "it does not agree with the commits that it sums up; nobody uses it, it can be deleted";
    findings.push({ kind: "changed-checkpoint", path: `${commitsDirectory}/${checkpointName(number)}`, message, commit: number });
  }
  return { last, heads, state, findings };
}

function applyIfPossible(state: LakeState, commit: Commit): void {
  try {
    state.apply(commit);
  } catch (error) {
    if (!(error instanceof SoclabError)) throw error;
  }
}

function followsAnother(number: number, { previous }: Commit): string {
  if (number === 1) return "it names a commit before it, and there is none";
  return `it follows a commit ${number - 1} with SHA-256 ${previous.slice(0, 16)}…, which commit ${number - 1} has no longer`;
}
