/** The UTF-16 offset of a byte of the text as UTF-8. */
export function offsetOfByte(text: string, byte: number): number {
  return advance(text, byte, (point) => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4));
}

/** The UTF-16 offset of a code point. */
export function offsetOfCodePoint(text: string, index: number): number {
  return advance(text, index, () => 1);
}

function advance(text: string, count: number, size: (point: number) => number): number {
  let offset = 0;
  for (let passed = 0; passed < count && offset < text.length; ) {
    const point = text.codePointAt(offset)!;
    passed += size(point);
    offset += point > 0xffff ? 2 : 1;
  }
  return offset;
}
