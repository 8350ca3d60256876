const trueText = Buffer.from("true");
const falseText = Buffer.from("false");
const nullText = Buffer.from("null");

/** The end of `true`, `false` or `null`, or -1. */
export function literalEnd(bytes: Uint8Array, start: number, end: number): number {
  const text = bytes[start] === 116 ? trueText : bytes[start] === 102 ? falseText : nullText;
  if (start + text.length > end) return -1;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return -1;
  return start + text.length;
}
