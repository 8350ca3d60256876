import type { Columns, FeedColumns, KnownFeed } from "../event/index.ts";
import type { AnyName, ComparableName, EntityName, KeyName, NumericName, StringName } from "./columns.ts";

export type Scalar = string | number | boolean;

/**
 * One condition on one column, true or false and never null: a null value (and a NaN) equals nothing, is in no list and within no bounds,
 * so `notIn` holds for it.
 */
export type Condition<Name extends string = string> = { readonly column: Name } & (
  | { readonly equals: Scalar }
  | { readonly in: readonly Scalar[] }
  | { readonly notIn: readonly Scalar[] }
  | { readonly atLeast: number; readonly atMost?: number | undefined }
  | { readonly atMost: number }
  | { readonly present: boolean }
);

/** One condition, or several that must all hold. */
export type Where<Name extends string = string> = Condition<Name> | readonly Condition<Name>[];

interface Named {
  /** The column of the matrix; ratio and rate refer to it. */
  readonly name: string;
  /** Replace x by sign(x) · ln(1 + |x|), as the last step. */
  readonly log1p?: true | undefined;
}

interface Windowed<C extends Columns> extends Named {
  /** Length of the trailing window: "1h". */
  readonly window: string;
  /** Step of its older end; by default about a sixtieth of the window. It must divide the window. */
  readonly tile?: string | undefined;
  /** Which of the entity's events count. */
  readonly where?: Where<ComparableName<C>> | undefined;
}

export type Feature<C extends Columns = Columns> =
  | (Windowed<C> & { readonly count: true })
  | (Windowed<C> & { readonly sum: NumericName<C> })
  | (Windowed<C> & { readonly mean: NumericName<C> })
  | (Windowed<C> & { readonly min: NumericName<C> })
  | (Windowed<C> & { readonly max: NumericName<C> })
  | (Windowed<C> & { readonly std: NumericName<C> })
  | (Windowed<C> & { readonly distinct: KeyName<C> })
  | (Named & { readonly ratio: readonly [numerator: string, denominator: string] })
  | (Named & { readonly rate: string; readonly per: "second" | "minute" | "hour" })
  | (Named & { readonly timeSinceLast: true })
  | (Named & { readonly firstSeen: KeyName<C> })
  | (Named & { readonly value: NumericName<C> })
  | (Named & { readonly is: Where<ComparableName<C>> })
  | (Named & { readonly oneHot: StringName<C>; readonly values: readonly string[] });

/**
 * What a model sees of an event: features keyed by one entity, over event time. It is plain data, so a file holds it as JSON; `docs/features.md`
 * has the formulas.
 */
export interface FeatureDefinition<C extends Columns = Columns, T extends string = string> {
  readonly name: string;
  readonly table: T;
  /** The column whose value the windows belong to; an event without one has no features. */
  readonly entity: EntityName<C>;
  /** Default: the column `timestamp`. `plus` is a column in seconds, for sources that write a record when it ends. */
  readonly eventTime?: { readonly column: string; readonly plus?: NumericName<C> | undefined } | undefined;
  /** How far behind the newest event a record may come and still be in order; default "5m". */
  readonly lateness?: string | undefined;
  /** Which events exist for this definition, as rows and in windows. */
  readonly where?: Where<ComparableName<C>> | undefined;
  /** Which rows a model learns from; windows see the others all the same. Labels are allowed here. */
  readonly train?: { readonly where: Where<AnyName<C>> } | undefined;
  readonly features: readonly Feature<C>[];
}

type DefinedColumns<T extends string> = T extends KnownFeed ? FeedColumns<T> : Columns;

/**
 * A definition written in TypeScript: a column that the table does not have, or that is a label, does not compile.
 *
 * @example
 * const definition = defineFeatures({
 *   name: "conn-source", table: "conn", entity: "ip_src_addr",
 *   features: [{ name: "ports_1h", distinct: "id_resp_p", window: "1h" }],
 * });
 */
export function defineFeatures<const T extends string>(definition: FeatureDefinition<DefinedColumns<T>, T>): FeatureDefinition {
  return definition as unknown as FeatureDefinition;
}
