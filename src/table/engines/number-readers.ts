import { SoclabError } from "../../core/index.ts";
import type { ScalarColumn } from "../../event/index.ts";
import { isSet, Reader, type ScalarReader } from "./column-reader.ts";
import { growableBytes, growableNumbers } from "./growable.ts";
import { type NativeVector, native } from "./native.ts";

type Numbers = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array | Uint16Array;

export class DoubleReader extends Reader implements ScalarReader {
  readonly type = "double";
  readonly #values = growableNumbers((length) => new Float64Array(length));
  readonly #view: (bytes: Uint8Array, count: number) => Numbers;
  readonly #size: number;

  constructor(view: (bytes: Uint8Array, count: number) => Numbers, size: number) {
    super();
    this.#view = view;
    this.#size = size;
  }

  add(vector: NativeVector, count: number): void {
    this.addValidity(vector, count);
    this.#values.add(this.#view(native.vector_get_data(vector, count * this.#size), count));
  }

  finish(): ScalarColumn {
    return { type: "double", length: this.length, validity: this.validity, values: this.#values.finish() };
  }
}

export class IntegerReader extends Reader implements ScalarReader {
  readonly type = "integer";
  readonly #values = growableNumbers((length) => new Int32Array(length));
  readonly #view: (bytes: Uint8Array, count: number) => Numbers;
  readonly #size: number;

  constructor(view: (bytes: Uint8Array, count: number) => Numbers, size: number) {
    super();
    this.#view = view;
    this.#size = size;
  }

  add(vector: NativeVector, count: number): void {
    this.addValidity(vector, count);
    this.#values.add(this.#view(native.vector_get_data(vector, count * this.#size), count));
  }

  finish(): ScalarColumn {
    return { type: "integer", length: this.length, validity: this.validity, values: this.#values.finish() };
  }
}

export class BigintReader extends Reader implements ScalarReader {
  readonly type = "bigint";
  readonly #values = growableNumbers((length) => new BigInt64Array(length));
  readonly #size: number;
  readonly #read: ((view: DataView, row: number) => bigint) | undefined;

  constructor(size: number, read?: (view: DataView, row: number) => bigint) {
    super();
    this.#size = size;
    this.#read = read;
  }

  add(vector: NativeVector, count: number): void {
    const validity = this.addValidity(vector, count);
    const bytes = native.vector_get_data(vector, count * this.#size);
    if (!this.#read) {
      this.#values.add(new BigInt64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, count));
      return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = new BigInt64Array(count);
    for (let row = 0; row < count; row++) {
      if (!isSet(validity, row)) continue;
      const value = this.#read(view, row);
      if (BigInt.asIntN(64, value) !== value) {
        throw new SoclabError("SOCLAB_QUERY", `a result holds ${value}, which is no 64-bit integer`, {
          hint: "Cast it to DOUBLE or to VARCHAR in the query.",
        });
      }
      values[row] = value;
    }
    this.#values.add(values);
  }

  finish(): ScalarColumn {
    return { type: "bigint", length: this.length, validity: this.validity, values: this.#values.finish() };
  }
}

export class BooleanReader extends Reader implements ScalarReader {
  readonly type = "boolean";
  readonly #values = growableBytes();

  add(vector: NativeVector, count: number): void {
    this.addValidity(vector, count);
    this.#values.add(native.vector_get_data(vector, count));
  }

  finish(): ScalarColumn {
    return { type: "boolean", length: this.length, validity: this.validity, values: this.#values.finish() };
  }
}

export class TimestampReader extends Reader implements ScalarReader {
  readonly type = "timestamp";
  readonly #values = growableNumbers((length) => new Float64Array(length));
  readonly #factor: number;

  constructor(factor: number) {
    super();
    this.#factor = factor;
  }

  add(vector: NativeVector, count: number): void {
    this.addValidity(vector, count);
    const bytes = native.vector_get_data(vector, count * 8);
    const halves = new Int32Array(bytes.buffer, bytes.byteOffset, count * 2);
    const values = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      values[row] = Math.floor((halves[2 * row + 1]! * 4294967296 + (halves[2 * row]! >>> 0)) * this.#factor);
    }
    this.#values.add(values);
  }

  finish(): ScalarColumn {
    return { type: "timestamp", length: this.length, validity: this.validity, values: this.#values.finish() };
  }
}
