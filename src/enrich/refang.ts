/**
 * A host or network as it is, out of how people write one so that nobody clicks on it: `evil[.]example` is `evil.example`. What pasting leaves
 * at the ends (quotes, brackets, spaces) goes too.
 */
export function refangHost(text: string): string {
  const dotted = refangDots(text.trim()).replace(/^[a-z]{3,6}:\/\//i, "");
  return dotted.replace(/^["'(<]+|["')>,;/]+$/g, "");
}

/** A URL as it is: `hxxps://evil[.]example/x` is `https://evil.example/x`. */
export function refangUrl(text: string): string {
  return refangDots(text.trim())
    .replace(/^h(?:xx|XX|tt|\*\*)p(s?)\[?:\]?\/\//i, "http$1://")
    .replace(/^fxp(s?):\/\//i, "ftp$1://");
}

function refangDots(text: string): string {
  return text.replace(/\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[\.|\.\]/gi, ".").replace(/\[:\]|\[:\/\/\]/g, (found) => found.slice(1, -1));
}
