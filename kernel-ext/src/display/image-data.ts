import { crc32, deflateSync } from "node:zlib";
import type { MimeBundle } from "./displayable.ts";

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const maxPixels = 2 ** 24;

/** Pixels as the web's `ImageData` holds them (RGBA, row by row), as a PNG. @returns undefined where the value is something else */
export function imageDataBundle(value: object): MimeBundle | undefined {
  return isImageData(value) ? { "image/png": pngOf(value).toString("base64") } : undefined;
}

export function isImageData(value: unknown): value is Pixels {
  if (typeof value !== "object" || value === null || !("data" in value) || !(value.data instanceof Uint8ClampedArray)) return false;
  if (!("width" in value && "height" in value)) return false;
  const { width, height, data } = value;
  if (typeof width !== "number" || typeof height !== "number" || !Number.isInteger(width) || width < 1) return false;
  return data.length === 4 * width * height && width * height <= maxPixels;
}

/** @see https://www.w3.org/TR/png-3/ */
export function pngOf({ width, height, data }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const lines = Buffer.alloc(height * (4 * width + 1));
  for (let line = 0; line < height; line++) lines.set(data.subarray(4 * width * line, 4 * width * (line + 1)), line * (4 * width + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(lines)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
