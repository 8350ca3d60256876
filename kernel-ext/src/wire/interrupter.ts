import { type Shared, stdinState, threadState, word } from "../session/shared.ts";
import type { InspectorTarget } from "./inspector-target.ts";

const pollMs = 1;
const politeMs = 12;
const kernelCodeMs = 500;
const terminateMs = 300;

export interface InterrupterOptions {
  readonly shared: Shared;
  readonly target: InspectorTarget;
  /** Tells the main thread to end its cells. */
  tell(reason: string): void;
  /** The main thread did not: the wire thread ends them itself. */
  giveUp(reason: string): void;
}

/**
 * Stops what the main thread does. A thread that waits takes the message and ends its cells itself; one that spins is terminated through the
 * inspector, and then takes the message; one that is held up in native code is answered for.
 */
export class Interrupter {
  readonly #options: InterrupterOptions;

  constructor(options: InterrupterOptions) {
    this.#options = options;
  }

  async interrupt(reason: string): Promise<void> {
    const { shared, target, tell, giveUp } = this.#options;
    const { words } = shared;
    const before = Atomics.load(words, word.interruptsTaken);
    const isTaken = (): boolean => Atomics.load(words, word.interruptsTaken) !== before;
    Atomics.store(words, word.interrupting, 1);
    tell(reason);
    if (Atomics.compareExchange(words, word.stdin, stdinState.waiting, stdinState.interrupted) === stdinState.waiting) {
      Atomics.notify(words, word.stdin);
    }
    if (await until(isTaken, politeMs)) return;
    await until(() => Atomics.load(words, word.state) !== threadState.kernel || isTaken(), kernelCodeMs);
    if (isTaken()) return;
    target.post("Runtime.terminateExecution").catch(() => {});
    if (!(await until(isTaken, terminateMs))) giveUp(reason);
  }
}

async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return true;
}
