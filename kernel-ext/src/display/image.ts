import { readFileSync } from "node:fs";
import { displaySymbol, type MimeBundle } from "./displayable.ts";
import { escapeHtml } from "./escape-html.ts";
import { isImageData, pngOf } from "./image-data.ts";

export type ImageSource =
  | Uint8Array
  | ArrayBuffer
  | string
  | URL
  | { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray };

export interface ImageOptions {
  /** What is seen, for whoever cannot see it. */
  readonly alt?: string;
  /** In CSS pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** A picture to show. */
export class Image {
  readonly mime: string;
  readonly bytes: Uint8Array;
  readonly #options: ImageOptions;

  constructor(mime: string, bytes: Uint8Array, options: ImageOptions) {
    this.mime = mime;
    this.bytes = bytes;
    this.#options = options;
  }

  [displaySymbol](): MimeBundle {
    const { alt, width, height } = this.#options;
    const base64 = Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength).toString("base64");
    const text = `[${alt ?? "image"}: ${this.mime}, ${this.bytes.length.toLocaleString("en-US")} bytes]`;
    // An <img> runs no script of an SVG, where nbconvert would write the SVG itself into its page.
    const sizes = `${width === undefined ? "" : ` width="${Number(width)}"`}${height === undefined ? "" : ` height="${Number(height)}"`}`;
    const element = `<img src="data:${this.mime};base64,${base64}" alt="${escapeHtml(alt ?? "")}"${sizes}>`;
    const isNative = this.mime === "image/png" || this.mime === "image/jpeg" || this.mime === "image/gif";
    if (isNative && alt === undefined && sizes === "") return { "text/plain": text, [this.mime]: base64 };
    return { "text/plain": text, "text/html": element };
  }
}

/**
 * A picture to show: PNG, JPEG, GIF, WebP, AVIF, BMP or SVG, as bytes or in a file, or pixels. Bytes are never taken for a picture
 * unless they are given to this function.
 *
 * @param source - the bytes, a path, a `file:` or `data:` address, or pixels as `ImageData` holds them
 * @throws TypeError where the bytes are no picture that browsers know
 * @example
 * image("plots/roc.png", { alt: "ROC curve", width: 400 })
 */
export function image(source: ImageSource, options: ImageOptions = {}): Image {
  const bytes = bytesOf(source);
  const mime = kindOf(bytes);
  if (mime === undefined) throw new TypeError(`image: ${nameOf(source)} is not PNG, JPEG, GIF, WebP, AVIF, BMP or SVG`);
  return new Image(mime, bytes, options);
}

function bytesOf(source: ImageSource): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (isImageData(source)) return pngOf(source);
  const address = String(source);
  const data = /^data:[^,]*?(;base64)?,(.*)$/s.exec(address);
  if (data) return data[1] ? Buffer.from(data[2] ?? "", "base64") : Buffer.from(decodeURIComponent(data[2] ?? ""));
  if (address.startsWith("file:")) return readFileSync(new URL(address));
  if (typeof source === "string") return readFileSync(source);
  throw new TypeError(`image: ${nameOf(source)} is neither bytes nor a file; fetch it first: image(await (await fetch(url)).bytes())`);
}

function nameOf(source: ImageSource): string {
  if (typeof source === "string") return `"${source.slice(0, 80)}"`;
  return source instanceof URL ? source.href.slice(0, 80) : "the value";
}

/** @see https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern */
function kindOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("RIFF") && head.startsWith("WEBPVP", 8)) return "image/webp";
  if (head.startsWith("ftypavif", 4)) return "image/avif";
  if (head.startsWith("BM")) return "image/bmp";
  return /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--[^>]*-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/i.test(head) ? "image/svg+xml" : undefined;
}
