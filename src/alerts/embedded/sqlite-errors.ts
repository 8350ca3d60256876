import { type ErrorCode, SoclabError } from "../../core/index.ts";

/** @see https://sqlite.org/rescode.html, the primary codes */
const meanings: Readonly<Record<number, readonly [code: ErrorCode, what: string, hint: string]>> = {
  5: ["SOCLAB_LOCKED", "is being written by another process", "Wait for it to end, or stop it."],
  6: ["SOCLAB_LOCKED", "is being written by another process", "Wait for it to end, or stop it."],
  8: ["SOCLAB_IO", "cannot be written", "Check the permissions of the directory."],
  10: ["SOCLAB_IO", "cannot be read or written", "Check the disk."],
  11: ["SOCLAB_INVALID_FILE", "is damaged", "Move it away and score again: alerts are made again from the events, verdicts from a copy."],
  13: ["SOCLAB_IO", "cannot grow: the disk is full", "Free some space and start again."],
  14: ["SOCLAB_IO", "cannot be opened", "Check that the directory exists and is readable."],
  26: ["SOCLAB_INVALID_FILE", "is no alert index", "Move it away, or name another directory."],
};

/** Runs what touches the database; what SQLite says about a broken world becomes a SoclabError, a bug of ours stays what it is. */
export function guard<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw translated(path, error);
  }
}

function translated(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SoclabError || !("code" in error)) return error;
  if (error.code === "ERR_SQLITE_ERROR" && "errcode" in error) {
    const meaning = meanings[Number(error.errcode) & 0xff];
    if (meaning === undefined) return error;
    const [code, what, hint] = meaning;
    return new SoclabError(code, `${path} ${what} (${error.message})`, { hint, cause: error });
  }
  if (error.code === "ERR_INVALID_STATE") return new SoclabError("SOCLAB_USAGE", `${path} has been closed`, { cause: error });
  if (typeof error.code === "string" && /^E[A-Z]+$/.test(error.code)) {
    return new SoclabError("SOCLAB_IO", `${path}: ${error.message}`, { cause: error });
  }
  return error;
}
