/** Why a record is no event; `docs/dead-letters.md` says what to do about each. */
export const deadLetterCodes = [
  "BAD_HEADER",
  "NO_HEADER",
  "COLUMN_COUNT",
  "BAD_QUOTE",
  "BAD_LINE",
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
  "RULE_REQUIRED",
  "RULE_RANGE",
  "RULE_ENUMERATION",
  "RULE_PATTERN",
  "RULE_REFERENCE",
] as const;

export type DeadLetterCode = (typeof deadLetterCodes)[number];

/** A record that breaks the contract, kept whole, with its place and the reason. */
export interface DeadLetter {
  readonly feed: string;
  /** As the user named it. */
  readonly source: string;
  /** The source's identity, as events have it. */
  readonly sourceId: string;
  /** Byte offset of the record in the uncompressed source. */
  readonly offset: number;
  readonly code: DeadLetterCode;
  /** What was wrong, with which value. */
  readonly reason: string;
  readonly raw: Uint8Array;
  /** What else the record was read with, so that it can be read again on its own. */
  readonly context: ReadingContext;
}

/** What a record is read with besides its bytes. */
export interface ReadingContext {
  /** Header lines in force, base64. */
  readonly header: readonly string[];
  readonly referenceTime?: number | undefined;
  readonly zone?: string | undefined;
}

/** 27 hexadecimal digits: the source's identity and the record's offset, the same after every replay. */
export function deadLetterId({ sourceId, offset }: Pick<DeadLetter, "sourceId" | "offset">): string {
  return sourceId + offset.toString(16).padStart(11, "0");
}

/** A dead letter as one JSON document: `raw` as text where it is valid UTF-8, and as base64 always. */
export function deadLetterToJson(letter: Omit<DeadLetter, "context">): {
  id: string;
  feed: string;
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
  const { feed, source, offset, code, reason } = letter;
  return { id: deadLetterId(letter), feed, source, offset, code, reason, raw, raw_base64 };
}
