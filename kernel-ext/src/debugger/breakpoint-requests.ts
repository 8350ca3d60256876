import type { DebugSession } from "./debug-session.ts";
import { RequestError } from "./request-error.ts";
import type { Handlers } from "./requests.ts";

/** Requests about where execution is to stop. */
export function breakpointRequests(session: DebugSession): Handlers {
  const { sources, breakpoints, execution, attachment } = session;
  /** Two at once for one source would leave breakpoints of both. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = last.then(act, act);
    last = next;
    return next;
  }

  return {
    dumpCell: (args) => ({ sourcePath: sources.add(args.text("code")) }),

    setBreakpoints(args) {
      const path = args.nested("source").text("path");
      const wanted = args.optionalList("breakpoints");
      const lines = wanted.length > 0 ? wanted : args.optionalList("lines").map((line) => ({ line }));
      return inTurn(async () => ({
        breakpoints: (await breakpoints.set(path, lines)).map((breakpoint) => session.describe(path, breakpoint)),
      }));
    },

    async setExceptionBreakpoints(args) {
      const filters = args.optionalList("filters");
      const unknown = filters.find((filter) => filter !== "all" && filter !== "uncaught");
      if (unknown !== undefined)
        throw new RequestError(`there is no exception filter ${JSON.stringify(unknown)}: "uncaught" and "all" are`);
      if (!attachment.isOn) throw new RequestError("the debugger is not attached");
      await execution.setExceptionMode(filters.includes("all") ? "all" : filters.includes("uncaught") ? "uncaught" : "none");
      return { breakpoints: filters.map(() => ({ verified: true })) };
    },
  };
}
