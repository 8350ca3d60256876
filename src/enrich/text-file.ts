import { readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { SoclabError } from "../core/index.ts";

const gunzipAsync = promisify(gunzip);
/** Past this a reference file is a mistake or a decompression bomb; the largest real one (all of maltrail) is 14 MB. */
const maxBytes = 256 * 1024 * 1024;

/** The bytes of a reference file; gzip is undone. */
export async function readBytes(path: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw tooLarge(path);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof SoclabError) throw cause;
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT") throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file ${path}`, { cause });
    if (code === "EISDIR") throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is a folder, expected a file`, { cause });
    throw new SoclabError("SOCLAB_IO", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(path);
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is a damaged gzip file: ${messageOf(cause)}`, { cause });
  }
}

/** The text of a reference file: UTF-8, gzip or not, without its byte order mark. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is not UTF-8 text`, { cause, hint: "Save it as UTF-8." });
  }
}

/** The lines of a text with their numbers from 1, without LF or CRLF. */
export function* linesOf(text: string): Generator<readonly [line: string, number: number]> {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const line = text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end);
    yield [line, number];
    start = end + 1;
  }
}

/** What is wrong at which line of which file. */
export function lineError(path: string, line: number, message: string, hint?: string): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `${path} line ${line}: ${message}`, { hint });
}

/** A value as a message shows it: quoted, escaped, at most 80 characters. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
}

function tooLarge(path: string): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `${path} holds more than ${maxBytes / 1024 / 1024} MiB, expected a reference list`, {
    hint: "Split it into several files and list each.",
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
