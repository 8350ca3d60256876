export interface Mapping {
  readonly madeLine: number;
  readonly madeColumn: number;
  readonly line: number;
  readonly column: number;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The `mappings` of a source map with one source, in order. Lines and columns count from 0. */
export function* decodeMappings(mappings: string): Generator<Mapping> {
  let line = 0;
  let column = 0;
  let madeLine = 0;
  for (const group of mappings.split(";")) {
    let madeColumn = 0;
    for (const segment of group.split(",")) {
      const fields = decodeSegment(segment);
      if (fields.length === 0) continue;
      madeColumn += fields[0] ?? 0;
      if (fields.length < 4) continue;
      line += fields[2] ?? 0;
      column += fields[3] ?? 0;
      yield { madeLine, madeColumn, line, column };
    }
    madeLine++;
  }
}

function decodeSegment(segment: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = digits.indexOf(character);
    value += (digit & 31) << shift;
    if (digit & 32) {
      shift += 5;
      continue;
    }
    fields.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return fields;
}
