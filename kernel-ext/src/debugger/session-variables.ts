import type { Children } from "./children.ts";
import type { Inspector, RemoteObject } from "./inspector.ts";
import { cutText, keptCharacters } from "./value-text.ts";
import type { Variable, VariableFactory } from "./variable.ts";

/** JupyterLab asks at every output of a running cell, and the user may open a variable of the list before. */
const keptGenerations = 4;

/** The session's own variables: what cells declared at their top level. */
export class SessionVariables {
  readonly #inspector: Inspector;
  readonly #factory: VariableFactory;
  readonly #release: (generation: string) => void;
  #count = 0;

  constructor(inspector: Inspector, factory: VariableFactory, release: (generation: string) => void) {
    this.#inspector = inspector;
    this.#factory = factory;
    this.#release = release;
  }

  async names(): Promise<readonly string[]> {
    const { names } = await this.#inspector.post("Runtime.globalLexicalScopeNames");
    return names.filter((name) => !name.startsWith("__kernel"));
  }

  /** @param children - opens an object */
  async list(children: Children): Promise<readonly Variable[]> {
    const generation = `session-${++this.#count}`;
    const old = `session-${this.#count - keptGenerations}`;
    this.#release(old);
    this.#inspector.post("Runtime.releaseObjectGroup", { objectGroup: old }).catch(() => undefined);
    const names = await this.names();
    const { result } = await this.#inspector.post("Runtime.evaluate", {
      expression: snapshot(names),
      objectGroup: generation,
      silent: true,
      disableBreaks: true,
    });
    if (result.objectId === undefined) return [];
    const found = await children.values(result.objectId);
    return found.map(([key, value]) => this.#variable(generation, key, value));
  }

  #variable(generation: string, key: string, value: RemoteObject): Variable {
    const [, length, name = key] = /^(\d+) (.*)$/s.exec(key) ?? [];
    const variable = this.#factory.variable(generation, name, value, name);
    return length === undefined ? variable : { ...variable, value: cutText(variable.value, Number(length)) };
  }
}

/**
 * One expression for all variables; one in its dead zone is left out. The inspector sends strings whole, so a long one is
 * cut where it is, and its length written before its name.
 */
function snapshot(names: readonly string[]): string {
  let page = "page";
  while (names.includes(page)) page += "_";
  const lines = names.map((name) => {
    const key = JSON.stringify(name);
    const isLong = `typeof ${name} === "string" && ${name}.length > ${keptCharacters}`;
    return `try { if (${isLong}) ${page}[${name}.length + " " + ${key}] = ${name}.slice(0, ${keptCharacters}); else ${page}[${key}] = ${name}; } catch {}`;
  });
  return `((${page}) => {\n${lines.join("\n")}\nreturn ${page};\n})({ __proto__: null })`;
}
