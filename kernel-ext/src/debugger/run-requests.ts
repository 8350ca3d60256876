import type { DebugSession } from "./debug-session.ts";
import { RequestError } from "./request-error.ts";
import type { Handler, Handlers } from "./requests.ts";
import type { StepCommand } from "./stepping.ts";

/** Requests that let execution go on, or stop it. */
export function runRequests({ execution, attachment }: DebugSession): Handlers {
  const step =
    (command: StepCommand): Handler =>
    async (args) => {
      const granularity = args.optionalText("granularity") ?? "line";
      await execution.step(command, granularity === "line");
      return undefined;
    };

  return {
    async continue() {
      if (execution.pause === undefined) throw new RequestError("nothing is paused");
      await execution.resume();
      return { allThreadsContinued: true };
    },

    next: step("Debugger.stepOver"),
    stepIn: step("Debugger.stepInto"),
    stepOut: step("Debugger.stepOut"),

    async pause() {
      if (!attachment.isOn) throw new RequestError("the debugger is not attached");
      await execution.requestPause();
      return undefined;
    },
  };
}
