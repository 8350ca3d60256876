/**
 * The closed catalogue of error codes. `docs/errors.md` describes each; a test holds the two together.
 * Bad data never throws one of these: it becomes a dead letter with a {@link DeadLetterCode}.
 */
export const errorCodes = [
  "SOCLAB_USAGE",
  "SOCLAB_NOT_FOUND",
  "SOCLAB_UNKNOWN_TABLE",
  "SOCLAB_UNKNOWN_COLUMN",
  "SOCLAB_UNKNOWN_FEED",
  "SOCLAB_UNKNOWN_DETECTOR",
  "SOCLAB_UNKNOWN_MODEL",
  "SOCLAB_INVALID_DEFINITION",
  "SOCLAB_INVALID_VALUE",
  "SOCLAB_INVALID_FILE",
  "SOCLAB_SCHEMA_CONFLICT",
  "SOCLAB_QUERY",
  "SOCLAB_SHAPE",
  "SOCLAB_ARTEFACT",
  "SOCLAB_LOCKED",
  "SOCLAB_ABORTED",
  "SOCLAB_IO",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetails {
  /** What to do about it, as one sentence. */
  readonly hint?: string | undefined;
  /** Where in the text that was given the mistake is: an offset in UTF-16 code units. */
  readonly position?: number | undefined;
  readonly cause?: unknown;
}

/** A user's mistake or a broken world, with a code to switch on and a hint to act on. */
export class SoclabError extends Error {
  override readonly name = "SoclabError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Where in the text that was given the mistake is, an offset in UTF-16 code units; undefined where that is not known. */
  readonly position: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(`${code}: ${message}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.position = details.position;
  }
}

/** "Did you mean …?" out of the nearest known name, or undefined where none is near. */
export function didYouMean(wrong: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(wrong, known);
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
}

/** The known name at the least edit distance, when that is at most a third of the longer name. */
export function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  if (best === undefined) return undefined;
  return bestDistance <= Math.max(1, Math.ceil(Math.max(wrong.length, best.length) / 3)) ? best : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length]!;
}
