import type { MimeBundle, MimeData } from "./displayable.ts";
import { toJsonData } from "./json-data.ts";
import { messageOf } from "./plain-text.ts";

export interface StorableBundle {
  readonly bundle: MimeBundle;
  /** What could not be stored, in words. */
  readonly problems: readonly string[];
}

const mimeType = /^[a-z]+\/[\w.+-]+$/i;
const jsonType = /^application\/(?:.*\+)?json$/i;
const textType = /^text\/|^image\/svg\+xml$|^application\/(?:javascript|xml)$/i;

/**
 * What a display method, a library or a user gave, as it may be sent and saved: JSON data for JSON types, well-formed text for the
 * others, bytes as base64. One half of a surrogate pair in an output keeps Jupyter from saving the notebook.
 */
export function storableBundle(given: unknown): StorableBundle {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return {
      bundle: {},
      problems: [`gave ${given === null ? "null" : Array.isArray(given) ? "an array" : typeof given}, not a MIME bundle`],
    };
  }
  const bundle: [string, MimeData][] = [];
  const problems: string[] = [];
  try {
    for (const [mime, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const data = mimeType.test(mime) ? storableData(mime, value) : undefined;
      if (data === undefined)
        problems.push(mimeType.test(mime) ? `gave ${kindOf(value)} for ${mime}` : `gave "${mime}", which is no MIME type`);
      else bundle.push([mime, data]);
      if (problems.length > 5) break;
    }
  } catch (error) {
    problems.push(`could not be read: ${messageOf(error)}`);
  }
  return { bundle: Object.fromEntries(bundle), problems };
}

function storableData(mime: string, value: unknown): MimeData | undefined {
  if (jsonType.test(mime)) return typeof value === "function" || typeof value === "symbol" ? undefined : toJsonData(value);
  if (typeof value === "string") return value.toWellFormed();
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return textType.test(mime) ? bytes.toString("utf8") : bytes.toString("base64");
  }
  // As notebook files hold it.
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("").toWellFormed();
  return undefined;
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
