import { type Column, type ColumnType, elementType, isListType, type ScalarType } from "../../event/index.ts";
import { BooleanText, DoubleText, TimestampText } from "./decimal-text.ts";
import { BigintText, IntegerText } from "./integer-text.ts";
import { AddressText, StringText } from "./string-text.ts";
import { equalBytes, type Fields, Nulls, type Reject, type ScalarText, type TextColumn, type TextMarkers } from "./text-field.ts";

export function textColumn(name: string, type: ColumnType, isAddress: boolean, isPort: boolean, markers: TextMarkers): TextColumn {
  if (isListType(type)) return new ListText(name, elementType(type), markers);
  if (type === "bytes") throw new Error(`column "${name}": bytes are kept as raw records`);
  return scalarText(name, type, isAddress, isPort, markers);
}

function scalarText(name: string, type: ScalarType, isAddress: boolean, isPort: boolean, markers: TextMarkers): ScalarText {
  switch (type) {
    case "string":
      return isAddress ? new AddressText(name, markers) : new StringText(markers);
    case "double":
      return new DoubleText(name, markers);
    case "bigint":
      return new BigintText(name, markers);
    case "integer":
      return new IntegerText(name, markers, isPort ? 0 : -2147483648, isPort ? 65535 : 2147483647);
    case "boolean":
      return new BooleanText(name, markers);
    case "timestamp":
      return new TimestampText(name, markers);
  }
}

/** Sets and vectors: the elements of all rows become one child column, parsed as a field of its own. */
class ListText implements TextColumn {
  readonly #element: ScalarType;
  readonly #markers: TextMarkers;
  readonly #child: ScalarText;

  constructor(name: string, element: ScalarType, markers: TextMarkers) {
    this.#element = element;
    this.#markers = markers;
    this.#child = scalarText(name, element, false, false, markers);
  }

  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): Column {
    const { unset, empty, setSeparator } = this.#markers;
    const offsets = new Int32Array(rowCount + 1);
    const nulls = new Nulls(rowCount);
    const childStarts: number[] = [];
    const childEnds: number[] = [];
    const childRows: number[] = [];
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      if (equalBytes(bytes, start, end, unset)) nulls.add(row);
      else if (!equalBytes(bytes, start, end, empty)) {
        for (let from = start; ; ) {
          const found = bytes.indexOf(setSeparator, from);
          const to = found < 0 || found >= end ? end : found;
          childStarts.push(from);
          childEnds.push(to);
          childRows.push(row);
          if (to === end) break;
          from = to + setSeparator.length;
        }
      }
      offsets[row + 1] = childStarts.length;
    }
    const elements: Fields = {
      bytes,
      rowCount: childStarts.length,
      fieldCount: 1,
      starts: Int32Array.from(childStarts),
      bounds: Int32Array.from(childEnds),
    };
    const child = this.#child.parse(elements, 0, (element, code, reason) => reject(childRows[element]!, code, reason));
    return { type: `${this.#element}[]`, length: rowCount, validity: nulls.validity, offsets, child };
  }
}
