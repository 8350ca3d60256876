import { SoclabError } from "../core/index.ts";
import type { Tensor, Tensors } from "../detectors/index.ts";

/** A safetensors file: named arrays and text, no code. */
export interface TensorFile {
  readonly tensors: Tensors;
  readonly metadata: ReadonlyMap<string, string>;
}

const maxHeaderBytes = 16 * 2 ** 20;
const maxTensors = 1024;
const namePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/;
const itemBytes = { F64: 8, I32: 4 } as const;

type Dtype = keyof typeof itemBytes;

/** A tensor as the header describes it. */
interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * The file's bytes: an 8-byte little-endian header length, a JSON header, the tensors end to end. Eight-byte tensors come first and the header is padded
 * with spaces, so that every tensor is aligned. The same content gives the same bytes.
 * @see https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const ordered = [...tensors].sort(([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1));
  const header: [string, unknown][] = [["__metadata__", Object.fromEntries(metadata)]];
  let end = 0;
  for (const [name, { shape, data }] of ordered) {
    header.push([name, { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of ordered) {
    bytes.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file of which nothing is believed: every length, offset, type, shape and name is checked before it is used.
 * @throws SOCLAB_ARTEFACT
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.length < 8) throw refuse(`the file has ${bytes.length} bytes; a header length alone takes 8`);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (headerLength > maxHeaderBytes) throw refuse(`the header claims ${headerLength} bytes; at most ${maxHeaderBytes} are accepted`);
  const start = 8 + Number(headerLength);
  if (start > bytes.length) throw refuse(`the header claims ${headerLength} bytes; the file ends after ${bytes.length - 8}`);
  const header = parseHeader(bytes.subarray(8, start));
  const body = bytes.subarray(start);
  const metadata = new Map<string, string>();
  const found: Entry[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      if (!isObject(entry)) throw refuse("__metadata__ is not an object");
      for (const [key, value] of Object.entries(entry)) {
        if (typeof value !== "string") throw refuse(`metadata ${JSON.stringify(key)} is not text`);
        metadata.set(key, value);
      }
    } else found.push(parseEntry(name, entry, body.length));
  }
  if (found.length > maxTensors) throw refuse(`the file has ${found.length} tensors; at most ${maxTensors} are accepted`);
  // The format wants the tensors to cover the body without a gap or an overlap.
  found.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of found) {
    if (begin < covered) throw refuse(`tensor "${name}" at ${begin}–${end} overlaps the one before it`);
    if (begin > covered) throw refuse(`bytes ${covered}–${begin} belong to no tensor`);
    covered = end;
  }
  if (covered !== body.length) throw refuse(`bytes ${covered}–${body.length} belong to no tensor`);
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of found) {
    // A Buffer's own slice would be a view at any offset.
    const copy = new Uint8Array(body.subarray(begin, end)).buffer;
    tensors.set(name, { shape, data: dtype === "F64" ? new Float64Array(copy) : new Int32Array(copy) });
  }
  return { tensors, metadata };
}

/** The bytes of a tensor as they stand in the file. */
export function bytesOf(data: Tensor["data"]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

export function dtypeOf(data: Tensor["data"]): Dtype {
  return data instanceof Float64Array ? "F64" : "I32";
}

export function refuse(what: string, cause?: unknown): SoclabError {
  return new SoclabError("SOCLAB_ARTEFACT", what, {
    cause,
    hint: "The file is damaged, was changed, or is no soclab model; take it from where it was made, or train again.",
  });
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw refuse("the header is not JSON in UTF-8", cause);
  }
  if (!text.startsWith("{") || !isObject(header)) throw refuse("the header is not a JSON object");
  // JSON.parse keeps the last of several equal keys; what it drops shows when the header is written again.
  const written = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
  if (written !== JSON.stringify(header))
    throw refuse("the header has a key twice, or numbers or text in another form than they are written");
  return header;
}

function parseEntry(name: string, entry: unknown, bodyLength: number): Entry {
  if (!namePattern.test(name) || name in {}) throw refuse(`${JSON.stringify(name.slice(0, 80))} is no name of a tensor`);
  if (!isObject(entry)) throw refuse(`tensor "${name}" is not described by an object`);
  const { dtype, shape, data_offsets: offsets, ...rest } = entry;
  if (Object.keys(rest).length > 0) throw refuse(`tensor "${name}" has the unknown property ${JSON.stringify(Object.keys(rest)[0])}`);
  if (dtype !== "F64" && dtype !== "I32") throw refuse(`tensor "${name}" has dtype ${JSON.stringify(dtype)}; expected "F64" or "I32"`);
  if (!isCounts(shape) || shape.length > 4)
    throw refuse(`tensor "${name}" has the shape ${JSON.stringify(shape)}; expected up to four counts`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw refuse(`tensor "${name}" has the offsets ${JSON.stringify(offsets)}; expected [begin, end]`);
  const [begin, end] = [offsets[0]!, offsets[1]!];
  if (begin > end || end > bodyLength) throw refuse(`tensor "${name}" stands at ${begin}–${end}; there are ${bodyLength} bytes`);
  const size = shape.reduce((product, n) => product * n, itemBytes[dtype]);
  if (size !== end - begin) throw refuse(`tensor "${name}" of ${dtype} [${shape}] takes ${size} bytes; it has ${end - begin}`);
  return { name, dtype, shape, begin, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
