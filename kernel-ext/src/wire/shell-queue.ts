const patienceMs = 100;

/**
 * The order of one shell's requests. Cells run one after the other. Everything else keeps its order too, but waits for a cell before it no
 * longer than a moment, so that completion and widgets answer while a cell runs.
 */
export class ShellQueue {
  #cells: Promise<void> = Promise.resolve();
  #others: Promise<void> = Promise.resolve();
  /** Requests up to this one were sent before the front end could know that a cell had failed. */
  abortedUpTo = 0;

  addCell(run: () => Promise<void>): void {
    const before = Promise.all([this.#cells, this.#others]);
    this.#cells = before.then(run);
  }

  add(run: () => Promise<void> | void): void {
    const before = Promise.all([this.#others, patientlyAfter(this.#cells)]);
    this.#others = before.then(run);
  }
}

async function patientlyAfter(cells: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([cells, patience]);
  clearTimeout(timer);
}
