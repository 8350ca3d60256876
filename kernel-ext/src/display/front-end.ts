import type { Comms } from "./comm.ts";
import type { Output } from "./output.ts";

/** What the running kernel offers to whatever displays. */
export interface FrontEnd {
  /** The outputs of the cell that is running, or that the calling timer or promise belongs to. */
  readonly output: Output;
  readonly comms: Comms;
}

// A notebook's own node_modules may hold another copy of this package than the one that runs: both show in the same front end.
const current: unique symbol = Symbol.for("soclab-kernel.front-end");
const shared: typeof globalThis & { [current]?: FrontEnd | undefined } = globalThis;

/** The front end of the running kernel; undefined outside one, where values are printed as text. */
export function frontEnd(): FrontEnd | undefined {
  return shared[current];
}

/** Called once, by the kernel's session. */
export function setFrontEnd(frontEnd: FrontEnd | undefined): void {
  Object.defineProperty(shared, current, { value: frontEnd, enumerable: false, configurable: true });
}
