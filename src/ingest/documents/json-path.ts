import { SoclabError } from "../../core/index.ts";

/** A step of a path: a key, an element's place, or every element. */
export type PathStep = string | number | "*";
export type JsonPath = readonly { readonly kind: "key" | "index" | "every"; readonly key: string; readonly index: number }[];

const step = /\.([A-Za-z_@$][\w@$-]*|\*)|\[(?:(\d{1,9})|(\*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y;

/**
 * A path into a JSON document: `$.Records[*]`, `$.event['source ip']`, `$.a[0].b`. A name without `$` is a key of the document: `source.ip`
 * is the same as `$.source.ip`.
 * @throws SOCLAB_INVALID_DEFINITION with the place in the path
 */
export function parseJsonPath(text: string): JsonPath {
  const full = text.startsWith("$") ? text : text.startsWith("[") ? `$${text}` : `$.${text}`;
  const steps: { kind: "key" | "index" | "every"; key: string; index: number }[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < full.length) {
    const from = step.lastIndex;
    const match = step.exec(full);
    if (!match) {
      const rest = full.slice(from);
      throw new SoclabError(
        "SOCLAB_INVALID_DEFINITION",
        `the JSON path ${JSON.stringify(text)} cannot be read from ${JSON.stringify(rest)} on`,
        {
          hint: "Write $.key, $.list[*], $.list[0] or $['a key with spaces']; filters and slices are not known.",
          position: Math.max(0, from - (full.length - text.length)),
        },
      );
    }
    const [, name, index, every, single, double] = match;
    const key = name ?? (single ?? double ?? "").replace(/\\(.)/g, "$1");
    if (every !== undefined || name === "*") steps.push({ kind: "every", key: "", index: 0 });
    else if (index !== undefined) steps.push({ kind: "index", key: "", index: Number(index) });
    else steps.push({ kind: "key", key, index: 0 });
  }
  return steps;
}

/** The value at a path without `[*]`, or undefined. Own keys only. */
export function valueAtPath(document: unknown, path: JsonPath): unknown {
  let node: unknown = document;
  for (const { kind, key, index } of path) {
    if (typeof node !== "object" || node === null) return undefined;
    if (kind === "key") node = Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined;
    else if (kind === "index") node = Array.isArray(node) ? node[index] : undefined;
    else return undefined;
  }
  return node;
}
