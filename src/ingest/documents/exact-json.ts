import type { Json } from "../json/json-values.ts";

/**
 * A JSON text whose whole numbers past 2^53 come out as text, with all their digits.
 * @throws SyntaxError
 */
export function exactJson(text: string): Json {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source)
      ? context.source
      : value,
  ) as Json;
}
