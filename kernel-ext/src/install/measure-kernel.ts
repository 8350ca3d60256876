import { ClientError, type KernelSpec, launchKernel } from "../client/index.ts";

/** A kernel that was really started, or why it could not be. */
export type KernelMeasure =
  | {
      readonly works: true;
      /** From the start of the process to its first answer. */
      readonly startMs: number;
      /** The first `1 + 1`, for which the type checker may still be loading. */
      readonly firstCellMs: number;
      /** The median of the further ones. */
      readonly cellMs: number;
      readonly heartbeatMs: number;
      /** Resident memory after these. */
      readonly memoryBytes: number | undefined;
    }
  | { readonly works: false; readonly reason: string };

const warmRuns = 15;

/** Starts the kernel of a spec, runs cells in it and ends it. */
export async function measureKernel(spec: KernelSpec, cwd: string): Promise<KernelMeasure> {
  let started = performance.now();
  const lap = () => {
    const now = performance.now();
    const ms = now - started;
    started = now;
    return ms;
  };
  try {
    const kernel = await launchKernel({ spec, cwd });
    try {
      const startMs = lap();
      const { outputs } = await kernel.execute("1 + 1");
      const firstCellMs = lap();
      const [result] = outputs;
      const text = result && "data" in result ? result.data["text/plain"] : undefined;
      if (text !== "2") return { works: false, reason: `1 + 1 gave ${JSON.stringify(outputs)} and not 2` };
      const laps: number[] = [];
      for (let run = 0; run < warmRuns; run++) {
        lap();
        await kernel.execute("1 + 1");
        laps.push(lap());
      }
      lap();
      const isAlive = await kernel.isAlive();
      const heartbeatMs = lap();
      if (!isAlive) return { works: false, reason: "the heartbeat does not answer" };
      const memory = await kernel.execute("process.memoryUsage().rss", { storeHistory: false });
      const [rss] = memory.outputs;
      const memoryBytes = rss && "data" in rss ? Number(rss.data["text/plain"]) : Number.NaN;
      return {
        works: true,
        startMs,
        firstCellMs,
        cellMs: laps.toSorted((a, b) => a - b)[Math.floor(warmRuns / 2)] ?? 0,
        heartbeatMs,
        memoryBytes: Number.isFinite(memoryBytes) ? memoryBytes : undefined,
      };
    } finally {
      await kernel.shutdown({ timeoutMs: 5000 });
    }
  } catch (error) {
    if (error instanceof ClientError) return { works: false, reason: error.message };
    throw error;
  }
}
