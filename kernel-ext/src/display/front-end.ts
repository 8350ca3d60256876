import type { Comms } from "./comm.ts";
import type { Output } from "./output.ts";

/** What the running kernel offers to whatever displays. */
export interface FrontEnd {
  /** The outputs of the cell that is running, or that the calling timer or promise belongs to. */
  readonly output: Output;
  readonly comms: Comms;
}

let current: FrontEnd | undefined;

/** The front end of the running kernel; undefined outside one, where values are printed as text. */
export function frontEnd(): FrontEnd | undefined {
  return current;
}

/** Called once, by the kernel's session. */
export function setFrontEnd(frontEnd: FrontEnd | undefined): void {
  current = frontEnd;
}
