import type { Runtime, Session } from "node:inspector";
import { promiseHooks } from "node:v8";

/** `replMode` is not in the types yet. */
type ReplParameters = Runtime.EvaluateParameterType & { readonly replMode: true };

const held = new Set<Promise<unknown>>();

/**
 * Evaluates a script in REPL mode, the one way in which a later script may declare a name anew. V8 lets go of the promise of such a script
 * as soon as it is settled, and where it is collected before its answer is sent, V8 ends the process; so it is held until then.
 */
export function evaluateInReplMode(
  session: Session,
  expression: string,
  answer: (failure: Error | null, reply: Runtime.EvaluateReturnType) => void,
): void {
  const parameters: ReplParameters = { expression, replMode: true, silent: true };
  const promises: Promise<unknown>[] = [];
  const stop = promiseHooks.onInit((promise) => {
    promises.push(promise);
    held.add(promise);
  });
  try {
    session.post("Runtime.evaluate", parameters, (failure, reply) => {
      for (const promise of promises) held.delete(promise);
      answer(failure, reply);
    });
  } finally {
    if (typeof stop === "function") stop();
  }
}
