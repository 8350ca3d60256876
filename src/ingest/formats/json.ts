import { columnName } from "../delimited/column-names.ts";
import { type DocumentFeed, JsonDocuments } from "../documents/json-documents.ts";
import type { FeedFormat } from "../feed-format.ts";
import { type UsualColumns, usualColumns, usualFields } from "../guess/usual-names.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import type { Json } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { standardAddresses, standardFieldTypes, standardPorts, standardSources } from "../records/standard-fields.ts";

const layout: JsonLayout = {
  columns: standardFieldTypes,
  unknown: "infer",
  addresses: standardAddresses,
  ports: standardPorts,
  columnName: (joined) => (Object.hasOwn(standardFieldTypes, joined) ? joined : columnName(joined, "json")),
};

const maxNames = 4096;
const maxDepth = 8;

/** Any JSON objects. The standard fields come from the usual names, at the top or nested: `src_ip`, `source.ip`, `@timestamp`. */
class UsualDocuments {
  readonly #names = new Set<string>();
  #usual: UsualColumns = usualColumns([]);

  read(document: FieldRecord): FieldRecord {
    const leaves = new Map<string, Json>();
    collectLeaves(document, "", 0, leaves);
    const known = this.#names.size;
    for (const name of leaves.keys()) if (this.#names.size < maxNames) this.#names.add(name);
    if (this.#names.size > known) this.#usual = usualColumns([...this.#names]);
    const record: FieldRecord = usualFields(this.#usual, (name) => leaves.get(name));
    for (const key of Object.keys(document)) {
      if (Object.hasOwn(record, key) || Object.hasOwn(standardFieldTypes, key)) continue;
      Object.defineProperty(record, key, { value: document[key], enumerable: true, configurable: true, writable: true });
    }
    return record;
  }
}

function collectLeaves(node: FieldRecord, above: string, depth: number, out: Map<string, Json>): void {
  for (const key of Object.keys(node)) {
    const value = node[key]!;
    const name = above === "" ? key : `${above}.${key}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      if (depth < maxDepth) collectLeaves(value, name, depth + 1, out);
    } else if (value !== null && out.size < maxNames) out.set(name, value);
  }
}

export function jsonFeed(): DocumentFeed {
  const documents = new UsualDocuments();
  return {
    tableOf: () => "json",
    layoutOf: () => layout,
    sevenFields: standardSources,
    protocolOf: () => null,
    read: (document) => documents.read(document),
  };
}

export const json: FeedFormat = {
  name: "json",
  summary: "Any JSON objects: a line each, in lists, with commas between, or over many lines; usual names give the seven fields",
  open: ({ state }) => new JsonDocuments(jsonFeed(), state?.header),
};
