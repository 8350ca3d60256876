import type { Debugger } from "../debugger/target.ts";
import type { CellRunner } from "./cell-runner.ts";
import type { InspectorTarget } from "./inspector-target.ts";

const everyMs = 100;
/** Of the heap's limit: beyond it V8 would soon end the process, and every variable with it. */
const heapShare = 0.93;

export interface LimitWatchOptions {
  readonly target: InspectorTarget;
  readonly cells: CellRunner;
  readonly debug: Debugger;
  interrupt(reason: string): void;
}

/** Interrupts a cell that runs too long or takes too much memory. */
export class LimitWatch {
  readonly #options: LimitWatchOptions;
  #isAsking = false;

  constructor(options: LimitWatchOptions) {
    this.#options = options;
    setInterval(() => this.#look(), everyMs).unref();
  }

  #look(): void {
    const { cells, debug, interrupt } = this.#options;
    const since = cells.runningSinceMs;
    if (since === undefined || debug.isPaused) return;
    const { seconds, heapBytes } = cells.limits;
    if (seconds !== undefined && performance.now() - since > seconds * 1000) {
      interrupt(`the cell ran longer than its limit of ${seconds} s (%limit changes it)`);
      return;
    }
    if (!this.#isAsking && performance.now() - since > 2 * everyMs) void this.#lookAtHeap(heapBytes);
  }

  async #lookAtHeap(limit: number | undefined): Promise<void> {
    this.#isAsking = true;
    try {
      const { usedSize, totalSize } = (await this.#options.target.post("Runtime.getHeapUsage")) as { usedSize: number; totalSize: number };
      const most = limit ?? this.#options.cells.heapLimit * heapShare;
      if (Math.min(usedSize, totalSize) > most) {
        this.#options.interrupt(
          `the cell's heap grew to ${Math.round(usedSize / 2 ** 20)} MiB, its limit is ${Math.round(most / 2 ** 20)} MiB (%limit changes it)`,
        );
      }
    } finally {
      this.#isAsking = false;
    }
  }
}
