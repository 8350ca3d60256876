import type { MimeData } from "../displayable.ts";
import { toJsonData } from "../json-data.ts";
import { isPlainObject } from "../table-part.ts";

type Path = readonly (string | number)[];

/** State with its binary values taken out, as the widget protocol sends it. */
export interface SplitState {
  readonly state: { [name: string]: MimeData };
  readonly bufferPaths: MimeData[];
  readonly buffers: Uint8Array[];
}

/**
 * Takes typed arrays and `ArrayBuffer`s out of a state; what is left is JSON data.
 *
 * @see https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
export function splitBuffers(state: object): SplitState {
  const bufferPaths: MimeData[] = [];
  const buffers: Uint8Array[] = [];
  const open = new Set<object>();

  /** `undefined`: taken out. */
  function rest(value: unknown, path: Path): MimeData | undefined {
    const bytes = bytesOf(value);
    if (bytes) {
      buffers.push(bytes);
      bufferPaths.push([...path]);
      return undefined;
    }
    if (typeof value !== "object" || value === null || open.has(value) || !(Array.isArray(value) || isPlainObject(value)))
      return toJsonData(value);
    open.add(value);
    // A list keeps the place of what was taken out.
    const data = Array.isArray(value) ? value.map((one: unknown, index) => rest(one, [...path, index]) ?? null) : record(value, path);
    open.delete(value);
    return data;
  }

  function record(value: object, path: Path): { [name: string]: MimeData } {
    const entries: [string, MimeData][] = [];
    for (const [name, one] of Object.entries(value)) {
      const data = one === undefined ? undefined : rest(one, [...path, name]);
      if (data !== undefined) entries.push([name, data]);
    }
    return Object.fromEntries(entries);
  }

  return { state: record(state, []), bufferPaths, buffers };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

/** Puts binary values where their paths say. Paths that lead outside the state are passed over. */
export function joinBuffers(
  state: Readonly<Record<string, unknown>>,
  paths: unknown,
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  const joined: Record<string, unknown> = { ...state };
  if (!Array.isArray(paths)) return joined;
  paths.slice(0, buffers.length).forEach((path: unknown, index) => {
    if (!Array.isArray(path) || path.length === 0) return;
    let owner: unknown = joined;
    for (const step of path.slice(0, -1)) owner = isOwn(owner, step) ? owner[step] : undefined;
    const last: unknown = path.at(-1);
    if (typeof owner !== "object" || owner === null || (typeof last !== "string" && typeof last !== "number")) return;
    Object.defineProperty(owner, last, { value: buffers[index], enumerable: true, configurable: true, writable: true });
  });
  return joined;
}

function isOwn(owner: unknown, step: unknown): owner is Readonly<Record<string | number, unknown>> & { [step: string]: unknown } {
  return (
    typeof owner === "object" && owner !== null && (typeof step === "string" || typeof step === "number") && Object.hasOwn(owner, step)
  );
}
