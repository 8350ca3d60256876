import { type Displayable, displaySymbol, type MimeBundle } from "./displayable.ts";
import { messageOf, plainText } from "./plain-text.ts";
import { storableBundle } from "./storable-bundle.ts";
import { visibleText } from "./visible-text.ts";

/**
 * What an object says about itself. A method that throws, gives no bundle or never answers leaves text that says so; it fails no cell.
 * An empty bundle is an answer, too: nothing to show.
 */
export function ownBundle(value: Displayable, timeLimitMs: number): MimeBundle | Promise<MimeBundle> {
  let given: unknown;
  try {
    given = value[displaySymbol]();
    if (!isThenable(given)) return checked(value, given);
  } catch (error) {
    return described(value, `its display method threw: ${messageOf(error)}`);
  }
  return withinLimit(value, given, timeLimitMs);
}

async function withinLimit(value: Displayable, pending: PromiseLike<unknown>, timeLimitMs: number): Promise<MimeBundle> {
  const { promise: late, resolve } = Promise.withResolvers<MimeBundle>();
  const timer = setTimeout(() => resolve(described(value, `its display method gave nothing within ${timeLimitMs / 1000} s`)), timeLimitMs);
  const answer = Promise.resolve(pending).then(
    (given) => checked(value, given),
    (error: unknown) => described(value, `its display method threw: ${messageOf(error)}`),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function checked(value: Displayable, given: unknown): MimeBundle {
  const { bundle, problems } = storableBundle(given);
  if (problems.length > 0) return { ...described(value, `its display method ${problems.join(", ")}`), ...bundle };
  if (Object.keys(bundle).length === 0 || "text/plain" in bundle) return bundle;
  return { "text/plain": plainText(value).text, ...bundle };
}

function described(value: unknown, problem: string): MimeBundle {
  return { "text/plain": `${plainText(value).text}\n(${visibleText(problem, { on: "one line" })})` };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
