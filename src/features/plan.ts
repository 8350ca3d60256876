import { didYouMean } from "../core/index.ts";
import { type Columns, type ColumnType, columnsOf } from "../event/index.ts";
import { comparableTypes, entityTypes, isLabelBearing, keyTypes, numericTypes } from "./columns.ts";
import type { Condition, Feature, FeatureDefinition, Where } from "./definition.ts";
import { canonicalDefinition, definitionHash } from "./definition-hash.ts";
import { defaultTileMicros, durationMicros, maxTiles } from "./duration.ts";
import { invalid, parseDefinition } from "./parse-definition.ts";

export type NumericType = (typeof numericTypes)[number];
export type KeyType = (typeof keyTypes)[number];

export type EntityType = (typeof entityTypes)[number];

export interface TypedColumn<T extends ColumnType = ColumnType> {
  readonly name: string;
  readonly type: T;
}

/** A condition whose column has a known type. */
export type TypedCondition = Condition & { readonly type: ColumnType };
export type Conditions = readonly TypedCondition[];

/** What a window keeps of its events; features that need the same thing share it. */
export type Measure =
  | { readonly kind: "count"; readonly where: Conditions }
  /** How many values, their sum, and where a std asks for it the sum of their squares: exact integers. */
  | { readonly kind: "moments"; readonly column: TypedColumn<NumericType>; readonly squares: boolean; readonly where: Conditions }
  | { readonly kind: "min" | "max"; readonly column: TypedColumn<NumericType>; readonly where: Conditions }
  | { readonly kind: "distinct"; readonly column: TypedColumn<KeyType>; readonly where: Conditions };

export interface WindowPlan {
  readonly windowMicros: number;
  readonly tileMicros: number;
  /** windowMicros / tileMicros. */
  readonly tiles: number;
  readonly measures: readonly Measure[];
}

interface InWindow {
  readonly window: number;
  readonly measure: number;
}

/** One column of the matrix. Ratio and rate name earlier columns by index and take them before their log1p. */
export type Output = { readonly name: string; readonly log1p: boolean } & (
  | ({ readonly kind: "count" | "sum" | "mean" | "min" | "max" | "std" | "distinct"; readonly scale: number } & InWindow)
  | { readonly kind: "ratio"; readonly numerator: number; readonly denominator: number }
  | { readonly kind: "rate"; readonly of: number; readonly units: number }
  | { readonly kind: "timeSinceLast" }
  | { readonly kind: "firstSeen"; readonly column: TypedColumn<KeyType> }
  | { readonly kind: "value"; readonly column: TypedColumn<NumericType> }
  | { readonly kind: "is"; readonly where: Conditions }
);

/** A definition resolved against the columns of its table: what both runners read. */
export interface FeaturePlan {
  readonly definition: FeatureDefinition;
  readonly hash: string;
  readonly table: string;
  readonly entity: TypedColumn<EntityType>;
  readonly time: { readonly column: string; readonly plus: TypedColumn<NumericType> | undefined };
  readonly latenessMicros: number;
  readonly where: Conditions;
  readonly trainWhere: Conditions;
  readonly windows: readonly WindowPlan[];
  readonly outputs: readonly Output[];
  readonly names: readonly string[];
  /** Columns that the runner reads, with their types; labels of `train.where` are not among them. */
  readonly inputs: ReadonlyMap<string, ColumnType>;
  /** Declared columns that the definition reads and the table's data has not brought yet: null in every row. */
  readonly absent: ReadonlyMap<string, ColumnType>;
  /** Whether the table has the column `label`, which then goes beside the matrix. */
  readonly isLabelled: boolean;
  /** Longest window plus its tile: how far back a row's windows can reach; 0 without windows. */
  readonly reachMicros: number;
  /** Whether a feature looks at all history: firstSeen and timeSinceLast. */
  readonly needsAllHistory: boolean;
}

/** What the statement gives beside the features; SQL names ignore case. */
const reservedNames = ["event_id", "entity", "event_time", "label"];

/**
 * A definition checked against the columns of its table.
 *
 * @param columns - of the table as the lake has it, beside the declared ones. A table that soclab does not know needs them.
 * @throws SOCLAB_INVALID_DEFINITION
 */
export function planFeatures(definition: unknown, columns?: Columns): FeaturePlan {
  const parsed = parseDefinition(definition);
  return new Planner(parsed, columns).plan();
}

class Planner {
  readonly #definition: FeatureDefinition;
  readonly #columns: Columns;
  readonly #present: Columns | undefined;
  /** All columns that the statement reads, labels of train.where included. */
  readonly #read = new Map<string, ColumnType>();
  readonly #inputs = new Map<string, ColumnType>();
  readonly #windows: { windowMicros: number; tileMicros: number; tiles: number; measures: Measure[] }[] = [];
  readonly #outputs: Output[] = [];

  constructor(definition: FeatureDefinition, present: Columns | undefined) {
    this.#definition = definition;
    this.#columns = { ...columnsOf(definition.table), ...present };
    this.#present = present;
  }

