import { basename } from "node:path";
import { didYouMean } from "../core/index.ts";
import { csvRecords } from "./csv.ts";
import type { LabelAssertion } from "./label-assertion.ts";
import { lineError, linesOf, quoted, readText } from "./text-file.ts";

/** What holds for every line that does not say otherwise. */
export interface LabelFileOptions {
  /** Default: `label-file:` and the file's name. */
  readonly source?: string | undefined;
  /** When the labels became known, ISO 8601. */
  readonly knownAt?: string | undefined;
  readonly confidence?: number | undefined;
  readonly table?: string | undefined;
}

const texts = [
  "about",
  "table",
  "event_id",
  "column",
  "value",
  "where",
  "src",
  "dst",
  "protocol",
  "from",
  "until",
  "label",
  "tag",
  "source",
  "known_at",
  "note",
];
const numbers = ["src_port", "dst_port", "confidence"];

/**
 * Assertions out of a CSV file (a header line of their fields) or NDJSON, gzip or not. A line's kind is what it names: an event, a flow's two
 * ends, a column and its value, a condition.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE with the line; whether each assertion can hold is checked when it is stored
 */
export async function readLabelFile(path: string, options: LabelFileOptions = {}): Promise<LabelAssertion[]> {
  const text = await readText(path);
  const records = text.trimStart().startsWith("{") ? jsonRecords(text, path) : fieldRecords(text, path);
  const assertions: LabelAssertion[] = [];
  for (const [line, record] of records) {
    const about = record.about ?? kindOf(record);
    if (about === undefined) throw lineError(path, line, "names no event_id, no src and dst, no column and value, no where");
    const source = record.source ?? options.source ?? `label-file:${basename(path)}`;
    const known_at = record.known_at ?? options.knownAt;
    if (known_at === undefined)
      throw lineError(path, line, "does not say when it became known", "Add a column known_at, or give one time for the file.");
    const confidence = record.confidence ?? options.confidence;
    const table = record.table ?? options.table;
    assertions.push({
      ...record,
      about,
      source,
      known_at,
      ...(confidence === undefined ? {} : { confidence }),
      ...(table === undefined ? {} : { table }),
    } as LabelAssertion);
  }
  return assertions;
}

type Fields = { readonly [name: string]: unknown };

function kindOf(record: Fields): string | undefined {
  if (record.event_id !== undefined) return "event";
  if (record.src !== undefined && record.dst !== undefined) return "flow";
  if (record.where !== undefined) return "query";
  return record.column !== undefined && record.value !== undefined ? "entity" : undefined;
}

function* jsonRecords(text: string, path: string): Generator<readonly [line: number, record: Fields]> {
  for (const [line, number] of linesOf(text)) {
    if (line.trim() === "") continue;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      throw lineError(path, number, `${quoted(line)} is no JSON`);
    }
    if (typeof record !== "object" || record === null || Array.isArray(record)) throw lineError(path, number, "expected a JSON object");
    yield [number, record as Fields];
  }
}

function* fieldRecords(text: string, path: string): Generator<readonly [line: number, record: Fields]> {
  let titles: string[] | undefined;
  for (const { line, fields } of csvRecords(text, path)) {
    if (!titles) {
      titles = fields.map((title) => title.trim().toLowerCase());
      const wrong = titles.find((title) => !texts.includes(title) && !numbers.includes(title));
      if (wrong !== undefined) throw lineError(path, line, `unknown column ${quoted(wrong)}`, didYouMean(wrong, [...texts, ...numbers]));
      continue;
    }
    if (fields.length !== titles.length) throw lineError(path, line, `${fields.length} fields, expected ${titles.length}`);
    const record: Record<string, unknown> = {};
    for (const [i, title] of titles.entries()) {
      const value = fields[i]!.trim();
      if (value === "") continue;
      const number = numbers.includes(title) ? Number(value) : undefined;
      if (number !== undefined && Number.isNaN(number)) throw lineError(path, line, `${title} is ${quoted(value)}, expected a number`);
      record[title] = number ?? value;
    }
    yield [line, record];
  }
}
