import { type ColumnType, standardColumns } from "../../event/index.ts";
import { protocolName } from "../guess/protocol-names.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import { type Json, Rejection, shown } from "../json/json-values.ts";
import type { ParserOptions } from "../parser.ts";
import { addressOf, portOf } from "../records/fields.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { standardAddresses, standardFieldTypes, standardPorts } from "../records/standard-fields.ts";
import { type DefinedField, definitionFault, type FeedDefinition, type StandardSource } from "./definition.ts";
import { type TimeReader, timeReader } from "./time-format.ts";

type FieldType = DefinedField["type"];
type StandardName = keyof typeof standardFieldTypes;

/** A column of a declared feed and where its value is from. */
export interface DeclaredColumn {
  readonly name: string;
  /** What the record calls it: a group of the pattern, a title, a path. */
  readonly from: string;
  readonly type: FieldType;
  readonly formats: readonly string[];
  readonly isRequired: boolean;
  readonly constant?: Json | undefined;
}

const standardNames = Object.keys(standardFieldTypes) as StandardName[];
const reserved = new Set([...Object.keys(standardColumns), "day", "extra"]);
const columnTypes: Readonly<Record<FieldType, ColumnType>> = {
  string: "string",
  double: "double",
  bigint: "bigint",
  integer: "integer",
  boolean: "boolean",
  timestamp: "timestamp",
  address: "string",
  port: "integer",
  "string[]": "string[]",
};

/**
 * The columns of a definition: those that it declares, and of what else the record names a text column each.
 * @param found - names that the record has, with the types that a pattern gives them
 * @throws SOCLAB_INVALID_DEFINITION
 */
export function declaredColumns(definition: FeedDefinition, found: ReadonlyMap<string, FieldType> = new Map()): DeclaredColumn[] {
  const columns = Object.entries(definition.fields).map(([name, field]): DeclaredColumn => {
    const place = `fields.${name}`;
    const standard = standardNames.find((known) => known === name);
    if (standard === undefined && reserved.has(name.toLowerCase()))
      throw definitionFault(place, "soclab makes a column of this name itself; give it another one");
    if (standard && !fitsStandard(standard, field.type))
      throw definitionFault(`${place}.type`, `is ${field.type}, expected ${standardKind(standard)} for the standard field ${name}`);
    if (field.type === "timestamp" && field.format === undefined)
      throw definitionFault(
        `${place}.format`,
        "is missing: a timestamp needs one",
        "Words are iso8601, any, epoch_seconds, epoch_millis; else %d/%b/%Y:%H:%M:%S %z.",
      );
    if (field.type !== "timestamp" && field.format !== undefined)
      throw definitionFault(`${place}.format`, `is for timestamps, and the type is ${field.type}`);
    if (field.value !== undefined && field.from !== undefined) throw definitionFault(place, 'has both "from" and "value", expected one');
    const { type, format = [], required: isRequired, value: constant, from = name } = field;
    return { name, from, type, formats: format, isRequired, constant };
  });
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const used = new Set(columns.map(({ from }) => from));
  for (const [from, type] of found) {
    if (used.has(from)) continue;
    const standard = standardNames.find((known) => known === from);
    const name = standard || !reserved.has(from.toLowerCase()) ? from : `${definition.name}_${from}`;
    if (taken.has(name.toLowerCase()))
      throw definitionFault(`fields.${name}`, `there are two columns of this name: ${from} is another one`);
    taken.add(name.toLowerCase());
    const own = standard === undefined ? type : standardKind(standard);
    columns.push({ name, from, type: own, formats: own === "timestamp" ? ["any"] : [], isRequired: false });
  }
  return columns;
}

function standardKind(name: StandardName): FieldType {
  if (name === "timestamp") return "timestamp";
  if (standardAddresses.has(name)) return "address";
  return standardPorts.has(name) ? "port" : "string";
}

function fitsStandard(name: StandardName, type: FieldType): boolean {
  return type === standardKind(name) || (standardAddresses.has(name) && type === "string");
}

/** Makes records of one source: the values of the declared columns, and the standard fields out of them. */
export class DeclaredRecords {
  readonly layout: JsonLayout;
  readonly #columns: readonly (DeclaredColumn & { readonly time: TimeReader | undefined })[];
  readonly #nulls: ReadonlySet<string>;
  readonly #standard: readonly (readonly [StandardName, readonly string[], string | undefined])[];

