import { type Json, Rejection } from "../json/json-values.ts";

/** The object that a text is. @throws Rejection */
export function jsonObject(text: string): { [name: string]: Json } {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new Rejection("NOT_JSON", error instanceof Error ? error.message.slice(0, 200) : "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Rejection("NOT_AN_OBJECT", "expected a JSON object");
  return value;
}

const maxDepth = 16;
const maxLeaves = 2000;

/**
 * The leaves of an object, names joined with dots; lists and what lies deeper than 16 levels are JSON text.
 * @param take - called for each leaf, in the order of the text
 */
export function eachLeaf(object: { readonly [name: string]: Json }, take: (name: string, value: string) => void): void {
  let left = maxLeaves;
  const walk = (node: { readonly [name: string]: Json }, prefix: string, depth: number): void => {
    for (const key of Object.keys(node)) {
      if (left-- <= 0) return;
      const value = node[key]!;
      const name = prefix === "" ? key : `${prefix}.${key}`;
      if (value === null) continue;
      if (typeof value === "object" && !Array.isArray(value) && depth < maxDepth) walk(value, name, depth + 1);
      else take(name, typeof value === "string" ? value : JSON.stringify(value));
    }
  };
  walk(object, "", 0);
}
