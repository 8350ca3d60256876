import type { Handle } from "./handles.ts";
import type { Inspector, Properties, RemoteObject } from "./inspector.ts";
import { RequestError } from "./request-error.ts";
import { valueText } from "./value-text.ts";
import { lengthOf, propertyPath, type Variable, type VariableFactory } from "./variable.ts";

/** How many rows a panel shows at once. */
const pageSize = 100;

/** Getters that these inherit say nothing new. */
const builtin =
  /^(?:Object|(?:Async)?(?:Generator)?Function|Date|RegExp|Promise|Proxy|Symbol|(?:Weak)?(?:Map|Set|Ref)|\w*Error|\w*Array(?:Buffer)?|Buffer|DataView)$/;

const hiddenInternals = new Set(["[[Scopes]]", "[[FunctionLocation]]", "[[Entries]]", "[[Prototype]]", "[[PrivateMethods]]"]);

/** Which part of the children a client asks for. */
export interface Page {
  readonly filter: string | undefined;
  readonly start: number;
  readonly count: number | undefined;
}

const takeElements = `function (start, end) {
  const page = { __proto__: null };
  for (let i = start; i < end; i++) if (i in this) page[i] = this[i];
  return page;
}`;

const takeEntries = `function (start, end) {
  const keys = { __proto__: null }, values = { __proto__: null };
  for (let i = start; i < end && i < this.length; i++) {
    if ("key" in this[i]) keys[i] = this[i].key;
    values[i] = this[i].value;
  }
  return { __proto__: null, keys, values };
}`;

/** What stands under a variable when the user opens it. */
export class Children {
  readonly #inspector: Inspector;
  readonly #factory: VariableFactory;

  constructor(inspector: Inspector, factory: VariableFactory) {
    this.#inspector = inspector;
    this.#factory = factory;
  }

  async ofObject(generation: string, handle: Extract<Handle, { kind: "object" }>, page: Page): Promise<readonly Variable[]> {
    const { objectId, path, length, className } = handle;
    const isLong = length !== undefined && length > pageSize;
    if (page.filter === "indexed") {
      const end = Math.min(page.start + (page.count ?? length ?? 0), length ?? 0);
      return this.#elements(generation, objectId, path, page.start, end);
    }
    const properties = await this.#properties(objectId, isLong || page.filter === "named");
    const named = this.#ofProperties(generation, objectId, path, properties);
    const elements = isLong && page.filter === undefined ? this.#pages(generation, objectId, path, 0, length, false) : [];
    const entries = page.filter === undefined ? await this.#entries(generation, path, properties) : [];
    const inherited =
      className === undefined || builtin.test(className) ? [] : await this.#inherited(generation, objectId, path, properties);
    return [...elements, ...entries, ...named, ...inherited];
  }

  async ofSlice(
    generation: string,
    { objectId, path, start, end, isEntries }: Extract<Handle, { kind: "slice" }>,
  ): Promise<readonly Variable[]> {
    if (end - start > pageSize) return this.#pages(generation, objectId, path, start, end, isEntries);
    return isEntries ? this.#entriesOf(generation, objectId, path, start, end) : this.#elements(generation, objectId, path, start, end);
  }

