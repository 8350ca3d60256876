import type { MimeData } from "./displayable.ts";

export interface JsonOptions {
  /** What stands for `NaN` and the infinities, which JSON does not know. @default "null" */
  readonly nonFinite?: "null" | "text";
  /** Values taken in all; what is beyond is counted. @default Infinity */
  readonly maxValues?: number;
}

const maxDepth = 200;

/**
 * Any value as JSON data: never throws, never endless. `Map`s with text keys become objects, others lists of pairs; `Set`s and typed
 * arrays become lists, `Date`s ISO text, `bigint`s numbers where exact, else digits; a cycle says so; text is well-formed.
 */
export function toJsonData(value: unknown, { nonFinite = "null", maxValues = Number.POSITIVE_INFINITY }: JsonOptions = {}): MimeData {
  let left = maxValues;
  const open = new Set<object>();

  const number = (value: number): MimeData => (Number.isFinite(value) ? value : nonFinite === "text" ? String(value) : null);
  const bigint = (value: bigint): MimeData => (BigInt.asIntN(54, value) === value ? Number(value) : value.toString());

  /** `undefined`: what JSON leaves out. */
  function data(value: unknown): MimeData | undefined {
    left--;
    switch (typeof value) {
      case "string":
        return value.toWellFormed();
      case "boolean":
        return value;
      case "number":
        return number(value);
      case "bigint":
        return bigint(value);
      case "object":
        return value === null ? null : objectData(value);
      default:
        return undefined;
    }
  }

  function objectData(value: object): MimeData | undefined {
    if (open.has(value)) return "[Circular]";
    if (open.size >= maxDepth) return "[nested too deeply]";
    open.add(value);
    try {
      return contents(value);
    } catch (error) {
      return `[${error instanceof Error ? error.message : "not readable"}]`;
    } finally {
      open.delete(value);
    }
  }

  function contents(value: object): MimeData | undefined {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Number || value instanceof String || value instanceof Boolean) return data(value.valueOf());
    if (Array.isArray(value) || isTypedArray(value)) return list(value, value.length);
    if (value instanceof Set) return list(value, value.size);
    if (value instanceof Map) return mapData(value);
    if ("toJSON" in value && typeof value.toJSON === "function") return data(value.toJSON());
    if (value instanceof Error) return { name: value.name, message: value.message.toWellFormed(), ...record(Object.entries(value)) };
    return record(Object.entries(value));
  }

  function list(values: Iterable<unknown>, length: number): MimeData[] {
    const taken: MimeData[] = [];
    for (const value of values) {
      if (left <= 0) {
        taken.push(`… ${(length - taken.length).toLocaleString("en-US")} more`);
        break;
      }
      taken.push(data(value) ?? null);
    }
    return taken;
  }

  function mapData(map: ReadonlyMap<unknown, unknown>): MimeData {
    for (const key of map.keys()) if (typeof key !== "string") return list(map.entries(), map.size);
    return record(map as ReadonlyMap<string, unknown>);
  }

  function record(entries: Iterable<readonly [string, unknown]>): { [name: string]: MimeData } {
    const taken: [string, MimeData][] = [];
    for (const [name, value] of entries) {
      if (left <= 0) {
        taken.push(["…", "more"]);
        break;
      }
      const one = data(value);
      if (one !== undefined) taken.push([name.toWellFormed(), one]);
    }
    // Not by assignment: "__proto__" is a name like any other.
    return Object.fromEntries(taken);
  }

  return data(value) ?? null;
}

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
