import { randomUUID } from "node:crypto";
import { frontEnd } from "../front-end.ts";
import { type ProgressState, progressBundle, progressText } from "./progress-view.ts";

const updateEveryMs = 100;
const printEveryMs = 1000;

export interface ProgressBarOptions {
  readonly label?: string;
  /** Milliseconds. @default performance.now */
  readonly now?: () => number;
}

/**
 * A bar below the cell, changed in place at most ten times a second. Without a front end a line is printed to stderr, at most once a
 * second.
 */
export class ProgressBar {
  readonly total: number | undefined;
  #label: string;
  #count = 0;
  #status: ProgressState["status"] = "running";
  readonly #now: () => number;
  readonly #startedAt: number;
  #endedAt: number | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;
  #displayId: string | undefined;
  #pending: NodeJS.Timeout | undefined;

  constructor(total: number | undefined, { label = "", now = () => performance.now() }: ProgressBarOptions = {}) {
    this.total = total;
    this.#label = label;
    this.#now = now;
    this.#startedAt = now();
    this.#show();
  }

  get count(): number {
    return this.#count;
  }

  /** Some more are done. */
  advance(by = 1): void {
    this.set(this.#count + by);
  }

  set(count: number): void {
    this.#count = count;
    this.#showSoon();
  }

  get label(): string {
    return this.#label;
  }

  set label(label: string) {
    this.#label = label;
    this.#showSoon();
  }

  /** The bar's last state; only the first call counts. */
  end(status: "done" | "stopped" | "failed" = "done"): void {
    if (this.#status !== "running") return;
    this.#status = status;
    this.#endedAt = this.#now();
    clearTimeout(this.#pending);
    this.#show();
  }

  [Symbol.dispose](): void {
    this.end(this.total !== undefined && this.#count < this.total ? "stopped" : "done");
  }

  #showSoon(): void {
    if (this.#status !== "running") return;
    const every = frontEnd() ? updateEveryMs : printEveryMs;
    const wait = this.#shownAt + every - this.#now();
    if (wait <= 0) this.#show();
    else if (frontEnd() && this.#pending === undefined) {
      // What comes after the last count of a burst would not be seen while the cell waits for something else.
      this.#pending = setTimeout(() => {
        if (this.#status === "running") this.#show();
      }, wait).unref();
    }
  }

  #show(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    this.#shownAt = this.#now();
    const state: ProgressState = {
      label: this.#label,
      count: this.#count,
      total: this.total,
      elapsedMs: (this.#endedAt ?? this.#shownAt) - this.#startedAt,
      status: this.#status,
    };
    const output = frontEnd()?.output;
    if (output === undefined) process.stderr.write(`${progressText(state)}\n`);
    else if (this.#displayId === undefined) {
      this.#displayId = randomUUID();
      output.display(progressBundle(state), { displayId: this.#displayId });
    } else output.update(this.#displayId, progressBundle(state));
  }
}
