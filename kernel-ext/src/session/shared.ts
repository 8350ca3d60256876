/** Words of the memory that the main thread and the wire thread share. */
export const word = {
  /** What the main thread does: a value of {@link threadState}. */
  state: 0,
  /** The last `interrupted` message that the main thread has read. */
  interruptRound: 1,
  /** A value of {@link stdinState}. */
  stdin: 2,
  ringWritten: 3,
  ringRead: 4,
  /** 1 while the wire thread waits to be woken. */
  readerAsleep: 5,
  /** 1 when everything that was sent before an exit is published. */
  exit: 6,
  /** 1 from the start of an interrupt until the main thread takes it. */
  interrupting: 7,
} as const;

/** `kernel`: between receiving a request and running user code, which must not be terminated. `idle`: in the event loop, or in a callback of the user's. */
export const threadState = { idle: 0, user: 1, kernel: 2 } as const;

export const stdinState = { none: 0, waiting: 1, answered: 2, interrupted: 3 } as const;

export interface Shared {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly ring: SharedArrayBuffer;
}

const ringBytes = 1 << 20;

export function createShared(): Shared {
  return { words: new Int32Array(new SharedArrayBuffer(4 * 16)), ring: new SharedArrayBuffer(ringBytes) };
}