  plan(): FeaturePlan {
    const definition = this.#definition;
    const entity = this.#input(definition.entity, entityTypes, "entity");
    const timeColumn = definition.eventTime?.column ?? "timestamp";
    this.#input(timeColumn, ["timestamp"], "eventTime.column");
    const plus = definition.eventTime?.plus;
    const plusColumn = plus === undefined ? undefined : this.#input(plus, numericTypes, "eventTime.plus");
    const where = this.#conditions(definition.where, "where");
    definition.features.forEach((feature, i) => {
      this.#feature(feature, `features[${i}]`);
    });
    const trainWhere = this.#conditions(definition.train?.where, "train.where", true);
    const names = this.#outputs.map((output) => output.name);
    return {
      definition,
      hash: definitionHash(definition),
      table: definition.table,
      entity,
      time: { column: timeColumn, plus: plusColumn },
      latenessMicros: durationMicros(definition.lateness ?? "5m", "lateness"),
      where,
      trainWhere,
      windows: this.#windows,
      outputs: this.#outputs,
      names,
      inputs: this.#inputs,
      absent: new Map([...this.#read].filter(([column]) => this.#present !== undefined && !Object.hasOwn(this.#present, column))),
      isLabelled: (this.#present ?? this.#columns).label === "string" || this.#read.has("label"),
      reachMicros: Math.max(0, ...this.#windows.map((window) => window.windowMicros + window.tileMicros)),
      needsAllHistory: this.#outputs.some(({ kind }) => kind === "firstSeen" || kind === "timeSinceLast"),
    };
  }

  #feature(feature: Feature, path: string): void {
    const log1p = feature.log1p === true;
    const add = (name: string, output: Output): void => {
      const folded = name.toLowerCase();
      if (reservedNames.includes(folded)) invalid(`${path}.name "${name}" is a column that every matrix has`);
      if (this.#outputs.some((other) => other.name.toLowerCase() === folded))
        invalid(`${path}.name "${name}" is taken by an earlier feature`);
      this.#outputs.push(output);
    };
    const { name } = feature;
    if ("oneHot" in feature) {
      const column = this.#input(feature.oneHot, ["string"], `${path}.oneHot`);
      for (const value of feature.values) {
        const of = `${name}=${value}`;
        add(of, { name: of, log1p, kind: "is", where: [{ column: column.name, type: column.type, equals: value }] });
      }
    } else if ("value" in feature) {
      add(name, { name, log1p, kind: "value", column: this.#input(feature.value, numericTypes, `${path}.value`) });
    } else if ("is" in feature) {
      add(name, { name, log1p, kind: "is", where: this.#conditions(feature.is, `${path}.is`) });
    } else if ("firstSeen" in feature) {
      add(name, { name, log1p, kind: "firstSeen", column: this.#input(feature.firstSeen, keyTypes, `${path}.firstSeen`) });
    } else if ("timeSinceLast" in feature) {
      add(name, { name, log1p, kind: "timeSinceLast" });
    } else if ("ratio" in feature) {
      const [numerator, denominator] = feature.ratio.map((of, i) => this.#earlier(of, `${path}.ratio[${i}]`));
      add(name, { name, log1p, kind: "ratio", numerator: numerator!, denominator: denominator! });
    } else if ("rate" in feature) {
      const of = this.#earlier(feature.rate, `${path}.rate`);
      const output = this.#outputs[of]!;
      if (output.kind !== "count" && output.kind !== "sum") invalid(`${path}.rate is of "${feature.rate}", which is neither count nor sum`);
      const perMicros = { second: 1e6, minute: 60e6, hour: 3600e6 }[feature.per];
      add(name, { name, log1p, kind: "rate", of, units: this.#windows[output.window]!.windowMicros / perMicros });
    } else {
      this.#windowed(feature, path, add);
    }
  }

  #windowed(feature: Extract<Feature, { window: string }>, path: string, add: (name: string, output: Output) => void): void {
    const { name } = feature;
    const log1p = feature.log1p === true;
    const where = this.#conditions(feature.where, `${path}.where`);
    const window = this.#window(feature, path);
    const { measures } = this.#windows[window]!;
    const keep = (measure: Measure): number => {
      const at = measures.findIndex((other) => measureKey(other) === measureKey(measure));
      if (at < 0) return measures.push(measure) - 1;
      if (measure.kind === "moments" && measure.squares) measures[at] = measure;
      return at;
    };
    const numeric = (kind: string, column: string) => this.#input(column, numericTypes, `${path}.${kind}`);
    const moments = (kind: "sum" | "mean" | "std", column: string): Output => {
      const typed = numeric(kind, column);
      const measure = keep({ kind: "moments", column: typed, squares: kind === "std", where });
      return { name, log1p, kind, window, measure, scale: typed.type === "double" ? 1e6 : 1 };
    };
    const plain = (kind: "count" | "min" | "max" | "distinct", measure: Measure): Output => {
      return { name, log1p, kind, window, measure: keep(measure), scale: 1 };
    };
    if ("count" in feature) add(name, plain("count", { kind: "count", where }));
    else if ("sum" in feature) add(name, moments("sum", feature.sum));
    else if ("mean" in feature) add(name, moments("mean", feature.mean));
    else if ("std" in feature) add(name, moments("std", feature.std));
    else if ("min" in feature) add(name, plain("min", { kind: "min", column: numeric("min", feature.min), where }));
    else if ("max" in feature) add(name, plain("max", { kind: "max", column: numeric("max", feature.max), where }));
    else {
      const column = this.#input(feature.distinct, keyTypes, `${path}.distinct`);
      add(name, plain("distinct", { kind: "distinct", column, where }));
    }
  }

  #window(feature: { readonly window: string; readonly tile?: string | undefined }, path: string): number {
    const windowMicros = durationMicros(feature.window, `${path}.window`);
    const tileMicros = feature.tile === undefined ? defaultTileMicros(windowMicros) : durationMicros(feature.tile, `${path}.tile`);
    const tiles = windowMicros / tileMicros;
    if (!Number.isInteger(tiles)) invalid(`${path}.tile "${feature.tile}" does not divide the window "${feature.window}"`);
    if (tiles > maxTiles) invalid(`${path} makes ${tiles} tiles of its window, more than ${maxTiles}`, "Write a longer tile.");
    const at = this.#windows.findIndex((other) => other.windowMicros === windowMicros && other.tileMicros === tileMicros);
    return at >= 0 ? at : this.#windows.push({ windowMicros, tileMicros, tiles, measures: [] }) - 1;
  }

  #earlier(name: string, path: string): number {
    const at = this.#outputs.findIndex((output) => output.name === name);
    if (at >= 0) return at;
    const hint = didYouMean(
      name,
      this.#outputs.map((output) => output.name),
    );
    invalid(`${path} "${name}" is no feature above this one`, hint);
  }

  #input<T extends ColumnType>(name: string, types: readonly T[], path: string): TypedColumn<T> {
    if (isLabelBearing(name)) invalid(`${path} is "${name}", a class label or what labels are made of`, "Only train.where may use it.");
    const type = this.#typeOf(name, path);
    if (!types.some((allowed) => allowed === type)) {
      const usable = Object.keys(this.#columns).filter((other) => (types as readonly string[]).includes(this.#columns[other]!));
      const wrong = `${path} is the column "${name}" of type ${type}; expected ${types.join(", ")}`;
      invalid(wrong, types.length === 1 && usable.length > 0 ? `Such as "${usable[0]}".` : undefined);
    }
    this.#inputs.set(name, type);
    return { name, type: type as T };
  }

  #typeOf(name: string, path: string): ColumnType {
    if (Object.hasOwn(this.#columns, name)) {
      this.#read.set(name, this.#columns[name]!);
      return this.#columns[name]!;
    }
    return invalid(
      `${path} is "${name}"; the table "${this.#definition.table}" has no such column`,
      didYouMean(name, Object.keys(this.#columns)),
    );
  }

  #conditions(where: Where | undefined, path: string, labelsAllowed = false): Conditions {
    if (where === undefined) return [];
    const list = Array.isArray(where) ? (where as readonly Condition[]) : [where as Condition];
    return list.map((condition, i) => {
      const at = Array.isArray(where) ? `${path}[${i}]` : path;
      const type = this.#typeOf(condition.column, `${at}.column`);
      if (type === "bytes") invalid(`${at}.column "${condition.column}" is the raw record, which no condition reads`);
      if (!labelsAllowed) this.#input(condition.column, [type], `${at}.column`);
      checkOperand(condition, type, at);
      return { ...condition, type };
    });
  }
}

function measureKey(measure: Measure): string {
  return canonicalJson(measure.kind === "moments" ? { ...measure, squares: false } : measure);
}

function canonicalJson(value: unknown): string {
  return canonicalDefinition(value as FeatureDefinition);
}

function checkOperand(condition: Condition, type: ColumnType, path: string): void {
  if ("present" in condition) return;
  if (!(comparableTypes as readonly string[]).includes(type)) {
    invalid(`${path}.column "${condition.column}" is of type ${type}, which only "present" can ask about`);
  }
  const expected = type === "string" ? "string" : type === "boolean" ? "boolean" : "number";
  const bounds = "atLeast" in condition || "atMost" in condition;
  if (bounds && expected !== "number") invalid(`${path} has bounds on "${condition.column}" of type ${type}`, "Write equals, in or notIn.");
  const operands =
    "equals" in condition ? [condition.equals] : "in" in condition ? condition.in : "notIn" in condition ? condition.notIn : [];
  for (const operand of operands) {
    if (typeof operand !== expected) {
      invalid(`${path} compares "${condition.column}" of type ${type} with ${JSON.stringify(operand)}; expected a ${expected}`);
    }
  }
}
