import { readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { SoclabError } from "../../core/index.ts";
import { csvRecords } from "../csv.ts";
import { collectIndicators, type IndicatorsRead } from "../indicators-read.ts";
import type { IndicatorSink } from "../intel/indicator.ts";
import type { ListReader } from "../intel/list-source.ts";
import { jsonElements } from "../json-elements.ts";
import { jsonFiles } from "../json-files.ts";
import { isObject } from "../json-object.ts";
import type { ListDefaults } from "../stix/stix-indicators.ts";
import { linesOf, readText } from "../text-file.ts";
import { MispIndicators } from "./misp-event.ts";
import { typeOfText } from "./text-type.ts";

/**
 * Reads what MISP exports: events as JSON (one, many, or an answer of the API), a feed's folder with its `manifest.json`, attributes as CSV, or a
 * text with one value a line. A file may be gzip.
 */
export const readMispList: ListReader = async (source, sink) => {
  const indicators = new MispIndicators(source, sink);
  for (const path of await feedFiles(source.path, sink))
    if (await isJson(path)) await readEvents(path, indicators);
    else await readTable(path, indicators, sink);
};

/**
 * The indicators of a MISP document that is in memory.
 *
 * @param document - parsed JSON: an event, an answer of the API, an object, an attribute, or a list of them
 * @param defaults - the list's name, and what holds where the document does not tell: a confidence of 0.8
 */
export function readMisp(document: unknown, defaults: ListDefaults): IndicatorsRead {
  return collectIndicators((sink) => new MispIndicators(defaults, sink).add(document));
}

/** The files of a feed: the events that its manifest names, or all JSON of a folder without one. */
async function feedFiles(path: string, sink: IndicatorSink): Promise<string[]> {
  const isManifest = /^manifest\.json$/.test(basename(path));
  const files = await jsonFiles(isManifest ? dirname(path) : path);
  const manifest = files.find((file) => basename(file) === "manifest.json");
  if (manifest === undefined || files.length === 1) return files;
  const entries = parseManifest(await readText(manifest), manifest);
  const byName = new Map(files.map((file) => [basename(file).replace(/\.json(\.gz)?$/, ""), file]));
  const named: string[] = [];
  for (const uuid of entries) {
    const file = byName.get(uuid);
    if (file === undefined) sink.setAside("an event of the manifest without its file");
    else named.push(file);
  }
  return named;
}

function parseManifest(text: string, path: string): string[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (!isObject(manifest))
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no manifest, expected an object with an entry an event`);
  return Object.keys(manifest);
}

async function readEvents(path: string, indicators: MispIndicators): Promise<void> {
  for await (const part of jsonElements(path, ["response"]))
    if ("element" in part) indicators.add(part.element);
    else if (!Array.isArray(part.document) && !isEmptyResponse(part.document)) indicators.add(part.document);
}

/** What is left of an answer after its events were read one by one. */
function isEmptyResponse(document: unknown): boolean {
  return isObject(document) && Array.isArray(document.response) && document.response.length === 0;
}

/** Attributes as MISP's CSV has them (a line of names, `type` and `value` among them), or one value a line. */
async function readTable(path: string, indicators: MispIndicators, sink: IndicatorSink): Promise<void> {
  const text = await readText(path);
  const first = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n")).trim();
  const names = first.split(",").map((name) => name.trim().replace(/^"|"$/g, ""));
  if (names.includes("type") && names.includes("value")) {
    for (const { fields } of [...csvRecords(text, path)].slice(1)) indicators.add(csvAttribute(names, fields));
    return;
  }
  for (const [line] of linesOf(text)) {
    const value = line.trim();
    if (value === "" || value.startsWith("#")) continue;
    const type = typeOfText(value);
    if (type === null) sink.setAside("a value of no known type");
    else indicators.add({ type, value, to_ids: true });
  }
}

/** Columns that JSON calls by another name. */
const csvNames: ReadonlyMap<string, string> = new Map([["date", "timestamp"]]);

function csvAttribute(names: readonly string[], fields: readonly string[]): unknown {
  const entries = names.flatMap((name, i): [string, unknown][] =>
    fields[i] === undefined || fields[i] === "" ? [] : [[csvNames.get(name) ?? name, fields[i]]],
  );
  const tags = entries.find(([name]) => name === "attribute_tag");
  const Tag =
    tags === undefined
      ? []
      : String(tags[1])
          .split(",")
          .map((name) => ({ name }));
  return { ...Object.fromEntries(entries), Tag, value: entries.find(([name]) => name === "value")?.[1] ?? "" };
}

/** Whether a file starts as JSON does. */
async function isJson(path: string): Promise<boolean> {
  if (/\.json(\.gz)?$/.test(path)) return true;
  const { size } = await stat(path);
  const bytes = size < 1 << 20 ? await readFile(path) : null;
  const text =
    bytes !== null && (bytes[0] !== 0x1f || bytes[1] !== 0x8b) ? bytes.subarray(0, 200).toString() : (await readText(path)).slice(0, 200);
  return /^\uFEFF?\s*[[{]/.test(text);
}
