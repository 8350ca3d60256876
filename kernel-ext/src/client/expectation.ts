import { ClientError } from "./client-error.ts";

/** A promise that somebody else settles. */
export interface Expectation<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * Something awaited for a time.
 * @param options.waitedFor - for the message: "no … within 30 s"
 */
export function expectation<T>(options: {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly waitedFor: string;
}): Expectation<T> {
  const { timeoutMs, signal, waitedFor } = options;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  // Whoever waits sees the rejection; when nobody does any more it is no unhandled one.
  promise.catch(() => {});
  const expire = () => reject(new ClientError("timeout", `no ${withoutArticle(waitedFor)} within ${timeoutMs / 1000} s`));
  const timer = timeoutMs <= longestTimerMs ? setTimeout(expire, timeoutMs) : undefined;
  const abort = () => reject(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  const done = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
  promise.then(done, done);
  return { promise, resolve, reject };
}

function withoutArticle(text: string): string {
  return text.replace(/^an? /, "");
}
