import { readFile, stat } from "node:fs/promises";
import { SoclabError } from "../../core/index.ts";
import { columnNames } from "../delimited/column-names.ts";
import { type Cells, DelimitedRecords, type DelimitedTable } from "../delimited/delimited-records.ts";
import { JsonDocuments } from "../documents/json-documents.ts";
import { type JsonPath, parseJsonPath, valueAtPath } from "../documents/json-path.ts";
import type { FeedFormat } from "../feed-format.ts";
import { feeds } from "../feeds.ts";
import { type Json, Rejection } from "../json/json-values.ts";
import type { LineFormat } from "../line-parser.ts";
import type { ParserOptions } from "../parser.ts";
import { LineRecords } from "../records/line-records.ts";
import type { FieldRecord, RecordFeed } from "../records/record-feed.ts";
import { standardSources } from "../records/standard-fields.ts";
import { DeviceClock } from "../times/device-clock.ts";
import { type DeclaredColumn, DeclaredRecords, declaredColumns } from "./declared-columns.ts";
import { type DefinedField, definitionFault, type FeedDefinition, parseFeedDefinition } from "./definition.ts";
import { type FieldPattern, fieldPattern } from "./patterns.ts";
import { withoutPaths } from "./without-paths.ts";

type Open = (options: ParserOptions) => LineFormat;
type Definition<K extends FeedDefinition["kind"]> = Extract<FeedDefinition, { kind: K }>;

const maxDefinitionBytes = 1024 * 1024;

/**
 * A feed out of a definition: grok or regular expression, delimited text, or JSON. It is a feed like those that soclab ships.
 * @param value - parsed JSON; `docs/ingest.md` has every key
 * @throws SOCLAB_INVALID_DEFINITION with the place in the document, also for a pattern that could take more than linear time; SOCLAB_INVALID_VALUE for a
 * zone that is none
 * @example
 * const shop = declareFeed({ name: "shop", kind: "regex", pattern: "(?<when>\\S+) (?<client>\\S+)",
 *   fields: { when: { type: "timestamp", format: "iso8601" } }, standard: { timestamp: "when", ip_src_addr: "client" } });
 */
export function declareFeed(value: unknown): FeedFormat {
  const definition = parseFeedDefinition(value);
  if (feeds.some(({ name }) => name === definition.name))
    throw definitionFault("name", `"${definition.name}" is a feed that soclab ships; give yours another name`);
  const open = opener(definition);
  new DeviceClock({ zone: definition.zone });
  // What is wrong with formats or the mapping shows now and not at the first source.
  open({ source: "", zone: definition.zone });
  return { name: definition.name, summary: definition.summary ?? `declared: ${definition.kind}`, open };
}

/**
 * The same out of a JSON file.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE, SOCLAB_INVALID_DEFINITION naming the file
 */
export async function loadFeed(path: string): Promise<FeedFormat> {
  const text = await readDefinition(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  try {
    return declareFeed(value);
  } catch (error) {
    if (!(error instanceof SoclabError)) throw error;
    const message = error.message.slice(error.code.length + 2);
    throw new SoclabError(error.code, `${path}: ${message}`, { hint: error.hint, cause: error });
  }
}

async function readDefinition(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxDefinitionBytes)
      throw new SoclabError("SOCLAB_INVALID_FILE", `${path} has ${size} bytes, expected a definition of at most ${maxDefinitionBytes}`);
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof SoclabError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new SoclabError(code === "ENOENT" ? "SOCLAB_NOT_FOUND" : "SOCLAB_IO", `${path} cannot be read: ${message}`, { cause });
  }
}

function opener(definition: FeedDefinition): Open {
  switch (definition.kind) {
    case "grok":
    case "regex":
      return patternFeed(definition);
    case "delimited":
      return delimitedFeed(definition);
    case "json":
      return jsonFeed(definition);
  }
}

function recordFeed({ name }: FeedDefinition, records: DeclaredRecords): RecordFeed {
  return { tableOf: () => name, layoutOf: () => records.layout, sevenFields: standardSources, protocolOf: () => null };
}

function isRemark({ remarks }: FeedDefinition): ((line: string) => boolean) | undefined {
  return remarks.length === 0 ? undefined : (line) => remarks.some((start) => line.startsWith(start));
}

