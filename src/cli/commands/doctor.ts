import { execFile } from "node:child_process";
import { access, constants, statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { promisify } from "node:util";
import type { Command } from "commander";
import { SoclabError } from "../../core/index.ts";
import { DuckDb } from "../../table/index.ts";
import type { Context } from "../context.ts";
import { shippedFiles } from "../datasets-manifest.ts";

interface Check {
  readonly part: string;
  /** "absent" is no fault: only what names it needs it. */
  readonly state: "ok" | "absent" | "broken";
  readonly detail: string;
  readonly hint?: string | undefined;
}

export function doctorCommand(program: Command, { terminal }: Context): void {
  program
    .command("doctor")
    .summary("check that everything soclab needs is here and works")
    .description("Checks the parts that soclab needs, and names the optional ones that are here. Exit code 1 when a needed part is broken.")
    .addHelpText("after", "\nExample:\n  soclab doctor\n")
    .action(async (_options: unknown, command: Command) => {
      const out = terminal(command);
      const checks = [await node(), await duckDb(), await sqlite(), await samples(), await disk(), ...(await optionalParts())];
      const marks = { ok: "✓", absent: "–", broken: "✗" };
      for (const check of checks) {
        if (out.json) out.line(JSON.stringify(check));
        else
          out.line(
            `${marks[check.state]} ${check.part.padEnd(16)} ${check.detail}${check.state !== "ok" && check.hint ? `\n  ${check.hint}` : ""}`,
          );
      }
      await out.drained();
      const broken = checks.filter(({ state }) => state === "broken");
      if (broken.length > 0) throw new SoclabError("SOCLAB_IO", `${broken.map(({ part }) => part).join(", ")} does not work`);
    });
}

async function node(): Promise<Check> {
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return { part: "Node", state: "ok", detail: `${process.versions.node}, ${availableParallelism()} cores, ${gib} GiB` };
}

async function duckDb(): Promise<Check> {
  try {
    await using engine = new DuckDb();
    const { columns } = await engine.query("SELECT version() AS version");
    const version = columns.get("version");
    return { part: "DuckDB", state: "ok", detail: version && "dictionary" in version ? version.dictionary.values.join() : "answers" };
  } catch (error) {
    return { part: "DuckDB", state: "broken", detail: messageOf(error), hint: "Install the packages again: npm ci" };
  }
}

async function sqlite(): Promise<Check> {
  try {
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(":memory:");
    db.exec("CREATE VIRTUAL TABLE t USING fts5(a)");
    const row = db.prepare("SELECT sqlite_version() AS version").get();
    db.close();
    return { part: "SQLite, FTS5", state: "ok", detail: String(row?.version) };
  } catch (error) {
    return {
      part: "SQLite, FTS5",
      state: "broken",
      detail: messageOf(error),
      hint: "This Node was built without it; use one from nodejs.org.",
    };
  }
}

async function samples(): Promise<Check> {
  try {
    const files = await shippedFiles();
    return { part: "shipped data", state: "ok", detail: `${files.length} files; soclab datasets --verify checks them` };
  } catch (error) {
    return { part: "shipped data", state: "broken", detail: messageOf(error) };
  }
}

async function disk(): Promise<Check> {
  const { bavail, bsize } = await statfs(process.cwd());
  const gib = (bavail * bsize) / 2 ** 30;
  const writable = await access(process.cwd(), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return { part: "this folder", state: "absent", detail: "is read-only", hint: "Commands that write need a folder to write to." };
  return { part: "this folder", state: "ok", detail: `writable, ${gib.toFixed(1)} GiB free` };
}

async function optionalParts(): Promise<Check[]> {
  const parts = [
    {
      part: "Python",
      command: "python3",
      args: ["--version"],
      hint: "Jupyter needs it (soclab kernel doctor says more); soclab run does not.",
    },
    { part: "Chromium", command: "chromium", args: ["--version"], hint: "Only the tests of pages use it." },
  ];
  return Promise.all(
    parts.map(async ({ part, command, args, hint }): Promise<Check> => {
      try {
        const { stdout } = await promisify(execFile)(command, args, { timeout: 10_000 });
        return { part, state: "ok", detail: stdout.trim() };
      } catch {
        return { part, state: "absent", detail: "not here", hint };
      }
    }),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
