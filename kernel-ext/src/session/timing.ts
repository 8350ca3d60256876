export interface TimeitOptions {
  /** Runs that are timed together. @default as many as take 0.2 s */
  readonly number?: number;
  /** @default 7 */
  readonly repeat?: number;
}

export interface Timing {
  /** Of one run, in milliseconds. */
  readonly meanMs: number;
  readonly standardDeviationMs: number;
  readonly bestMs: number;
  readonly number: number;
  readonly repeat: number;
}

const enoughMs = 200;

/** Times a function, synchronous or not, in `repeat` rounds of `number` runs. */
export async function timeit(run: () => unknown, { number, repeat = 7 }: TimeitOptions = {}): Promise<Timing> {
  const isAsync = isThenable(run());
  const round = async (count: number): Promise<number> => {
    const start = performance.now();
    if (isAsync) for (let i = 0; i < count; i++) await run();
    else for (let i = 0; i < count; i++) run();
    return performance.now() - start;
  };
  let runs = number ?? 1;
  if (number === undefined) {
    for (let took = await round(1); took < enoughMs / 10 && runs < 1e9; took = await round(runs)) runs *= took < enoughMs / 1000 ? 10 : 2;
  }
  const means: number[] = [];
  for (let i = 0; i < Math.max(1, repeat); i++) means.push((await round(runs)) / runs);
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length;
  return { meanMs: mean, standardDeviationMs: Math.sqrt(variance), bestMs: Math.min(...means), number: runs, repeat: means.length };
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** `1.23 ms`, with the unit that fits. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return `${ms}`;
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)} min ${((ms % 60_000) / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toPrecision(3)} s`;
  if (ms >= 1) return `${ms.toPrecision(3)} ms`;
  if (ms >= 1e-3) return `${(ms * 1e3).toPrecision(3)} µs`;
  return `${(ms * 1e6).toPrecision(3)} ns`;
}