function patternFeed(definition: Definition<"grok" | "regex">): Open {
  const { pattern: written, ignoreCase, maxLineBytes } = definition;
  const own = definition.kind === "grok" ? definition.patterns : {};
  const isGrok = definition.kind === "grok";
  const patterns = written.map((text, i) =>
    fieldPattern(text, written.length > 1 ? `pattern[${i}]` : "pattern", { own, isGrok, ignoreCase }),
  );
  const columns = declaredColumns(definition, groupsOf(patterns));
  checkSources(columns, new Set(patterns.flatMap(({ fields }) => fields)), "pattern has no group");
  const remark = isRemark(definition);
  return (options) => {
    const records = new DeclaredRecords(definition, columns, options);
    return new LineRecords({
      ...recordFeed(definition, records),
      ...(remark ? { isRemark: remark } : {}),
      parse(line) {
        if (Buffer.byteLength(line) > maxLineBytes)
          throw new Rejection("RECORD_TOO_LONG", `${Buffer.byteLength(line)} bytes, expected at most ${maxLineBytes}`);
        for (const { matcher, fields } of patterns) {
          const match = matcher.exec(line);
          if (!match) continue;
          const groups = new Map<string, string>();
          for (const [i, field] of fields.entries()) {
            const text = match[i + 1];
            if (text !== undefined && !groups.has(field)) groups.set(field, text);
          }
          return records.read((from) => groups.get(from));
        }
        throw new Rejection(
          "BAD_LINE",
          patterns.length === 1 ? "the pattern does not match" : `none of the ${patterns.length} patterns matches`,
        );
      },
    });
  };
}

function groupsOf(patterns: readonly FieldPattern[]): Map<string, DefinedField["type"]> {
  const groups = new Map<string, DefinedField["type"]>();
  for (const { fields, types } of patterns)
    for (const field of fields) if (!groups.has(field)) groups.set(field, types.get(field) ?? "string");
  return groups;
}

function checkSources(columns: readonly DeclaredColumn[], known: ReadonlySet<string>, what: string): void {
  for (const { name, from, constant } of columns) {
    if (constant !== undefined || known.has(from)) continue;
    throw definitionFault(`fields.${name}`, `the ${what} "${from}"; there are ${[...known].join(", ")}`);
  }
}

function delimitedFeed(definition: Definition<"delimited">): Open {
  const { delimiter, quotes, header } = definition;
  const titles = header === true ? undefined : header;
  const columnsOf = (names: readonly string[]) =>
    declaredColumns(definition, new Map(columnNames(names, definition.name).map((name, i) => [names[i] || name, "string" as const])));
  if (titles) checkSources(columnsOf(titles), new Set(titles), "header has no title");
  return (options) => {
    // With the titles in the file what is wrong with the mapping shows there; what does not need them shows now.
    if (!titles) new DeclaredRecords({ ...definition, standard: {} }, declaredColumns(definition), options);
    const table = (names: Cells): DelimitedTable | { readonly reason: string } => {
      const texts = names.map((name, i) => name ?? `column_${i + 1}`);
      try {
        return delimitedTable(definition, columnsOf(texts), texts, options);
      } catch (error) {
        if (error instanceof SoclabError) return { reason: error.message.slice(error.code.length + 2) };
        throw error;
      }
    };
    const dialect = delimiter === undefined ? undefined : { delimiter: delimiter.charCodeAt(0), quotes };
    const remark = isRemark(definition);
    return new DelimitedRecords(
      { dialect, table, ...(titles ? { namesWithoutHeader: () => titles } : {}), ...(remark ? { isRemark: remark } : {}) },
      options.state?.header,
    );
  };
}

function delimitedTable(
  definition: Definition<"delimited">,
  columns: readonly DeclaredColumn[],
  titles: readonly string[],
  options: ParserOptions,
): DelimitedTable {
  checkSources(columns, new Set(titles), "header has no title");
  const records = new DeclaredRecords(definition, columns, options);
  const index = new Map(titles.map((title, i) => [title, i]));
  return {
    ...recordFeed(definition, records),
    read: (cells) => records.read((from) => cells[index.get(from)!] ?? undefined),
  };
}

function jsonFeed(definition: Definition<"json">): Open {
  const columns = declaredColumns(definition);
  const paths = new Map<string, JsonPath>();
  for (const { name, from, constant } of columns) {
    if (constant !== undefined) continue;
    const path = pathAt(`fields.${name}.from`, from);
    if (path.some(({ kind }) => kind === "every")) throw definitionFault(`fields.${name}.from`, "names many values with [*], expected one");
    paths.set(from, path);
  }
  const select = definition.records === undefined ? undefined : pathAt("records", definition.records);
  const used = [...paths.values()];
  return (options) => {
    const records = new DeclaredRecords(definition, columns, options);
    return new JsonDocuments(
      {
        ...recordFeed(definition, records),
        select,
        read(document) {
          const record = records.read((from) => valueAtPath(document, paths.get(from)!) as Json | undefined);
          const rest: FieldRecord = withoutPaths(document, used);
          for (const key of Object.keys(rest)) {
            const name = Object.hasOwn(records.layout.columns, key) ? `${definition.name}_${key}` : key;
            Object.defineProperty(record, name, { value: rest[key], enumerable: true, configurable: true, writable: true });
          }
          return record;
        },
      },
      options.state?.header,
    );
  };
}

function pathAt(place: string, text: string): JsonPath {
  try {
    return parseJsonPath(text);
  } catch (error) {
    if (error instanceof SoclabError) throw definitionFault(place, error.message.slice(error.code.length + 2));
    throw error;
  }
}
