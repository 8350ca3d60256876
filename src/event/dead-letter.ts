/** Why a record is no event; `docs/dead-letters.md` says what to do about each. */
export const deadLetterCodes = [
  "BAD_HEADER",
  "NO_HEADER",
  "COLUMN_COUNT",
  "NOT_JSON",
  "NOT_AN_OBJECT",
  "BAD_NUMBER",
  "OUT_OF_RANGE",
  "BAD_BOOLEAN",
  "BAD_ADDRESS",
  "BAD_TIMESTAMP",
  "BAD_TYPE",
  "RECORD_TOO_LONG",
  "TRUNCATED_GZIP",
  "CORRUPT_GZIP",
] as const;

export type DeadLetterCode = (typeof deadLetterCodes)[number];

/** A record that breaks the contract, kept whole, with its place and the reason. */
export interface DeadLetter {
  readonly source: string;
  /** Byte offset of the record in the uncompressed source. */
  readonly offset: number;
  readonly code: DeadLetterCode;
  /** What was wrong, with which value. */
  readonly reason: string;
  readonly raw: Uint8Array;
}

/** A dead letter as one JSON document: `raw` as text where it is valid UTF-8, and as base64 always. */
export function deadLetterToJson(letter: DeadLetter): {
  source: string;
  offset: number;
  code: DeadLetterCode;
  reason: string;
  raw: string | null;
  raw_base64: string;
} {
  let raw: string | null = null;
  try {
    raw = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(letter.raw);
  } catch {}
  const raw_base64 = Buffer.from(letter.raw.buffer, letter.raw.byteOffset, letter.raw.byteLength).toString("base64");
  return { source: letter.source, offset: letter.offset, code: letter.code, reason: letter.reason, raw, raw_base64 };
}
