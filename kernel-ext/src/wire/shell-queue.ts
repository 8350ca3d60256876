const patienceMs = 100;

/**
 * The order of one shell's requests. Cells run one after the other. Everything else keeps its order too, but waits for a cell before it no
 * longer than the cell's first moment, so that completion and widgets answer while a cell runs.
 */
export class ShellQueue {
  #cells: Promise<void> = Promise.resolve();
  #others: Promise<void> = Promise.resolve();
  #patientUntilMs = 0;
  /** Requests up to this one were sent before the front end could know that a cell had failed. */
  abortedUpTo = 0;

  addCell(run: () => Promise<void>): void {
    const before = Promise.all([this.#cells, this.#others]);
    this.#cells = before.then(run);
    this.#patientUntilMs = performance.now() + patienceMs;
  }

  add(run: () => Promise<void> | void): void {
    const cells = this.#cells;
    this.#others = this.#others.then(() => this.#patientlyAfter(cells)).then(run);
  }

  async #patientlyAfter(cells: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, this.#patientUntilMs - performance.now()));
    });
    await Promise.race([cells, patience]);
    clearTimeout(timer);
  }
}
