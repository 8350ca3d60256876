/** An object of a document from outside. Only its own properties are looked at: `__proto__` is a name like any other. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

export function property(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A property that is a text and not empty, else undefined. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = property(object, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The elements of a property that is a list, else nothing. */
export function listOf(object: JsonObject, name: string): readonly unknown[] {
  const value = property(object, name);
  return Array.isArray(value) ? value : [];
}

/** The texts in a property that is a list. */
export function textsOf(object: JsonObject, name: string): readonly string[] {
  return listOf(object, name).filter((value) => typeof value === "string");
}
