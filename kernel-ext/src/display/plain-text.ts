import { inspect, stripVTControlCharacters, types } from "node:util";
import { isTypedArray } from "./json-data.ts";
import { cutText, visibleText } from "./visible-text.ts";

export interface TextLimits {
  /** Elements of an array, a `Map` or a `Set`. */
  readonly maxItems: number;
  /** Properties of an object. */
  readonly maxKeys: number;
  readonly maxStringLength: number;
  readonly maxDepth: number;
  /** Values looked at in all; deeper levels are left closed where they would take more. */
  readonly maxValues: number;
  readonly maxLength: number;
}

/** A screen or two. */
export const resultLimits: TextLimits = {
  maxItems: 100,
  maxKeys: 200,
  maxStringLength: 10_000,
  maxDepth: 4,
  maxValues: 5000,
  maxLength: 200_000,
};

export interface PlainText {
  readonly text: string;
  /** Whether `limits` left something out. */
  readonly isCut: boolean;
}

/**
 * A value as Node's `inspect` shows it, without colours or control characters. The work is bounded by `limits`, not by the value: its
 * own `inspect` would format each of an object's million keys. Never throws.
 */
export function plainText(value: unknown, limits: TextLimits = resultLimits, layout: { readonly breakLength?: number } = {}): PlainText {
  try {
    const { shown, hiddenKeys } = withFewerKeys(value, limits);
    const { depth, isCut } = reach(shown, limits);
    const inspected = inspect(shown, {
      depth,
      maxArrayLength: limits.maxItems,
      maxStringLength: limits.maxStringLength,
      colors: false,
      ...layout,
    });
    const keysNote = hiddenKeys > 0 ? `\n… ${hiddenKeys.toLocaleString("en-US")} more keys` : "";
    const text = visibleText(stripVTControlCharacters(cutText(inspected, limits.maxLength))) + keysNote;
    return { text, isCut: isCut || hiddenKeys > 0 || inspected.length > limits.maxLength };
  } catch (error) {
    // A getter, a proxy or a custom inspect may throw; a value that cannot be shown must not fail the cell that made it.
    return { text: `[${typeof value} that cannot be inspected: ${messageOf(error)}]`, isCut: false };
  }
}

/** All of it, however long it takes. */
export function fullText(value: unknown): string {
  const unlimited = Number.POSITIVE_INFINITY;
  const limits = { maxItems: unlimited, maxKeys: unlimited, maxStringLength: unlimited, maxDepth: unlimited, maxValues: unlimited };
  return plainText(value, { ...limits, maxLength: unlimited }).text;
}

/** What was thrown, in a line; whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    return visibleText(cutText(error instanceof Error ? error.message : String(error), 1000), { on: "one line" });
  } catch {
    return "something that cannot be shown";
  }
}

/** How deep `inspect` may go so that it meets no more than `maxValues`. */
function reach(value: unknown, limits: TextLimits): { readonly depth: number; readonly isCut: boolean } {
  if (typeof value === "string") return { depth: 0, isCut: value.length > limits.maxStringLength };
  if (limits.maxValues === Number.POSITIVE_INFINITY) return { depth: limits.maxDepth, isCut: false };
  let level: object[] = isExpandable(value) ? [value] : [];
  const seen = new Set<object>(level);
  let count = 0;
  let isCut = false;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limits.maxDepth) return { depth: limits.maxDepth, isCut: true };
    const next: object[] = [];
    for (const container of level) {
      const { children, size, hasTooManyKeys } = look(container, limits);
      if (size > children.length) isCut = true;
      count += children.length;
      if (depth > 0 && (hasTooManyKeys || count > limits.maxValues)) return { depth: depth - 1, isCut: true };
      for (const child of children) {
        if (typeof child === "string" && child.length > limits.maxStringLength) isCut = true;
        if (!isExpandable(child) || seen.has(child)) continue;
        seen.add(child);
        next.push(child);
      }
    }
    level = next;
  }
  return { depth: limits.maxDepth, isCut };
}

function isExpandable(value: unknown): value is object {
  // inspect shows a proxy's target without calling its traps; there is no way to see how large that is.
  return typeof value === "object" && value !== null && !types.isProxy(value);
}

interface Contents {
  readonly children: readonly unknown[];
  readonly size: number;
  readonly hasTooManyKeys?: boolean;
}

function look(container: object, { maxItems, maxKeys }: TextLimits): Contents {
  if (isTypedArray(container)) return { children: [], size: container.length > maxItems ? container.length : 0 };
  if (Array.isArray(container)) {
    const children = [];
    for (let index = 0; index < Math.min(container.length, maxItems); index++) children.push(ownValue(container, index));
    return { children, size: container.length };
  }
  if (types.isMap(container)) {
    const children = first(container.values(), maxItems).concat(first(container.keys(), maxItems));
    return { children, size: container.size * 2 };
  }
  if (types.isSet(container)) return { children: first(container.values(), maxItems), size: container.size };
  const keys = Object.keys(container);
  const children = keys.slice(0, maxKeys).map((key) => ownValue(container, key));
  if (container instanceof Error) children.push(ownValue(container, "cause"), ownValue(container, "errors"));
  return { children, size: children.length, hasTooManyKeys: keys.length > maxKeys };
}

/** Without calling a getter, as `inspect` does not either. */
function ownValue(container: object, key: string | number): unknown {
  return Object.getOwnPropertyDescriptor(container, key)?.value;
}

function first<T>(values: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const value of values) if (taken.push(value) >= count) break;
  return taken;
}

function withFewerKeys(value: unknown, { maxKeys }: TextLimits): { readonly shown: unknown; readonly hiddenKeys: number } {
  if (!isExpandable(value) || maxKeys === Number.POSITIVE_INFINITY) return { shown: value, hiddenKeys: 0 };
  const isOther = Array.isArray(value) || ArrayBuffer.isView(value) || types.isMap(value) || types.isSet(value) || value instanceof Error;
  if (isOther || inspect.custom in value) return { shown: value, hiddenKeys: 0 };
  const keys = Object.keys(value);
  if (keys.length <= maxKeys) return { shown: value, hiddenKeys: 0 };
  const part: object = Object.create(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, maxKeys)) Object.defineProperty(part, key, Object.getOwnPropertyDescriptor(value, key) ?? {});
  return { shown: part, hiddenKeys: keys.length - maxKeys };
}
