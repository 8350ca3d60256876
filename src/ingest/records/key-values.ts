import type { Fields } from "./fields.ts";

const [space, backslash] = [32, 92];

/**
 * `key=value` pairs, where a value goes on to the blank in front of the next key: `act=blocked a dst=1.1.1.1`. An equals sign whose left
 * neighbour is no key after a blank belongs to the value, though it should be escaped.
 */
export function readPairs(text: string, start: number, fields: Fields, unescaped: (value: string) => string): void {
  let equalsAt = text.indexOf("=", start);
  if (equalsAt < 0) return;
  let key = text.slice(keyStart(text, equalsAt, start), equalsAt);
  let valueStart = equalsAt + 1;
  for (;;) {
    equalsAt = text.indexOf("=", equalsAt + 1);
    if (equalsAt < 0) break;
    if (isEscaped(text, equalsAt)) continue;
    const next = keyStart(text, equalsAt, valueStart);
    if (next === equalsAt || (next > valueStart && text.charCodeAt(next - 1) !== space)) continue;
    if (next === valueStart && text.charCodeAt(next - 1) !== space) continue;
    if (key !== "") fields.text(key, unescaped(text.slice(valueStart, next).trim()));
    key = text.slice(next, equalsAt);
    valueStart = equalsAt + 1;
  }
  if (key !== "") fields.text(key, unescaped(text.slice(valueStart).trim()));
}

/** Where the run of characters that a key may have, in front of `end`, begins. */
function keyStart(text: string, end: number, least: number): number {
  let at = end;
  while (at > least && isKeyCode(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Letters, digits and `_ - . [ ]`. */
function isKeyCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 91) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 93 ||
    code === 45 ||
    code === 46
  );
}

function isEscaped(text: string, at: number): boolean {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === backslash) count++;
  return count % 2 === 1;
}
