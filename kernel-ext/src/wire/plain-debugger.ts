import type { Debugger } from "../debugger/target.ts";
export function createDebugger(_t: unknown, _e: unknown): Debugger {
  return {
    handle: async (r) => ({ type: "response", seq: 0, request_seq: r.seq, command: r.command, success: false }),
    beforeRun: async () => {},
    close: async () => {},
    isPaused: false,
    resume: async () => {},
  } as Debugger;
}
