/** n rows of d numbers, row-major: what detectors fit and score. NaN is a missing value. */
export interface Matrix {
  readonly rowCount: number;
  /** One name a column; d = `names.length`. */
  readonly names: readonly string[];
  /** Row-major, length n × d. */
  readonly values: Float64Array;
}

/** A matrix whose rows are events: what a feature definition makes, in batch or in a stream. */
export interface FeatureMatrix extends Matrix {
  /** The event of each row. */
  readonly eventIds: readonly string[];
  /** The entity of each row, as the definition names it: an address, a user. */
  readonly entities: readonly string[];
  /** Event time of each row, epoch microseconds. */
  readonly eventTimes: Float64Array;
  /** The class label of each row, for evaluation; never among the features. */
  readonly labels: readonly (string | null)[];
}
