import { isIP } from "node:net";
import { type ColumnType, elementType, isListType, type ScalarType, type ScalarValue } from "../../event/index.ts";
import type { Place } from "./json-place.ts";
import { type Json, Rejection, shown, toScalar } from "./json-values.ts";

function pathOf(place: Place): string[] {
  const path: string[] = [];
  for (let at = place; at.parent; at = at.parent) path.unshift(at.key);
  return path;
}

/**
 * The value as the place's column wants it; undefined where it does not fit and goes to `extra`.
 * @throws Rejection
 */
export function convert(
  place: Place,
  type: ColumnType,
  value: Json,
  exactInteger: (path: readonly string[]) => bigint | null,
): ScalarValue | ScalarValue[] | undefined {
  const { name } = place;
  if (place.isAddress && (typeof value !== "string" || isIP(value) === 0)) {
    throw new Rejection("BAD_ADDRESS", `${name} is ${shown(value)}, expected an IPv4 or IPv6 address`);
  }
  if (place.isPort) {
    if (typeof value !== "number" || !Number.isInteger(value))
      throw new Rejection("BAD_NUMBER", `${name} is ${shown(value)}, expected a port`);
    if (value < 0 || value > 65535) throw new Rejection("OUT_OF_RANGE", `${name} is ${shown(value)}, expected 0 to 65535`);
  }
  if (!isListType(type)) return toScalar(name, type as ScalarType, value, () => exactInteger(pathOf(place)));
  const elements = (Array.isArray(value) ? value : [value]).filter((element) => element !== null);
  const converted = elements.map((element) => toScalar(name, elementType(type), element, () => null));
  return converted.includes(undefined) ? undefined : (converted as ScalarValue[]);
}
