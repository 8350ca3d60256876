/** What an indicator names. An address may be a network, a domain stands for all names below it, a hash is that of a file. */
export const indicatorKinds = ["address", "domain", "url", "hash"] as const;
export type IndicatorKind = (typeof indicatorKinds)[number];

/** One statement of one list: this value is bad, from then to then. What every reader of lists yields, whatever the format. */
export interface Indicator {
  readonly kind: IndicatorKind;
  /**
   * As the source wrote it, already refanged; the store normalises it. An address or a network (`192.0.2.0/24`); a domain name; a URL with or
   * without scheme, or a path on any host (`/gate.php`); an MD5, SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512 in hexadecimal.
   */
  readonly value: string;
  /** A domain: this name and none below it. A URL: this one and no other query, nothing below its folder. */
  readonly exact?: boolean | undefined;
  /** As an event shows it: letters, digits, `-`, `_`, `.`, and `:` before a part of the list: `ipsum`, `maltrail:emotet`. */
  readonly list: string;
  /** Lists of one feed are not independent of each other: the strongest of them counts. */
  readonly feed: string;
  /** The probability that the indicator is malicious, as the list states it, 0–1. */
  readonly confidence: number;
  /** Holds from this instant on, epoch microseconds; null or absent for always. */
  readonly validFrom?: number | null | undefined;
  /** Holds no longer from this instant on, epoch microseconds; null or absent for ever. */
  readonly validUntil?: number | null | undefined;
  /** When it became known to us, or the date of the list, epoch microseconds; null where nobody tells. */
  readonly knownAt: number | null;
  readonly tags?: readonly string[] | undefined;
  /** The source's own name for it: the `id` of a STIX object, the `uuid` of a MISP attribute. */
  readonly id?: string | undefined;
}

/** Where a reader puts what it finds. Nothing that a list holds is dropped without being counted here. */
export interface IndicatorSink {
  /** A value that is none of its kind is counted as set aside, it does not throw. */
  add(indicator: Indicator): void;
  /** @param reason - few words, the same for all of a sort: `"a pattern"`, `"revoked"` */
  setAside(reason: string): void;
}

/**
 * Which indicators count for an event: `"valid"`, those that hold at the event's time; `"known"`, of these the ones that were known by then (an
 * unknown `knownAt` is not); `"any"`, all. An event without a time meets them all.
 */
export const asOfModes = ["valid", "known", "any"] as const;
export type AsOf = (typeof asOfModes)[number];
