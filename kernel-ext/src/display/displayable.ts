/** What Jupyter puts under one MIME type: text (base64 for binary types), or JSON for `application/json` and the `+json` types. */
export type MimeData = string | number | boolean | null | MimeData[] | { [name: string]: MimeData };

/** One value in several forms; a front end shows the richest one that it knows. */
export type MimeBundle = { [mime: string]: MimeData };

/** The method under which an object says how it looks in a notebook; the same one that Deno's kernel calls. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display");

/** An object that says itself how it looks in a notebook. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return displaySymbol in value && typeof value[displaySymbol] === "function";
}
