import { type Runtime, Session } from "node:inspector";
import { MessageChannel } from "node:worker_threads";
import { evaluateInReplMode } from "./repl-mode.ts";
import { type Shared, threadState, word } from "./shared.ts";

export type Evaluated = { readonly threw: false } | { readonly threw: true; readonly error: unknown };

const urlPrefix = "cell-";

/** The name of a cell's script, as V8 and its stacks know it. */
export function cellUrl(cell: string): string {
  return `${urlPrefix}${cell}.ts`;
}

/** Called with the globals that cells declared for themselves. */
type Body = (shadowed: Readonly<Record<string, unknown>>) => Promise<unknown>;

interface Start {
  readonly body: Body;
  readonly done: (outcome: Evaluated) => void;
  readonly run: (body: () => void) => void;
}

/**
 * Runs compiled cells. An inspector session of this thread's own evaluates a script in REPL mode; it declares its names and hands over its body. The body is then called from the event loop: V8 ends the
 * process when a promise that an inspector waits for is collected, as that of a cell which was stopped would be.
 */
export class Evaluator {
  readonly #session = new Session();
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #starter = new MessageChannel();
  readonly #starts: Start[] = [];
  /** Globals that cells declared for themselves, as the last of those cells has them. */
  readonly #shadowed = new Map<string, () => unknown>();
  #taken: unknown;
  #body: Body | undefined;

  constructor({ words }: Shared) {
    this.#words = words;
    this.#session.connect();
    this.#starter.port2.on("message", () => this.#start());
  }

  /** Called by scripts, with what they do. */
  define(body: Body): void {
    this.#body = body;
  }

  /** Called by scripts, with the ways to their own variables that have the name of a global. */
  shadow(variables: Readonly<Record<string, () => unknown>>): void {
    for (const [name, value] of Object.entries(variables)) this.#shadowed.set(name, value);
  }

  /** Called by scripts: the one way in which a value leaves the inspector as itself. */
  take(value: unknown): void {
    this.#taken = value;
  }

  /**
   * @param run - calls its argument in the right asynchronous context
   * @param done - called once, never at once; and never for a script that was stopped
   */
  evaluate(script: string, url: string, run: Start["run"], done: Start["done"]): void {
    evaluateInReplMode(this.#session, `${script}\n//# sourceURL=${url}`, (failure, reply) => {
      const body = this.#body;
      this.#body = undefined;
      if (failure) return done({ threw: true, error: new Error(failure.message) });
      if (reply.exceptionDetails) return done({ threw: true, error: this.#thrown(reply.exceptionDetails) });
      if (!body) return done({ threw: true, error: new Error("the script has no body") });
      this.#starts.push({ body, run, done });
      this.#starter.port1.postMessage(undefined);
    });
  }

  #start(): void {
    const start = this.#starts.shift();
    if (!start) return;
    start.run(() => {
      Atomics.store(this.#words, word.state, threadState.user);
      const ended = start.body(Object.fromEntries(Array.from(this.#shadowed, ([name, value]) => [name, value()])));
      Atomics.store(this.#words, word.state, threadState.idle);
      ended.then(
        () => start.done({ threw: false }),
        (error: unknown) => start.done({ threw: true, error }),
      );
    });
  }

  /** The value of an expression over the session's variables, at once; undefined where it throws. */
  valueOf(expression: string): unknown {
    const shadowed = this.#shadowed.get(expression);
    if (shadowed) return shadowed();
    this.#taken = undefined;
    this.run(`__kernel__.take(${expression})`);
    const value = this.#taken;
    this.#taken = undefined;
    return value;
  }

  run(statement: string): void {
    this.#session.post("Runtime.evaluate", { expression: statement, silent: true });
  }

  /** Empties a top-level variable. */
  forget(name: string): void {
    if (!this.#shadowed.delete(name)) this.run(`${name} = undefined`);
  }

  /** Names of the session's top-level variables. */
  names(): string[] {
    let names: string[] = [];
    this.#session.post("Runtime.globalLexicalScopeNames", {}, (_failure, reply) => {
      names = reply?.names ?? [];
    });
    return [...names, ...this.#shadowed.keys()];
  }

  #thrown({ exception, text }: Runtime.ExceptionDetails): unknown {
    if (!exception) return new Error(text);
    if (exception.objectId === undefined) {
      if (exception.unserializableValue !== undefined) return fromNotation(exception.unserializableValue);
      return exception.value;
    }
    return this.#object(exception.objectId) ?? new Error(exception.description ?? text);
  }

  #object(objectId: string | undefined): unknown {
    this.#taken = undefined;
    this.#session.post("Runtime.callFunctionOn", { objectId, functionDeclaration: "function () { __kernel__.take(this); }", silent: true });
    const value = this.#taken;
    this.#taken = undefined;
    return value;
  }
}

/** `-0`, `NaN`, `1n` as the protocol writes them. */
function fromNotation(text: string): unknown {
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}
