import { ProgressBar, type ProgressBarOptions } from "./progress-bar.ts";

export interface ProgressOptions extends ProgressBarOptions {
  /** How many there will be, where the values do not tell. */
  readonly total?: number;
}

/**
 * Shows how far a loop is, or a count that you keep.
 *
 * @param source - values to go through, or their number, or nothing for a count without end
 * @returns the same values, counted as they are taken; for a number, the bar: `advance()`, `set(count)`, `end()`
 * @example
 * for (const file of progress(files, { label: "read" })) await read(file);
 * for await (const row of progress(stream, { total: 5000 })) count(row);
 */
export function progress(total?: number, options?: ProgressBarOptions): ProgressBar;
export function progress<T>(values: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(values: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  source?: number | Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): ProgressBar | Iterable<T> | AsyncIterable<T> {
  if (source === undefined || typeof source === "number") return new ProgressBar(source ?? options.total, options);
  const total = options.total ?? sizeOf(source);
  if (Symbol.asyncIterator in source) return { [Symbol.asyncIterator]: () => countedAsync(source, total, options) };
  return { [Symbol.iterator]: () => counted(source, total, options) };
}

function sizeOf(source: object): number | undefined {
  const size = "length" in source ? source.length : "size" in source ? source.size : undefined;
  return typeof size === "number" ? size : undefined;
}

function* counted<T>(source: Iterable<T>, total: number | undefined, options: ProgressBarOptions): Generator<T> {
  const bar = new ProgressBar(total, options);
  // A loop that is left, by break or by an error, ends the generator at its yield.
  let status: "done" | "stopped" | "failed" = "failed";
  try {
    for (const value of source) {
      status = "stopped";
      yield value;
      bar.advance();
      status = "failed";
    }
    status = "done";
  } finally {
    bar.end(status);
  }
}

async function* countedAsync<T>(source: AsyncIterable<T>, total: number | undefined, options: ProgressBarOptions): AsyncGenerator<T> {
  const bar = new ProgressBar(total, options);
  let status: "done" | "stopped" | "failed" = "failed";
  try {
    for await (const value of source) {
      status = "stopped";
      yield value;
      bar.advance();
      status = "failed";
    }
    status = "done";
  } finally {
    bar.end(status);
  }
}
