import type { Frame } from "./call-stack.ts";
import type { Evaluation, Inspector, RemoteObject } from "./inspector.ts";
import { RequestError } from "./request-error.ts";
import { valueText } from "./value-text.ts";

/** An expression of the user's must not hang the debugger: V8 stops it, and a promise is no longer waited for. */
const timeoutMs = 2_000;

export interface EvaluateOptions {
  /** The frame to evaluate in; without one, the session. */
  readonly frame?: Frame | undefined;
  /** The client only looks, as at a name under the mouse: what changes anything is refused. */
  readonly isPure?: boolean;
  readonly objectGroup: string;
}

function resultOf({ result, exceptionDetails }: Evaluation): RemoteObject {
  if (exceptionDetails !== undefined) {
    const { exception, text } = exceptionDetails;
    throw new RequestError(exception === undefined ? text : (exception.description?.split("\n")[0] ?? valueText(exception)));
  }
  return result;
}

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new RequestError(`no value within ${timeoutMs / 1000} s`)), timeoutMs + 200);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Evaluates expressions in a frame or, while nothing is paused, in the session. */
export class Evaluator {
  readonly #inspector: Inspector;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** @throws RequestError with the message of what the expression threw */
  async evaluate(expression: string, { frame, isPure = false, objectGroup }: EvaluateOptions): Promise<RemoteObject> {
    const common = { expression, objectGroup, silent: true, generatePreview: true, throwOnSideEffect: isPure, timeout: timeoutMs };
    if (frame === undefined) {
      const mayAwait = /\bawait\b/.test(expression);
      return resultOf(
        await withinTime(
          this.#inspector.post("Runtime.evaluate", {
            ...common,
            replMode: mayAwait,
            awaitPromise: mayAwait,
            disableBreaks: true,
          }),
        ),
      );
    }
    if (frame.callFrame === undefined) throw new RequestError(`${frame.name}: its variables are not on the stack`);
    return resultOf(
      await withinTime(this.#inspector.post("Debugger.evaluateOnCallFrame", { ...common, callFrameId: frame.callFrame.callFrameId })),
    );
  }

  /** Sets a property of an object. */
  async assign(objectId: string, name: string, value: RemoteObject): Promise<void> {
    const argument =
      value.objectId !== undefined
        ? { objectId: value.objectId }
        : value.unserializableValue !== undefined
          ? { unserializableValue: value.unserializableValue }
          : { value: value.value };
    const evaluation = await this.#inspector.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: "function (name, value) { 'use strict'; this[name] = value; }",
      arguments: [{ value: name }, argument],
      silent: true,
    });
    resultOf(evaluation);
  }

  /** Whether `let name` would be taken as it stands. */
  async isIdentifier(name: string): Promise<boolean> {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name)) return false;
    return (await this.#inspector.parse(`"use strict"; let ${name};`)) === undefined;
  }

  /**
   * Makes or overwrites a variable of the session with the value of an expression in a frame. While a cell is paused no
   * promise settles, and so V8's answer to a declaration, which only REPL mode can make again, comes when the cell goes on.
   */
  async copyToSession(name: string, expression: string, frame: Frame, objectGroup: string): Promise<RemoteObject> {
    const value = await this.evaluate(expression, { frame, objectGroup });
    const slot = Math.random().toString(36).slice(2);
    const { result: global } = await this.#inspector.post("Runtime.evaluate", { expression: "globalThis", objectGroup, silent: true });
    if (global.objectId === undefined) throw new RequestError("the session has no global object");
    await this.assign(global.objectId, `soclab copy ${slot}`, value);
    const from = `globalThis[${JSON.stringify(`soclab copy ${slot}`)}]`;
    try {
      const { names } = await this.#inspector.post("Runtime.globalLexicalScopeNames");
      if (names.includes(name)) return await this.evaluate(`${name} = ${from}`, { objectGroup });
      const common = { objectGroup, silent: true, disableBreaks: true };
      this.#inspector.post("Runtime.evaluate", { ...common, expression: `let ${name} = ${from}`, replMode: true }).catch(() => undefined);
      return await this.evaluate(name, { objectGroup });
    } finally {
      await this.#inspector.post("Runtime.evaluate", { expression: `delete ${from}`, silent: true });
    }
  }
}
