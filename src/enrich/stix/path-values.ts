import { isObject, type JsonObject, property } from "../json-object.ts";
import type { ObjectPath } from "./pattern.ts";

/** What a path selects: JSON values, with properties named `…_hex` and `…_bin` as the bytes they spell. */
export type PathValue = unknown;

/**
 * The values that a path selects in an object of the right type. A property named `…_ref` or `…_refs` leads on to what it refers to;
 * references that lead nowhere select nothing.
 */
export function pathValues(path: ObjectPath, root: JsonObject, objects: ReadonlyMap<string, JsonObject>): PathValue[] {
  if (property(root, "type") !== path.objectType) return [];
  let values: PathValue[] = [root];
  for (const step of path.steps) {
    const next: PathValue[] = [];
    for (const value of values) {
      if (step.kind === "any") {
        if (Array.isArray(value)) for (const element of value) next.push(element);
      } else if (step.kind === "index") {
        if (Array.isArray(value) && step.index >= 0 && step.index < value.length) next.push(value[step.index]);
      } else if (isObject(value) && Object.hasOwn(value, step.name)) {
        const found = followed(step.name, value[step.name], objects);
        if (found !== undefined) next.push(found);
      }
    }
    values = next;
  }
  return values;
}

function followed(name: string, value: unknown, objects: ReadonlyMap<string, JsonObject>): PathValue {
  if (name.endsWith("_ref")) return typeof value === "string" ? objects.get(value) : undefined;
  if (name.endsWith("_refs"))
    return Array.isArray(value) ? value.flatMap((ref) => (typeof ref === "string" ? (objects.get(ref) ?? []) : [])) : undefined;
  if (typeof value !== "string") return value;
  if (name.endsWith("_hex")) return /^(?:[0-9a-fA-F]{2})*$/.test(value) ? new Uint8Array(Buffer.from(value, "hex")) : undefined;
  if (name.endsWith("_bin")) return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? new Uint8Array(Buffer.from(value, "base64")) : undefined;
  return value;
}
