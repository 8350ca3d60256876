import type { EvaluateOptions, Evaluator } from "./evaluation.ts";
import type { Inspector } from "./inspector.ts";
import { valueText } from "./value-text.ts";

/** A MIME bundle, as JupyterLab renders it. */
export interface RichVariable {
  readonly data: { readonly [mime: string]: unknown };
  readonly metadata: { readonly [mime: string]: unknown };
}

const timeoutMs = 3_000;

function parsed(json: unknown): RichVariable | undefined {
  if (typeof json !== "string") return undefined;
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === "object" && data !== null ? { data: data as RichVariable["data"], metadata: {} } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How a variable looks: the kernel's own display of it. An object whose display is asynchronous is text while a cell is
 * paused, as no promise settles then.
 */
export async function richVariable(
  inspector: Inspector,
  evaluator: Evaluator,
  expression: string,
  options: EvaluateOptions,
): Promise<RichVariable> {
  const value = await evaluator.evaluate(expression, options);
  const text: RichVariable = { data: { "text/plain": valueText(value) }, metadata: {} };
  const bundle = await evaluator.evaluate(`globalThis.__kernel__.richBundle(${expression})`, options).catch(() => undefined);
  if (bundle?.objectId === undefined) return parsed(bundle?.value) ?? text;
  if (bundle.subtype !== "promise") return text;
  const { internalProperties = [] } = await inspector.post("Runtime.getProperties", { objectId: bundle.objectId, ownProperties: true });
  const internal = new Map(internalProperties.map(({ name, value: inner }) => [name, inner?.value as unknown]));
  if (internal.get("[[PromiseState]]") === "fulfilled") return parsed(internal.get("[[PromiseResult]]")) ?? text;
  if (options.frame !== undefined || internal.get("[[PromiseState]]") !== "pending") return text;
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
  const settled = inspector.post("Runtime.awaitPromise", { promiseObjectId: bundle.objectId, returnByValue: true }).catch(() => undefined);
  const answer = await Promise.race([settled, late.promise]);
  clearTimeout(timer);
  return parsed(answer?.result.value) ?? text;
}