  /** @throws SOCLAB_INVALID_DEFINITION for a standard field that names no column, and for a time format that is none */
  constructor(definition: FeedDefinition, columns: readonly DeclaredColumn[], options: Pick<ParserOptions, "zone" | "referenceTime">) {
    const clock = { ...options, zone: options.zone ?? definition.zone };
    this.#columns = columns.map((column) => ({
      ...column,
      time: column.type === "timestamp" ? timeReader(column.formats, clock) : undefined,
    }));
    this.#nulls = new Set(definition.nulls);
    this.#standard = standardNames.flatMap((name) => {
      const source = definition.standard[name];
      if (source === undefined) return [];
      checkStandard(name, source, columns);
      const isConstant = typeof source === "object" && !Array.isArray(source);
      return [[name, isConstant ? [] : [source].flat(), isConstant ? source.value : undefined] as const];
    });
    this.layout = {
      columns: { ...Object.fromEntries(columns.map(({ name, type }) => [name, columnTypes[type]])), ...standardFieldTypes },
      unknown: definition.kind === "json" && definition.unlisted === "infer" ? "infer" : "extra",
      addresses: standardAddresses,
      ports: standardPorts,
      columnName: (joined) => joined,
    };
  }

  /**
   * The columns of one record.
   * @param has - what the record has under a name
   * @throws Rejection
   */
  read(has: (from: string) => Json | undefined): FieldRecord {
    const record: FieldRecord = {};
    for (const column of this.#columns) {
      const value = column.constant ?? has(column.from);
      if (value === undefined || value === null || (typeof value === "string" && this.#nulls.has(value))) {
        if (column.isRequired) throw new Rejection("RULE_REQUIRED", `${column.name} has no value, and the feed requires one`);
        continue;
      }
      const converted = convertedValue(column, column.time, value);
      if (converted !== null) record[column.name] = converted;
    }
    for (const [name, sources, constant] of this.#standard) {
      const value = constant ?? firstOf(record, sources, name);
      if (value !== undefined) record[name] = value;
    }
    const { ip_src_addr: source, ip_dst_addr: destination, protocol } = record;
    if (source !== undefined) this.#asAddress(record, "ip_src_addr", source);
    if (destination !== undefined) this.#asAddress(record, "ip_dst_addr", destination);
    if (typeof protocol === "string") {
      const known = protocolName(protocol);
      if (known === null) delete record.protocol;
      else record.protocol = known;
    }
    return record;
  }

  /** A text that is no address, as a host name, is none for the standard field; it is in its own column. */
  #asAddress(record: FieldRecord, name: "ip_src_addr" | "ip_dst_addr", value: Json): void {
    const address = typeof value === "string" ? addressOf(value) : undefined;
    if (address === undefined) delete record[name];
    else record[name] = address;
  }
}

function firstOf(record: FieldRecord, sources: readonly string[], name: string): Json | undefined {
  for (const source of sources) {
    const value = record[source];
    if (value === undefined) continue;
    if (!standardAddresses.has(name) || (typeof value === "string" && addressOf(value) !== undefined)) return value;
  }
  return undefined;
}

function checkStandard(name: StandardName, source: StandardSource, columns: readonly DeclaredColumn[]): void {
  const place = `standard.${name}`;
  if (typeof source === "object" && !Array.isArray(source)) {
    if (name !== "protocol" && !(standardAddresses.has(name) && addressOf(source.value) !== undefined))
      throw definitionFault(place, `cannot be the same for every event: ${JSON.stringify(source.value)}`);
    return;
  }
  for (const wanted of [source].flat()) {
    const column = columns.find((one) => one.name === wanted);
    if (!column)
      throw definitionFault(
        place,
        `names "${wanted}", and the feed has no such column; it has ${columns.map((one) => one.name).join(", ")}`,
      );
    const isPort = standardPorts.has(name) && (column.type === "integer" || column.type === "bigint");
    if (!isPort && !fitsStandard(name, column.type))
      throw definitionFault(place, `names "${wanted}" of type ${column.type}, expected ${standardKind(name)}`);
  }
}

/** Null where a list is empty. @throws Rejection */
function convertedValue({ name, type }: DeclaredColumn, time: TimeReader | undefined, value: Json): Json | null {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "string[]":
      return (Array.isArray(value) ? value : [value])
        .filter((one) => one !== null)
        .map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
    case "timestamp": {
      const micros = typeof value === "string" || typeof value === "number" ? time!(String(value)) : Number.NaN;
      if (Number.isNaN(micros)) throw new Rejection("BAD_TIMESTAMP", `${name} is ${shown(value)}, which is no time in the feed's format`);
      return micros / 1e6;
    }
    case "address": {
      const address = typeof value === "string" ? addressOf(value) : undefined;
      if (address === undefined) throw new Rejection("BAD_ADDRESS", `${name} is ${shown(value)}, expected an IPv4 or IPv6 address`);
      return address;
    }
    case "port": {
      const port = portOf(name, String(value));
      if (port === undefined) throw new Rejection("BAD_NUMBER", `${name} is ${shown(value)}, expected a port`);
      return port;
    }
    case "boolean":
      return booleanOf(name, value);
    case "bigint": {
      const number = numberOf(name, type, value);
      // What a double cannot hold stays text, and so exact.
      return Number.isSafeInteger(number) || typeof value !== "string" ? number : value.trim();
    }
    default:
      return numberOf(name, type, value);
  }
}

function booleanOf(name: string, value: Json): boolean {
  if (typeof value === "boolean") return value;
  const text = String(value).toLowerCase();
  if (["true", "yes", "1", "t", "y"].includes(text)) return true;
  if (["false", "no", "0", "f", "n"].includes(text)) return false;
  throw new Rejection("BAD_BOOLEAN", `${name} is ${shown(value)}, expected true or false`);
}

function numberOf(name: string, type: "double" | "bigint" | "integer", value: Json): number {
  const pattern = type === "double" ? /^[+-]?(?:\d{1,309}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?$/ : /^[+-]?\d{1,19}$/;
  const number = typeof value === "number" ? value : typeof value === "string" && pattern.test(value.trim()) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || (type !== "double" && !Number.isInteger(number)))
    throw new Rejection("BAD_NUMBER", `${name} is ${shown(value)}, expected ${type === "double" ? "a number" : "a whole number"}`);
  if (type === "integer" && Math.abs(number) > 2147483647)
    throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected at most 2147483647`);
  return number;
}
