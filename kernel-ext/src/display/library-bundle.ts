import type { MimeBundle } from "./displayable.ts";
import { toJsonData } from "./json-data.ts";
import { isPlainObject } from "./table-part.ts";

/**
 * The pictures that other libraries' objects offer, by the methods that Deno's kernel asks for as well: `outerHTML` of a document's
 * element (jsdom, linkedom, so Observable Plot and D3), `toDataURL()` of a canvas, `toSpec()` of a Vega view. Only where a class gives
 * them: a record that came from JSON with a field `outerHTML` is data.
 *
 * @returns undefined where the value offers none
 */
export function libraryBundle(value: object): MimeBundle | undefined {
  if (isPlainObject(value)) return undefined;
  const markup = inherited(value, "outerHTML");
  if (typeof markup === "string") return { [markup.startsWith("<svg") ? "image/svg+xml" : "text/html"]: markup };
  if (typeof inherited(value, "toDataURL") === "function") return canvasBundle(value);
  if (typeof inherited(value, "toSpec") === "function") return vegaBundle(value);
  return undefined;
}

/** A property that the object's class gives it; libraries in one sandbox have an `Object.prototype` of their own. */
function inherited(value: object, name: string): unknown {
  if (!(name in value) || Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function canvasBundle(value: object): MimeBundle | undefined {
  const url: unknown = call(value, "toDataURL");
  const match = typeof url === "string" ? /^data:(image\/(?:png|jpeg|webp));base64,([\w+/]+=*)$/.exec(url) : null;
  return match?.[1] && match[2] ? { [match[1]]: match[2] } : undefined;
}

function vegaBundle(value: object): MimeBundle | undefined {
  const spec = call(value, "toSpec");
  if (typeof spec !== "object" || spec === null || !("$schema" in spec)) return undefined;
  const schema = /^https:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)(?:\.\d+)*\.json$/.exec(String(spec.$schema));
  if (!schema) return undefined;
  return { [`application/vnd.${schema[1]?.replace("-", "")}.v${schema[2]}+json`]: toJsonData(spec) };
}

function call(value: object, method: string): unknown {
  const found: unknown = Reflect.get(value, method);
  return typeof found === "function" ? found.call(value) : undefined;
}
