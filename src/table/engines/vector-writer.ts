import { type Column, isListColumn, isValid, type RawRecords, type SliceColumn, type Validity } from "../../event/index.ts";
import { type NativeChunk, type NativeType, type NativeVector, native, vectorRows } from "./native.ts";
import { inlineBytes, NativeBytes, NativeDictionaries, writeString } from "./native-strings.ts";

/** What one column of an appended table is made of. */
export type VectorSource =
  | { readonly kind: "column"; readonly column: Column }
  | { readonly kind: "raw"; readonly raw: RawRecords }
  | { readonly kind: "words"; readonly values: BigUint64Array }
  | { readonly kind: "text"; readonly value: string };

/** A byte span of one batch, copied into DuckDB's memory when the first long text of it is written. */
interface CopiedSpan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly native: NativeBytes;
}

const backslash = 92;

/**
 * Fills DuckDB vectors from columns, in bulk: numbers and validity are one copy a vector, a dictionary string is 16 bytes copied a row, raw
 * records and plain ASCII slices point into one copy of the batch's bytes. Made for many chunks; not for two at a time.
 */
export class VectorWriter {
  readonly #blobType: NativeType;
  readonly #dictionaries: NativeDictionaries;
  #words = new Uint32Array(vectorRows * 4);
  #bytes = new Uint8Array(this.#words.buffer);
  #longs = new Int32Array(vectorRows * 2);
  #spans: CopiedSpan[] = [];
  readonly #spanOf = new Map<Int32Array, CopiedSpan>();
  readonly #spareChunks: NativeChunk[] = [];
  #usedChunks: NativeChunk[] = [];

  constructor(blobType: NativeType) {
    this.#blobType = blobType;
    this.#dictionaries = new NativeDictionaries(blobType);
  }

  /** The batch is appended; its copied bytes may go. */
  endBatch(): void {
    this.#spans = [];
    this.#spanOf.clear();
    for (const chunk of this.#usedChunks) native.data_chunk_reset(chunk);
    this.#spareChunks.push(...this.#usedChunks);
    this.#usedChunks = [];
  }

  /** Rows `from` to `from + count` of the source into a vector; `from` is a multiple of the vector size. */
  write(vector: NativeVector, source: VectorSource, from: number, count: number): void {
    switch (source.kind) {
      case "column":
        this.#column(vector, source.column, from, count);
        return;
      case "raw":
        this.#raw(vector, source.raw, from, count);
        return;
      case "words":
        copy(vector, source.values, from, count);
        return;
      case "text":
        this.#constant(vector, source.value, count);
    }
  }

  #column(vector: NativeVector, column: Column, from: number, count: number): void {
    writeValidity(vector, column.validity, from, count);
    if (isListColumn(column)) {
      this.#list(vector, column.offsets, column.validity, column.child, from, count);
      return;
    }
    switch (column.type) {
      case "timestamp":
        this.#timestamps(vector, column.values, from, count);
        return;
      case "string":
        if (column.encoding === "slice") this.#slices(vector, column, from, count);
        else this.#codes(vector, column.codes, this.#dictionaries.words(column.dictionary), column.validity, from, count);
        return;
      default:
        copy(vector, column.values, from, count);
    }
  }

