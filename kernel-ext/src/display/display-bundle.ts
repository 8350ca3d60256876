import { columnTable } from "./column-table.ts";
import { isDisplayable, type MimeBundle } from "./displayable.ts";
import { escapeHtml } from "./escape-html.ts";
import { imageDataBundle } from "./image-data.ts";
import { libraryBundle } from "./library-bundle.ts";
import { ownBundle } from "./own-bundle.ts";
import { fullText, messageOf, plainText, resultLimits } from "./plain-text.ts";
import { storableBundle } from "./storable-bundle.ts";
import { tableHtml } from "./table-html.ts";
import { collectionTable, type TablePart } from "./table-part.ts";
import { moreText } from "./table-size.ts";
import { tableText } from "./table-text.ts";

export interface DisplayBundleOptions {
  /** Nothing is cut, however large the value. @default false */
  readonly all?: boolean;
  /** How long an object's own asynchronous display method may take. @default 10000 */
  readonly timeLimitMs?: number;
}

const screenful = { maxRows: 50, maxColumns: 30 };
const everything = { maxRows: Number.POSITIVE_INFINITY, maxColumns: Number.POSITIVE_INFINITY, maxCellLength: Number.POSITIVE_INFINITY };

/**
 * What a value shows in a notebook; never rejects. `text/plain` is always there, but where an object says that it shows nothing (an
 * empty bundle). Objects with {@link Displayable} say themselves how they look; tables (arrays, `Set`s and `Map`s of objects, `Map`s,
 * arrays of numbers, Arrow tables, Polars data frames), errors, pixels, and elements, canvases and Vega views of other libraries have
 * a rich form, too. The work is bounded by what is shown, not by the value's size.
 *
 * @example
 * const bundle = await displayBundle([{ host: "10.0.0.5", alerts: 3 }]);
 * bundle["text/html"]; // "<table>…10.0.0.5…"
 */
export async function displayBundle(value: unknown, options: DisplayBundleOptions = {}): Promise<MimeBundle> {
  return bundleOf(value, options);
}

/** The same at once, but for an object whose own display method is asynchronous. */
export function bundleOf(
  value: unknown,
  { all = false, timeLimitMs = 10_000 }: DisplayBundleOptions = {},
): MimeBundle | Promise<MimeBundle> {
  try {
    if (isDisplayable(value)) return ownBundle(value, timeLimitMs);
    if (typeof value !== "object" || value === null) return textBundle(value, all);
    return objectBundle(value, all);
  } catch (error) {
    // A proxy's traps, a library's method.
    return { "text/plain": `${plainText(value).text}\n(its display failed: ${messageOf(error)})` };
  }
}

function objectBundle(value: object, all: boolean): MimeBundle {
  const size = all ? everything : screenful;
  const columns = columnTable(value, size);
  if (columns) return { "text/plain": tableText(columns, size), "text/html": tableHtml(columns, size) };
  const part = collectionTable(value, size);
  if (part) return { ...textBundle(value, all, part), "text/html": tableHtml(part, size) };
  const text = textBundle(value, all);
  if (value instanceof Error) return errorBundle(String(text["text/plain"]));
  const rich = imageDataBundle(value) ?? libraryBundle(value);
  return rich ? { ...text, ...storableBundle(rich).bundle } : text;
}

const ownFrames = new URL("..", import.meta.url).href;

/** The frames of Node's and the kernel's own code tell nobody anything. */
function errorBundle(text: string): MimeBundle {
  const isOwn = (line: string) =>
    /^\s+at .*node:internal\/|^\s+\.\.\. \d+ lines matching cause stack trace \.\.\.$/.test(line) ||
    (/^\s+at /.test(line) && line.includes(ownFrames));
  // The line that closes the stack opens the error's own properties.
  const lines = text.split("\n").flatMap((line) => (isOwn(line) ? (line.endsWith(" {") ? ["{"] : []) : [line]));
  const shown = lines.join("\n").replace(/\n\{(?=\n|$)/g, " {");
  return { "text/plain": shown, "text/html": `<pre>${escapeHtml(shown)}</pre>` };
}

function textBundle(value: unknown, all: boolean, part?: TablePart): MimeBundle {
  if (all) return { "text/plain": fullText(value) };
  const { text, isCut } = plainText(value, part ? { ...resultLimits, maxItems: screenful.maxRows } : resultLimits);
  const more = part && moreText(part);
  if (more === undefined && !isCut) return { "text/plain": text };
  return { "text/plain": `${text}\n… ${more ?? "there is more: display(value, { all: true }) shows all"}` };
}
