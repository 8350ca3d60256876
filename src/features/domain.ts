/** An event time is exact, in both runners, in [0, 2^52) microseconds: 1970 to 2112. An event outside has no features. */
export const maxTimeMicros = 2 ** 52;

/** sum, mean and std add integers below this size: whole numbers as they are, a double as floor(v · 10^6 + 0.5). Beyond, the value is missing. */
export const maxQuantum = 2 ** 40;

/** Fixed point of double columns. */
export const doubleScale = 1e6;

/** From this many values on a std is missing: n · Σq² − (Σq)² would pass 2^126. */
export const maxStdCount = 2 ** 23;

/** Keys of integer columns lie above this, the one value that means "no key". */
export const noKey = -(2 ** 31);

/** Keys of bigint and timestamp columns lie within ± this; a double holds them exactly. */
export const maxKey = 2 ** 53 - 1;