  /** Variables of scopes, the inner one hides the outer one's of the same name. */
  async ofScopes(generation: string, objectIds: readonly string[]): Promise<readonly Variable[]> {
    const variables = new Map<string, Variable>();
    for (const objectId of objectIds) {
      for (const [name, value] of await this.values(objectId)) {
        if (!variables.has(name)) variables.set(name, this.#factory.variable(generation, name, value, name));
      }
    }
    return [...variables.values()];
  }

  /** The named values of an object that holds nothing else. */
  async values(objectId: string): Promise<readonly (readonly [string, RemoteObject])[]> {
    const { result } = await this.#properties(objectId, false);
    return result.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  }

  /** Runs a getter. */
  async ofGetter(generation: string, { objectId, getterId, path }: Extract<Handle, { kind: "getter" }>): Promise<readonly Variable[]> {
    const value = await this.#call(objectId, "function (get) { return Reflect.apply(get, this, []); }", [{ objectId: getterId }], false);
    return [this.#factory.variable(generation, "value", value, path)];
  }

  async #properties(objectId: string, isNamedOnly: boolean): Promise<Properties> {
    return this.#inspector.post("Runtime.getProperties", {
      objectId,
      ownProperties: true,
      generatePreview: true,
      nonIndexedPropertiesOnly: isNamedOnly,
    });
  }

  #ofProperties(generation: string, objectId: string, path: string | undefined, properties: Properties): readonly Variable[] {
    const factory = this.#factory;
    const variables: Variable[] = [];
    for (const { name, value, get, symbol } of properties.result) {
      if (name === "__proto__" && value === undefined) continue;
      const own = symbol === undefined ? propertyPath(path, name) : undefined;
      if (value !== undefined) variables.push(factory.variable(generation, name, value, own));
      else if (get !== undefined) variables.push(factory.getter(generation, name, objectId, get, own));
    }
    for (const { name, value, get } of properties.privateProperties ?? []) {
      if (value !== undefined) variables.push(factory.variable(generation, name, value, undefined));
      else if (get !== undefined) variables.push(factory.getter(generation, name, objectId, get, undefined));
    }
    for (const { name, value } of properties.internalProperties ?? []) {
      if (value === undefined) continue;
      if (!hiddenInternals.has(name)) variables.push(factory.variable(generation, name, value, undefined));
    }
    return variables;
  }

  /** The getters of an object's class. */
  async #inherited(generation: string, objectId: string, path: string | undefined, own: Properties): Promise<readonly Variable[]> {
    const { result } = await this.#inspector.post("Runtime.getProperties", {
      objectId,
      ownProperties: false,
      accessorPropertiesOnly: true,
    });
    const names = new Set(own.result.map(({ name }) => name));
    return result.flatMap(({ name, get, symbol }) => {
      if (names.has(name) || name === "__proto__" || get?.objectId === undefined) return [];
      return [this.#factory.getter(generation, name, objectId, get, symbol === undefined ? propertyPath(path, name) : undefined)];
    });
  }

  /** The elements of a Map or Set stand under it at once; a long one is cut in pages. */
  async #entries(generation: string, path: string | undefined, properties: Properties): Promise<readonly Variable[]> {
    const entries = properties.internalProperties?.find(({ name }) => name === "[[Entries]]")?.value;
    if (entries?.objectId === undefined) return [];
    const length = lengthOf(entries) ?? 0;
    if (length > pageSize) return this.#pages(generation, entries.objectId, path, 0, length, true);
    return this.#entriesOf(generation, entries.objectId, path, 0, length);
  }

  /** At most a hundred rows, each of a power of a hundred elements. */
  #pages(
    generation: string,
    objectId: string,
    path: string | undefined,
    start: number,
    end: number,
    isEntries: boolean,
  ): readonly Variable[] {
    let size = pageSize;
    while (size * pageSize < end - start) size *= pageSize;
    return Array.from({ length: Math.ceil((end - start) / size) }, (_, at) => {
      const from = start + at * size;
      return this.#factory.slice(generation, objectId, path, from, Math.min(from + size, end), isEntries);
    });
  }

  async #elements(
    generation: string,
    objectId: string,
    path: string | undefined,
    start: number,
    end: number,
  ): Promise<readonly Variable[]> {
    const page = await this.#call(objectId, takeElements, [{ value: start }, { value: end }], true);
    if (page.objectId === undefined) return [];
    const elements = await this.values(page.objectId);
    return elements.map(([name, value]) => this.#factory.variable(generation, name, value, propertyPath(path, name)));
  }

  async #entriesOf(
    generation: string,
    objectId: string,
    path: string | undefined,
    start: number,
    end: number,
  ): Promise<readonly Variable[]> {
    const page = await this.#call(objectId, takeEntries, [{ value: start }, { value: end }], true);
    if (page.objectId === undefined) return [];
    const parts = new Map(await this.values(page.objectId));
    const part = async (name: string): Promise<readonly (readonly [string, RemoteObject])[]> => {
      const partId = parts.get(name)?.objectId;
      return partId === undefined ? [] : this.values(partId);
    };
    const keys = new Map(await part("keys"));
    return (await part("values")).map(([at, value]) => {
      const key = keys.get(at);
      const name = key === undefined ? at : valueText(key);
      const isPlainKey = key !== undefined && key.objectId === undefined && key.type !== "symbol";
      return this.#factory.variable(generation, name, value, path !== undefined && isPlainKey ? `${path}.get(${name})` : undefined);
    });
  }

  async #call(objectId: string, functionDeclaration: string, args: readonly object[], isPure: boolean): Promise<RemoteObject> {
    const { result, exceptionDetails } = await this.#inspector.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration,
      arguments: args,
      silent: true,
      throwOnSideEffect: isPure,
      generatePreview: true,
    });
    if (exceptionDetails !== undefined) throw new RequestError(valueText(result));
    return result;
  }
}
