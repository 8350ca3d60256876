import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { globMatcher } from "./glob.ts";

export type HistoryEntry = readonly [session: number, line: number, input: string | readonly [string, string | null]];

export interface HistoryQuery {
  readonly access: "range" | "tail" | "search";
  readonly withOutput: boolean;
  readonly session: number;
  readonly start: number;
  readonly stop: number | undefined;
  readonly count: number | undefined;
  /** As {@link globMatcher} reads it. */
  readonly pattern: string;
  readonly isUnique: boolean;
}

interface Row {
  readonly session: number;
  readonly line: number;
  readonly source: string;
  readonly output: string | null;
}

const keptOutput = 10_000;
/** The rest of a longer cell is not searched. */
const searchedCharacters = 100_000;
const searchMs = 1000;
/** A cell does not wait longer for another kernel's write. */
const lockMs = 250;

/** What was run, in this session and in those before it, in one SQLite file of the user's. Without a file (read-only home) in memory. */
export class History {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly session: number;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec("CREATE TABLE IF NOT EXISTS session (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT)");
    db.exec("CREATE TABLE IF NOT EXISTS history (session INTEGER, line INTEGER, source TEXT, output TEXT, PRIMARY KEY (session, line))");
    this.session = Number(db.prepare("INSERT INTO session (started) VALUES (?)").run(new Date().toISOString()).lastInsertRowid);
    this.#insert = db.prepare("INSERT OR REPLACE INTO history (session, line, source) VALUES (?, ?, ?)");
    this.#update = db.prepare("UPDATE history SET output = ? WHERE session = ? AND line = ?");
  }

  static async open(path = historyPath()): Promise<History> {
    const { DatabaseSync } = await import("node:sqlite");
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA busy_timeout = ${lockMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`);
      return new History(db);
    } catch {
      return new History(new DatabaseSync(":memory:"));
    }
  }

  add(line: number, source: string): void {
    this.#quietly(() => this.#insert.run(this.session, line, source));
  }

  addOutput(line: number, output: string): void {
    this.#quietly(() => this.#update.run(output.slice(0, keptOutput), this.session, line));
  }

  find({ access, withOutput, session, start, stop, count, pattern, isUnique }: HistoryQuery): HistoryEntry[] {
    const rows = this.#rows(access, { session, start, stop, count, pattern, isUnique });
    return rows.map(({ session, line, source, output }) => [session, line, withOutput ? [source, output] : source]);
  }

  close(): void {
    this.#quietly(() => this.#db.close());
  }

  #rows(access: HistoryQuery["access"], query: Omit<HistoryQuery, "access" | "withOutput">): Row[] {
    const limit = query.count === undefined ? -1 : Math.max(0, query.count);
    if (access === "tail") {
      const newest = this.#db.prepare("SELECT * FROM history ORDER BY session DESC, line DESC LIMIT ?").all(limit);
      return newest.reverse().map(toRow);
    }
    if (access === "search") return this.#search(query, limit < 0 ? Number.POSITIVE_INFINITY : limit);
    // As in IPython, 0 is this session and -1 the one before it.
    const session = query.session <= 0 ? this.session + query.session : query.session;
    const stop = query.stop ?? Number.MAX_SAFE_INTEGER;
    return this.#db
      .prepare("SELECT * FROM history WHERE session = ? AND line >= ? AND line < ? ORDER BY line")
      .all(session, query.start, stop)
      .map(toRow);
  }

  /** SQLite's own GLOB takes exponential time for some patterns, and this thread has the heartbeat to keep. */
  #search({ pattern, isUnique }: Pick<HistoryQuery, "pattern" | "isUnique">, most: number): Row[] {
    const matches = globMatcher(pattern);
    const seen = new Set<string>();
    const found: Row[] = [];
    const latestMs = performance.now() + searchMs;
    for (const one of this.#db.prepare("SELECT * FROM history ORDER BY session DESC, line DESC").iterate()) {
      if (found.length >= most || performance.now() > latestMs) break;
      const row = toRow(one);
      if (!matches(row.source.slice(0, searchedCharacters)) || (isUnique && seen.has(row.source))) continue;
      if (isUnique) seen.add(row.source);
      found.push(row);
    }
    return found.reverse();
  }

  /** A full disk or a locked file must not fail a cell. */
  #quietly(write: () => void): void {
    try {
      write();
    } catch {}
  }
}

function toRow({ session, line, source, output }: Record<string, unknown>): Row {
  return { session: Number(session), line: Number(line), source: String(source), output: output === null ? null : String(output) };
}

/** `SOCLAB_KERNEL_HISTORY` names another file. */
export function historyPath(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SOCLAB_KERNEL_HISTORY) return env.SOCLAB_KERNEL_HISTORY;
  const data =
    process.platform === "win32"
      ? (env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
      : process.platform === "darwin"
        ? join(homedir(), "Library", "Application Support")
        : env.XDG_DATA_HOME || join(homedir(), ".local", "share");
  return join(data, "soclab-kernel", "history.sqlite");
}
