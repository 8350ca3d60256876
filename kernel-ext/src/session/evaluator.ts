import { type Runtime, Session } from "node:inspector";
import { type Shared, threadState, word } from "./shared.ts";

export type Evaluated = { readonly threw: false } | { readonly threw: true; readonly error: unknown };

/** `replMode` is not in the types yet. */
type ReplParameters = Runtime.EvaluateParameterType & { readonly replMode: true };

const urlPrefix = "cell-";

/** The name of a cell's script, as V8 and its stacks know it. */
export function cellUrl(cell: string): string {
  return `${urlPrefix}${cell}.ts`;
}

/**
 * Evaluates in REPL mode through an inspector session of this thread's own: top-level await, and declarations that a later script may
 * declare anew. Evaluating from the wire thread instead would block the command that stops a spinning script.
 */
export class Evaluator {
  readonly #session = new Session();
  readonly #words: Int32Array<SharedArrayBuffer>;
  #taken: unknown;

  constructor({ words }: Shared) {
    this.#words = words;
    this.#session.connect();
  }

  /** Called by scripts: the one way in which a value leaves the inspector as itself. */
  take(value: unknown): void {
    this.#taken = value;
  }

  /**
   * @param done - called once, at once or later; never for a script that was stopped inside a promise
   */
  evaluate(script: string, url: string, done: (outcome: Evaluated) => void): void {
    const outer = Atomics.exchange(this.#words, word.state, threadState.user);
    const expression = `${script}\n//# sourceURL=${url}`;
    const parameters: ReplParameters = { expression, replMode: true, awaitPromise: true, objectGroup: url, silent: false };
    this.#session.post("Runtime.evaluate", parameters, (failure: Error | null, reply: Runtime.EvaluateReturnType) => {
      const before = Atomics.exchange(this.#words, word.state, threadState.kernel);
      try {
        if (failure) done({ threw: true, error: new Error(failure.message) });
        else if (reply.exceptionDetails) done({ threw: true, error: this.#thrown(reply.exceptionDetails) });
        else done({ threw: false });
        this.#session.post("Runtime.releaseObjectGroup", { objectGroup: url });
      } finally {
        Atomics.store(this.#words, word.state, before === threadState.user ? threadState.user : threadState.idle);
      }
    });
    Atomics.store(this.#words, word.state, outer);
  }

  /** The value of an expression over the session's variables, at once; undefined where it throws. */
  valueOf(expression: string): unknown {
    this.#taken = undefined;
    this.run(`__kernel__.take(${expression})`);
    const value = this.#taken;
    this.#taken = undefined;
    return value;
  }

  run(statement: string): void {
    const parameters: ReplParameters = { expression: statement, replMode: true, silent: true };
    this.#session.post("Runtime.evaluate", parameters);
  }

  /** Names of the session's top-level variables. */
  names(): string[] {
    let names: string[] = [];
    this.#session.post("Runtime.globalLexicalScopeNames", {}, (_failure, reply) => {
      names = reply?.names ?? [];
    });
    return names;
  }

  #thrown({ exception, text }: Runtime.ExceptionDetails): unknown {
    if (!exception) return new Error(text);
    if (exception.objectId === undefined) {
      if (exception.unserializableValue !== undefined) return fromNotation(exception.unserializableValue);
      return exception.value;
    }
    this.#taken = undefined;
    this.#session.post("Runtime.callFunctionOn", {
      objectId: exception.objectId,
      functionDeclaration: "function () { __kernel__.take(this); }",
      silent: true,
    });
    const error = this.#taken;
    this.#taken = undefined;
    return error ?? new Error(exception.description ?? text);
  }
}

/** `-0`, `NaN`, `1n` as the protocol writes them. */
function fromNotation(text: string): unknown {
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}
