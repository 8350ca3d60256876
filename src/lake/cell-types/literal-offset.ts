const escapeSequence = /\\(?:u\{([0-9a-fA-F]+)\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{1,3}|\r\n|[\s\S])|\r\n/y;

/** The offset, in a string literal's source, of an offset in the text that it stands for: an escape is longer than what it means. */
export function offsetInSource(source: string, textOffset: number): number {
  let at = 0;
  for (let passed = 0; passed < textOffset && at < source.length; ) {
    const { length, means } = unit(source, at);
    at += length;
    passed += means;
  }
  return at;
}

/** The offset in the text of an offset in the literal's source. */
export function offsetInText(source: string, sourceOffset: number): number {
  let passed = 0;
  for (let at = 0; at < sourceOffset && at < source.length; ) {
    const { length, means } = unit(source, at);
    at += length;
    passed += means;
  }
  return passed;
}

/** The character or escape at a place: its length in the source, and in the text. */
function unit(source: string, at: number): { length: number; means: number } {
  escapeSequence.lastIndex = at;
  const match = escapeSequence.exec(source);
  if (!match) return { length: 1, means: 1 };
  const [text, codePoint] = match;
  if (codePoint !== undefined) return { length: text.length, means: Number.parseInt(codePoint, 16) > 0xffff ? 2 : 1 };
  // A backslash at the end of a line continues the string on the next one.
  return { length: text.length, means: /^\\[\r\n\u2028\u2029]/.test(text) ? 0 : 1 };
}
