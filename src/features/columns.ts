import { type Columns, type ColumnType, labelColumns } from "../event/index.ts";

/** Columns that are a class label or carry one: threat intelligence labels events, so a feature of it would let the label in. */
export const labelBearing = [
  ...(Object.keys(labelColumns) as (keyof typeof labelColumns)[]),
  "zeek_label",
  "detailedlabel",
  "src_threat_lists",
  "src_threat_confidence",
  "dst_threat_lists",
  "dst_threat_confidence",
] as const;

export type LabelBearing = (typeof labelBearing)[number];

export function isLabelBearing(column: string): column is LabelBearing {
  return (labelBearing as readonly string[]).includes(column);
}

/** Types that have a size: what sum, mean, min, max, std and value take. */
export const numericTypes = ["double", "bigint", "integer", "boolean"] as const satisfies readonly ColumnType[];
/** Types with an exact identity: what distinct and firstSeen take. A double has none: bin it first. */
export const keyTypes = ["string", "bigint", "integer", "boolean", "timestamp"] as const satisfies readonly ColumnType[];
/** What windows can belong to. */
export const entityTypes = ["string", "bigint", "integer", "boolean"] as const satisfies readonly ColumnType[];
/** Types that a condition compares. */
export const comparableTypes = ["string", "double", "bigint", "integer", "boolean"] as const satisfies readonly ColumnType[];

type ColumnOf<C extends Columns, T extends ColumnType> = string extends keyof C
  ? string
  : { [K in keyof C & string]: C[K] extends T ? K : never }[keyof C & string];

/** Names of the columns of one of the types that may be a feature's input; any string where the table is not known before its data. */
export type InputColumn<C extends Columns, T extends ColumnType> = string extends keyof C ? string : Exclude<ColumnOf<C, T>, LabelBearing>;

export type NumericName<C extends Columns> = InputColumn<C, (typeof numericTypes)[number]>;
export type KeyName<C extends Columns> = InputColumn<C, (typeof keyTypes)[number]>;
export type EntityName<C extends Columns> = InputColumn<C, (typeof entityTypes)[number]>;
export type StringName<C extends Columns> = InputColumn<C, "string">;
export type ComparableName<C extends Columns> = InputColumn<C, ColumnType>;
/** What selects training rows may look at labels. */
export type AnyName<C extends Columns> = ColumnOf<C, ColumnType>;
