/** Under this name a notebook's kernel says which cell is running, so that a library can stop with it: neither imports the other. */
const interruptSymbol: unique symbol = Symbol.for("Jupyter.interrupt");

/** Aborted when the notebook cell that is running is interrupted; undefined outside a notebook and between cells. */
export function cellSignal(): AbortSignal | undefined {
  const kernel: unknown = Reflect.get(globalThis, interruptSymbol);
  if (typeof kernel !== "object" || kernel === null || !("signal" in kernel) || typeof kernel.signal !== "function") return undefined;
  const signal: unknown = kernel.signal();
  return signal instanceof AbortSignal ? signal : undefined;
}
