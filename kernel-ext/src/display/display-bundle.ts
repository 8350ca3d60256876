import { inspect, stripVTControlCharacters } from "node:util";
import { type Displayable, displaySymbol, isDisplayable, type MimeBundle } from "./displayable.ts";
import { escapeHtml } from "./escape-html.ts";
import { tableHtml } from "./table-html.ts";

/**
 * What a value shows in a notebook. `text/plain` is always there; `text/html` where the value is a table (an array of plain objects,
 * a `Map`) or an error; a {@link Displayable} says itself, and is described as text where its own method fails.
 *
 * @example
 * const bundle = await displayBundle([{ host: "10.0.0.5", alerts: 3 }]);
 * bundle["text/html"]; // "<table>…10.0.0.5…"
 */
export async function displayBundle(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) return ownBundle(value);
  const text = plainText(value);
  if (value instanceof Error) return { "text/plain": text, "text/html": `<pre>${escapeHtml(text)}</pre>` };
  const html = tableOf(value);
  return html === undefined ? { "text/plain": text } : { "text/plain": text, "text/html": html };
}

async function ownBundle(value: Displayable): Promise<MimeBundle> {
  let bundle: MimeBundle | null | undefined;
  try {
    bundle = await value[displaySymbol]();
  } catch (error) {
    return { "text/plain": `${plainText(value)}\n(its display method threw: ${error instanceof Error ? error.message : String(error)})` };
  }
  if (typeof bundle !== "object" || bundle === null) return { "text/plain": plainText(value) };
  return { "text/plain": bundle["text/plain"] ?? plainText(value), ...bundle };
}

function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    // A getter or a custom inspect may throw; a value that cannot be shown must not fail the cell that made it.
    return stripVTControlCharacters(inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, colors: false }));
  } catch (error) {
    return `[${typeof value} that cannot be inspected: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

function tableOf(value: unknown): string | undefined {
  if (value instanceof Map) return value.size === 0 ? undefined : tableHtml(["key", "value"], [...value.entries()]);
  if (!Array.isArray(value) || value.length === 0 || !value.every(isPlainObject)) return undefined;
  const columns = new Set<string>();
  for (const row of value) for (const name of Object.keys(row)) columns.add(name);
  if (columns.size === 0) return undefined;
  const names = [...columns];
  return tableHtml(
    names,
    value.map((row) => names.map((name) => row[name])),
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
