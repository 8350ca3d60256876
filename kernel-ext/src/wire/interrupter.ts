import { type Shared, stdinState, threadState, word } from "../session/shared.ts";
import type { InspectorTarget } from "./inspector-target.ts";

const pollMs = 1;
const politeMs = 12;
/** A thread within a cell's own statements takes no message before they end. */
const politeInCellMs = 3;
/** With no cell to stop there is no hurry, and a thread that merely got no processor must not be taken for one that spins. */
const politeWithoutCellMs = 100;
const longestWaitMs = 200;
const kernelCodeMs = 500;
const patienceMs = 300;

export interface InterrupterOptions {
  readonly shared: Shared;
  readonly target: InspectorTarget;
  hasCells(): boolean;
  /** Asks the main thread to end its cells, and then to write `round` into the shared memory. */
  tell(reason: string, round: number): void;
  /** The main thread did not: the wire thread ends them itself. */
  giveUp(reason: string): void;
}

/**
 * Stops what the main thread does. A thread that waits takes the message and ends its cells itself; one that spins is terminated through the
 * inspector, and then takes the message; one that is held up in native code is answered for, and stopped when it returns.
 */
export class Interrupter {
  readonly #options: InterrupterOptions;
  #round = 0;
  #isStopping = false;
  #isTerminating = false;
  #calm: Promise<void> = Promise.resolve();

  constructor(options: InterrupterOptions) {
    this.#options = options;
  }

  /** When nothing is being stopped: a cell that started before could be stopped in place of the one that was meant. */
  get calm(): Promise<void> {
    return this.#calm;
  }

  /** @returns when the cells have ended, whether or not the main thread is free again */
  async interrupt(reason: string): Promise<void> {
    if (!this.#isStopping) {
      this.#isStopping = true;
      this.#calm = this.#stop(reason).finally(() => {
        this.#isStopping = false;
      });
    }
    if (await endsWithin(this.#calm, patienceMs)) return;
    interruptChildren();
    this.#options.giveUp(reason);
  }

  /** Ends when the thread has read a message: callbacks that call for further ones without end may have to be terminated more than once. */
  async #stop(reason: string): Promise<void> {
    const { shared, tell } = this.#options;
    const { words } = shared;
    Atomics.store(words, word.interrupting, 1);
    for (let waitMs = this.#politeMs(); ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
      const round = ++this.#round;
      const hasAnswered = (): boolean => Atomics.load(words, word.interruptRound) >= round;
      tell(reason, round);
      if (Atomics.compareExchange(words, word.stdin, stdinState.waiting, stdinState.interrupted) === stdinState.waiting) {
        Atomics.notify(words, word.stdin);
      }
      if (await until(hasAnswered, waitMs)) return;
      await until(() => Atomics.load(words, word.state) !== threadState.kernel || hasAnswered(), kernelCodeMs);
      if (hasAnswered()) return;
      await endsWithin(this.#terminate(), waitMs);
    }
  }

  #politeMs(): number {
    const { shared, hasCells } = this.#options;
    if (!hasCells()) return politeWithoutCellMs;
    return Atomics.load(shared.words, word.state) === threadState.user ? politeInCellMs : politeMs;
  }

  async #terminate(): Promise<void> {
    if (this.#isTerminating) return new Promise(() => {});
    this.#isTerminating = true;
    try {
      await this.#options.target.post("Runtime.terminateExecution");
    } catch {
      // One that was asked for elsewhere is under way.
    } finally {
      this.#isTerminating = false;
    }
  }
}

/** Ctrl-C of a terminal reaches the programs that a cell waits for, too: the kernel leads their process group. */
function interruptChildren(): void {
  try {
    process.kill(-process.pid, "SIGINT");
  } catch {
    // It leads none: whoever started it gave it no group, or the system has no groups.
  }
}

async function endsWithin(work: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs);
  });
  const hasEnded = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return hasEnded;
}

async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return true;
}
