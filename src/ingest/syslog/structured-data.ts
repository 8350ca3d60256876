export interface StructuredData {
  /** `{"exampleSDID@32473": {"iut": "3"}}` as JSON. */
  readonly json: string;
  /** The place behind it. */
  readonly end: number;
}

const [quote, equals, open, backslash, close, space] = [34, 61, 91, 92, 93, 32];

/**
 * RFC 5424's structured data from its `[` on; undefined where it is broken. An element that comes twice keeps the parameters of both, a
 * parameter that comes twice the first.
 */
export function readStructuredData(text: string, start: number): StructuredData | undefined {
  const elements = new Map<string, Map<string, string>>();
  let at = start;
  while (text.charCodeAt(at) === open) {
    const idStart = at + 1;
    at = nameEnd(text, idStart);
    if (at === idStart) return undefined;
    const id = text.slice(idStart, at);
    const parameters = elements.get(id) ?? new Map<string, string>();
    elements.set(id, parameters);
    while (text.charCodeAt(at) === space) {
      while (text.charCodeAt(at) === space) at++;
      if (text.charCodeAt(at) === close) break;
      const nameStart = at;
      at = nameEnd(text, nameStart);
      if (at === nameStart || text.charCodeAt(at) !== equals || text.charCodeAt(at + 1) !== quote) return undefined;
      const valueStart = at + 2;
      const valueEnd = closingQuote(text, valueStart);
      if (valueEnd < 0) return undefined;
      const name = text.slice(nameStart, at);
      if (!parameters.has(name)) parameters.set(name, unescaped(text.slice(valueStart, valueEnd)));
      at = valueEnd + 1;
    }
    if (text.charCodeAt(at) !== close) return undefined;
    at++;
  }
  const json = JSON.stringify(Object.fromEntries([...elements].map(([id, parameters]) => [id, Object.fromEntries(parameters)])));
  return { json, end: at };
}

function nameEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= space || code === equals || code === close || code === quote) break;
  }
  return at;
}

function closingQuote(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return -1;
}

/** Only `"`, `\` and `]` are escaped; another backslash stands for itself. */
function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(["\\\]])/g, "$1") : text;
}
