import type { DictionaryColumn, ListColumn, ListType, ScalarColumn, Validity } from "../../event/index.ts";
import { type ColumnReader, isSet, Reader, type ScalarReader } from "./column-reader.ts";
import { growableNumbers } from "./growable.ts";
import { type NativeVector, native } from "./native.ts";

/** Lists of scalars. DuckDB may share or reorder elements between rows; here they stand in the order of the rows. */
export class ListReader extends Reader implements ColumnReader {
  readonly type: ListType;
  readonly #child: ScalarReader;
  readonly #offsets = growableNumbers((length) => new Int32Array(length));
  readonly #elements = growableNumbers((length) => new Int32Array(length));
  #elementCount = 0;
  #childCount = 0;

  constructor(child: ScalarReader) {
    super();
    this.#child = child;
    this.type = `${child.type}[]`;
    this.#offsets.add([0]);
  }

  add(vector: NativeVector, count: number): void {
    const validity = this.addValidity(vector, count);
    const bytes = native.vector_get_data(vector, count * 16);
    const entries = new Uint32Array(bytes.buffer, bytes.byteOffset, count * 4);
    const offsets = new Int32Array(count);
    const elements: number[] = [];
    for (let row = 0; row < count; row++) {
      if (isSet(validity, row)) {
        const first = this.#childCount + entries[4 * row]!;
        for (let i = 0; i < entries[4 * row + 2]!; i++) elements.push(first + i);
      }
      offsets[row] = this.#elementCount + elements.length;
    }
    this.#elementCount += elements.length;
    this.#offsets.add(offsets);
    this.#elements.add(elements);
    const size = native.list_vector_get_size(vector);
    if (size > 0) this.#child.add(native.list_vector_get_child(vector), size, noBoxedElements);
    this.#childCount += size;
  }

  finish(): ListColumn {
    const elements = this.#elements.finish();
    const child = this.#child.finish();
    const inOrder = elements.length === child.length && elements.every((element, i) => element === i);
    return {
      type: this.type,
      length: this.length,
      validity: this.validity,
      offsets: this.#offsets.finish(),
      child: inOrder ? child : taken(child, elements),
    };
  }
}

function noBoxedElements(): never {
  throw new Error("elements of a list are read from their vector");
}

/** The rows of a column that the indices name, in their order. */
function taken(column: ScalarColumn, indices: Int32Array): ScalarColumn {
  const length = indices.length;
  const validity = takenValidity(column.validity, indices);
  switch (column.type) {
    case "string": {
      const { codes, dictionary } = column as DictionaryColumn;
      return { type: "string", encoding: "dictionary", length, validity, dictionary, codes: indices.map((index) => codes[index]!) };
    }
    case "bigint":
      return { type: column.type, length, validity, values: BigInt64Array.from(indices, (index) => column.values[index]!) };
    case "integer":
      return { type: column.type, length, validity, values: Int32Array.from(indices, (index) => column.values[index]!) };
    case "boolean":
      return { type: column.type, length, validity, values: Uint8Array.from(indices, (index) => column.values[index]!) };
    default:
      return { type: column.type, length, validity, values: Float64Array.from(indices, (index) => column.values[index]!) };
  }
}

function takenValidity(validity: Validity, indices: Int32Array): Validity {
  if (!validity) return undefined;
  const out = new Uint8Array((indices.length + 7) >> 3);
  for (let i = 0; i < indices.length; i++) if (isSet(validity, indices[i]!)) out[i >> 3]! |= 1 << (i & 7);
  return out;
}