  #timestamps(vector: NativeVector, values: Float64Array, from: number, count: number): void {
    this.#reserve(count);
    const halves = this.#longs;
    for (let i = 0; i < count; i++) {
      const value = values[from + i]!;
      halves[2 * i] = value;
      halves[2 * i + 1] = Math.floor(value / 4294967296);
    }
    native.copy_data_to_vector(vector, 0, arrayBuffer(halves), 0, count * 8);
  }

  #codes(vector: NativeVector, codes: Int32Array, known: Uint32Array, validity: Validity, from: number, count: number): void {
    this.#reserve(count);
    const words = this.#words;
    for (let i = 0; i < count; i++) {
      const at = codes[from + i]! * 4;
      const to = i * 4;
      words[to] = known[at]!;
      words[to + 1] = known[at + 1]!;
      words[to + 2] = known[at + 2]!;
      words[to + 3] = known[at + 3]!;
    }
    this.#clearNulls(validity, from, count);
    native.copy_data_to_vector(vector, 0, arrayBuffer(words), 0, count * 16);
  }

  #slices(vector: NativeVector, column: SliceColumn, from: number, count: number): void {
    this.#reserve(count);
    const { bytes, starts, ends, validity } = column;
    const { native: target, start: base } = this.#span(bytes, starts, ends, column.length);
    let decoded: Map<number, Buffer> | undefined;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const start = starts[row]!;
      const end = ends[row]!;
      let at = start;
      while (at < end && bytes[at]! < 128 && bytes[at] !== backslash) at++;
      if (at === end) writeString(this.#words, this.#bytes, i, bytes, start, end, target, base);
      else if (isValid(validity, row)) {
        const text = Buffer.from(column.decode(bytes, start, end), "utf8");
        if (text.length <= inlineBytes) writeString(this.#words, this.#bytes, i, text, 0, text.length, target, 0);
        else {
          decoded ??= new Map();
          decoded.set(i, text);
        }
      }
    }
    this.#clearNulls(validity, from, count);
    native.copy_data_to_vector(vector, 0, arrayBuffer(this.#words), 0, count * 16);
    if (decoded) for (const [i, text] of decoded) native.vector_assign_string_element_len(vector, i, text);
  }

  #raw(vector: NativeVector, raw: RawRecords, from: number, count: number): void {
    this.#reserve(count);
    const { bytes, starts, ends } = raw;
    const { native: target, start: base } = this.#span(bytes, starts, ends, starts.length);
    for (let i = 0; i < count; i++) writeString(this.#words, this.#bytes, i, bytes, starts[from + i]!, ends[from + i]!, target, base);
    native.copy_data_to_vector(vector, 0, arrayBuffer(this.#words), 0, count * 16);
  }

  #constant(vector: NativeVector, value: string, count: number): void {
    this.#reserve(count);
    const known = this.#dictionaries.words({ values: [value] });
    for (let i = 0; i < count; i++) this.#words.set(known.subarray(0, 4), i * 4);
    native.copy_data_to_vector(vector, 0, arrayBuffer(this.#words), 0, count * 16);
  }

  #list(vector: NativeVector, offsets: Int32Array, validity: Validity, child: Column, from: number, count: number): void {
    const first = offsets[from]!;
    const elements = offsets[from + count]! - first;
    const entries = new Int32Array(count * 4);
    for (let i = 0; i < count; i++) {
      if (!isValid(validity, from + i)) continue;
      entries[4 * i] = offsets[from + i]! - first;
      entries[4 * i + 2] = offsets[from + i + 1]! - offsets[from + i]!;
    }
    native.list_vector_reserve(vector, elements);
    native.list_vector_set_size(vector, elements);
    native.copy_data_to_vector(vector, 0, arrayBuffer(entries), 0, count * 16);
    if (elements > 0) this.#column(native.list_vector_get_child(vector), child, first, elements);
  }

  /** A null's entry must not be an address of something. */
  #clearNulls(validity: Validity, from: number, count: number): void {
    if (!validity) return;
    const words = this.#words;
    for (let i = 0; i < count; i++) if (!isValid(validity, from + i)) words.fill(0, i * 4, i * 4 + 4);
  }

  /** The native copy of the bytes that the rows of a batch stand in: one copy, however many columns point into it. */
  #span(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, length: number): CopiedSpan {
    let span = this.#spanOf.get(starts);
    if (!span) {
      span = this.#copiedSpan(bytes, starts, ends, length);
      this.#spanOf.set(starts, span);
    }
    return span;
  }

  #copiedSpan(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, length: number): CopiedSpan {
    let start = bytes.length;
    let end = 0;
    for (let row = 0; row < length; row++) {
      if (ends[row]! <= starts[row]!) continue;
      if (starts[row]! < start) start = starts[row]!;
      if (ends[row]! > end) end = ends[row]!;
    }
    const known = this.#spans.find((span) => span.bytes === bytes && span.start <= start && span.end >= end);
    if (known) return known;
    const chunk = this.#spareChunks.pop() ?? native.create_data_chunk([this.#blobType]);
    this.#usedChunks.push(chunk);
    native.data_chunk_set_size(chunk, 1);
    const span = { bytes, start, end, native: new NativeBytes(native.data_chunk_get_vector(chunk, 0)) };
    if (end - start > inlineBytes) span.native.add(bytes.subarray(start, end));
    this.#spans.push(span);
    return span;
  }

  #reserve(count: number): void {
    if (count * 4 <= this.#words.length) return;
    this.#words = new Uint32Array(count * 4);
    this.#bytes = new Uint8Array(this.#words.buffer);
    this.#longs = new Int32Array(count * 2);
  }
}

function copy(
  vector: NativeVector,
  values: Float64Array | Int32Array | BigInt64Array | BigUint64Array | Uint8Array,
  from: number,
  count: number,
): void {
  const size = values.BYTES_PER_ELEMENT;
  native.copy_data_to_vector(vector, 0, arrayBuffer(values), values.byteOffset + from * size, count * size);
}

/** Validity bits are DuckDB's own layout; only a list's elements can begin inside a byte. */
function writeValidity(vector: NativeVector, validity: Validity, from: number, count: number): void {
  if (!validity) return;
  native.vector_ensure_validity_writable(vector);
  const size = (count + 7) >> 3;
  if ((from & 7) === 0) {
    native.copy_data_to_vector_validity(vector, 0, arrayBuffer(validity), validity.byteOffset + (from >> 3), size);
    return;
  }
  const shifted = new Uint8Array(size);
  for (let i = 0; i < count; i++) if (isValid(validity, from + i)) shifted[i >> 3]! |= 1 << (i & 7);
  native.copy_data_to_vector_validity(vector, 0, arrayBuffer(shifted), 0, size);
}

function arrayBuffer({ buffer }: { readonly buffer: ArrayBufferLike }): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer;
  throw new TypeError("columns in shared memory cannot be handed to DuckDB");
}
