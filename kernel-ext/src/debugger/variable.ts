import type { Handles } from "./handles.ts";
import type { RemoteObject } from "./inspector.ts";
import { typeText, valueText } from "./value-text.ts";

/** A `Variable` of the Debug Adapter Protocol. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly variablesReference: number;
  readonly evaluateName?: string;
  readonly namedVariables?: number;
  readonly indexedVariables?: number;
  readonly presentationHint?: { readonly lazy?: boolean; readonly kind?: string; readonly visibility?: string };
}

/** How many elements an array has: V8 says it in the description only. */
export function lengthOf({ subtype, description }: RemoteObject): number | undefined {
  if (subtype !== "array" && subtype !== "typedarray") return undefined;
  const [, length] = /\((\d+)\)$/.exec(description ?? "") ?? [];
  return length === undefined ? undefined : Number(length);
}

/** The expression for a property, where `path` is that of its object. */
export function propertyPath(path: string | undefined, name: string): string | undefined {
  if (path === undefined) return undefined;
  if (/^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return `${path}.${name}`;
  return `${path}[${/^(?:0|[1-9]\d*)$/.test(name) ? name : JSON.stringify(name)}]`;
}

/** Makes variables of V8's values, in the way that the client can show them. */
export class VariableFactory {
  readonly #handles: Handles;
  /** JupyterLab's tree shows the type in place of the value, so it gets none. */
  showsType = true;
  /** The client asks for parts of a long array itself. */
  pages = false;

  constructor(handles: Handles) {
    this.#handles = handles;
  }

  variable(generation: string, name: string, value: RemoteObject, path: string | undefined): Variable {
    const length = lengthOf(value);
    return {
      name,
      value: valueText(value),
      ...(this.showsType && { type: typeText(value) }),
      variablesReference: this.reference(generation, value, path),
      ...(path !== undefined && { evaluateName: path }),
      ...(this.pages && length !== undefined && { indexedVariables: length }),
    };
  }

  reference(generation: string, value: RemoteObject, path: string | undefined): number {
    const { objectId } = value;
    if (objectId === undefined || value.type === "symbol") return 0;
    return this.#handles.add(generation, { kind: "object", objectId, path, length: lengthOf(value), className: value.className });
  }

  /** A property that has a getter, which only runs when the user opens it. */
  getter(generation: string, name: string, objectId: string, get: RemoteObject, path: string | undefined): Variable {
    const hint = { presentationHint: { lazy: true } };
    if (get.objectId === undefined) return { name, value: "(write only)", variablesReference: 0 };
    const reference = this.#handles.add(generation, { kind: "getter", objectId, getterId: get.objectId, path });
    return { name, value: "(…)", variablesReference: reference, ...(path !== undefined && { evaluateName: path }), ...hint };
  }

  slice(generation: string, objectId: string, path: string | undefined, start: number, end: number, isEntries: boolean): Variable {
    const reference = this.#handles.add(generation, { kind: "slice", objectId, path, start, end, isEntries });
    return { name: `[${start} … ${end - 1}]`, value: "", variablesReference: reference };
  }
}
