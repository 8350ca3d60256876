import { readFile, rename, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { SoclabError } from "../../core/index.ts";
import { jsonTable, ndjsonTable } from "./json-table.ts";
import type { HttpContext, HttpCopy, HttpSource, OpenReference } from "./reference-source.ts";
import { csvTable, type ReferenceTable } from "./reference-table.ts";

const defaultTimeoutSeconds = 30;
const defaultMaxBytes = 64 * 1024 * 1024;
/** Milliseconds before each further attempt. */
const pauses = [500, 1000, 2000];

/** Asks an endpoint; where it is down, the last good answer counts and a warning is given. */
export async function openHttp(source: HttpSource, wanted: readonly string[], context: HttpContext): Promise<OpenReference> {
  const name = publicName(source.url);
  const last = context.copies?.get(source.url) ?? (await readCopy(source, context));
  let copy: HttpCopy;
  let table: ReferenceTable;
  try {
    copy = await ask(source, name, last, context);
    table = tableOf(copy.body, source, name, wanted);
  } catch (error) {
    if (last === undefined || context.signal?.aborted || !(error instanceof SoclabError) || error.code === "SOCLAB_INVALID_VALUE")
      throw error;
    context.warn?.(`${error.message}; the answer of ${last.at} is used instead`);
    return { table: tableOf(last.body, source, name, wanted) };
  }
  const accept = async () => {
    context.copies?.set(source.url, copy);
    if (copy !== last) await writeCopy(source, copy, context);
  };
  return { table, accept };
}

function tableOf(body: string, source: HttpSource, name: string, wanted: readonly string[]): ReferenceTable {
  if (source.format === "csv") return csvTable(body, name, wanted);
  return source.format === "ndjson" ? ndjsonTable(body, name) : jsonTable(body, name, source.rows);
}

async function ask(source: HttpSource, name: string, last: HttpCopy | undefined, context: HttpContext): Promise<HttpCopy> {
  const headers = new Headers({ accept: source.format === "csv" ? "text/csv" : "application/json" });
  if (source.tokenFrom !== undefined) {
    const token = (context.environment ?? process.env)[source.tokenFrom];
    if (token === undefined || token === "")
      throw new SoclabError(
        "SOCLAB_INVALID_VALUE",
        `the environment variable ${source.tokenFrom} is not set, expected the token for ${name}`,
      );
    headers.set("authorization", `Bearer ${token}`);
  }
  if (last?.etag) headers.set("if-none-match", last.etag);
  if (last?.lastModified) headers.set("if-modified-since", last.lastModified);
  for (let attempt = 0; ; attempt++) {
    const outcome = await once(source, name, headers, context);
    if (!(outcome instanceof Error)) return outcome ?? last!;
    if (!outcome.canRetry || attempt === pauses.length) throw outcome.error;
    await (context.pause ?? wait)(pauses[attempt]!);
  }
}

/** One attempt: a new copy, undefined where the last one still holds, or what went wrong. */
async function once(source: HttpSource, name: string, headers: Headers, context: HttpContext): Promise<HttpCopy | undefined | Failure> {
  const seconds = source.timeoutSeconds ?? defaultTimeoutSeconds;
  const timeout = AbortSignal.timeout(seconds * 1000);
  const signal = context.signal ? AbortSignal.any([timeout, context.signal]) : timeout;
  try {
    // A redirect to another origin loses the token, one to anything but HTTP fails: both by the fetch standard.
    const response = await (context.fetch ?? fetch)(source.url, { headers, signal, redirect: "follow" });
    if (response.status === 304) {
      await response.body?.cancel();
      return headers.has("if-none-match") || headers.has("if-modified-since")
        ? undefined
        : failure(`${name} answered 304, although it was not asked for news`, false);
    }
    if (!response.ok) {
      await response.body?.cancel();
      return failure(`${name} answered ${response.status}`, response.status === 429 || response.status >= 500);
    }
    const body = await bodyOf(response, source.maxBytes ?? defaultMaxBytes);
    if (body === undefined)
      return failure(`${name} answered more than ${source.maxBytes ?? defaultMaxBytes} bytes`, false, 'Raise "maxBytes".');
    const copy = { url: source.url, at: new Date().toISOString(), body };
    return { ...copy, etag: response.headers.get("etag"), lastModified: response.headers.get("last-modified") };
  } catch (error) {
    if (context.signal?.aborted) throw new SoclabError("SOCLAB_ABORTED", `reading ${name} was stopped`, { cause: context.signal.reason });
    if (timeout.aborted) return failure(`${name} did not answer within ${seconds} s`, true);
    if (error instanceof TypeError && error.message.includes("encoded data"))
      return failure(`${name} answered what is not UTF-8 text`, false);
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    return failure(`${name} cannot be reached: ${cause.replaceAll(source.url, name)}`, true);
  }
}

class Failure extends Error {
  readonly error: SoclabError;
  readonly canRetry: boolean;

  constructor(error: SoclabError, canRetry: boolean) {
    super(error.message);
    this.error = error;
    this.canRetry = canRetry;
  }
}

function failure(message: string, canRetry: boolean, hint?: string): Failure {
  return new Failure(new SoclabError("SOCLAB_IO", message, { hint }), canRetry);
}

/** The body as text; undefined where it is larger than allowed. */
async function bodyOf(response: Response, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The address without user, password and query, where secrets are. */
function publicName(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === "" ? "" : "?…"}`;
}

async function readCopy({ cache, url }: HttpSource, context: HttpContext): Promise<HttpCopy | undefined> {
  if (cache === undefined) return undefined;
  try {
    const copy: unknown = JSON.parse(await readFile(cache, "utf8"));
    if (isCopy(copy) && copy.url === url) return copy;
    context.warn?.(`${cache} is no copy of ${publicName(url)}; it is not used`);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    context.warn?.(`${cache} cannot be read: ${error instanceof Error ? error.message : error}; it is not used`);
  }
  return undefined;
}

function isCopy(value: unknown): value is HttpCopy {
  if (typeof value !== "object" || value === null) return false;
  const text = (key: string) => typeof Reflect.get(value, key) === "string";
  const textOrNull = (key: string) => text(key) || Reflect.get(value, key) === null;
  return text("url") && text("at") && text("body") && textOrNull("etag") && textOrNull("lastModified");
}

/** The copy is whole or not there: it is renamed into place. */
async function writeCopy({ cache }: HttpSource, copy: HttpCopy, context: HttpContext): Promise<void> {
  if (cache === undefined) return;
  const temporary = `${cache}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, JSON.stringify(copy), { mode: 0o600 });
    await rename(temporary, cache);
  } catch (error) {
    context.warn?.(`${cache} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}
