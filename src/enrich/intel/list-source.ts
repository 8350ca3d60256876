import type { IndicatorSink } from "./indicator.ts";

export const threatFormats = ["plain", "ipsum", "maltrail", "csv", "stix", "misp"] as const;
export type ThreatFormat = (typeof threatFormats)[number];

/** A list as a configuration names it, with what holds for those of its indicators that do not tell themselves. */
export interface ThreatListSource {
  /** The list's name on events: letters, digits, `-`, `_`, `.`. */
  readonly name: string;
  readonly format: ThreatFormat;
  /** A file, gzip or not; for maltrail, stix and misp also a folder of files. */
  readonly path: string;
  /** The feed it belongs to; its name where it is not given. */
  readonly feed?: string | undefined;
  /** 0–1; 0.8 where it is not given. */
  readonly confidence?: number | undefined;
  /** When the list was made, epoch microseconds. */
  readonly knownAt?: number | undefined;
  /** Epoch microseconds. */
  readonly validFrom?: number | undefined;
  /** Epoch microseconds. */
  readonly validUntil?: number | undefined;
  /** Added to the tags of every indicator. */
  readonly tags?: readonly string[] | undefined;
  /** For CSV: soclab's name of a column → the file's. Columns that it does not name are left alone. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads one list, one file a format.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE with file, line or place, and value
 */
export type ListReader = (source: ThreatListSource, sink: IndicatorSink) => Promise<void>;

export const defaultListConfidence = 0.8;
