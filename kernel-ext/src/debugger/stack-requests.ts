import { type DebugSession, pauseGroup } from "./debug-session.ts";
import { isUncaught } from "./exception-filter.ts";
import { RequestError } from "./request-error.ts";
import type { Handlers } from "./requests.ts";
import { scopesOf } from "./scopes.ts";
import { typeText, valueText } from "./value-text.ts";

/** Requests about where execution stands. */
export function stackRequests(session: DebugSession): Handlers {
  const { execution, handles, scripts } = session;
  return {
    stackTrace(args) {
      const all = session.stack.frames;
      const start = args.optionalInteger("startFrame") ?? 0;
      const levels = args.optionalInteger("levels") || all.length;
      return {
        stackFrames: all.slice(start, start + levels).map(({ id, name, source, line, column, callFrame }) => ({
          id,
          name,
          source,
          line,
          column,
          ...(callFrame === undefined && { presentationHint: "subtle" }),
        })),
        totalFrames: all.length,
      };
    },

    scopes(args) {
      const frame = session.stack.get(args.integer("frameId"));
      const isTop = frame === session.stack.frames[0];
      const isCell = frame.callFrame !== undefined && scripts.isCellBody(frame.callFrame);
      return { scopes: scopesOf(frame, handles, pauseGroup, { isCell, exception: isTop ? execution.stopped.exception : undefined }) };
    },

    exceptionInfo() {
      const { exception, event } = execution.stopped;
      if (exception === undefined) throw new RequestError("no exception is thrown");
      const description = valueText(exception);
      return {
        exceptionId: typeText(exception),
        description,
        breakMode: isUncaught(event, scripts) ? "unhandled" : "always",
        details: { message: description, typeName: typeText(exception), stackTrace: exception.description },
      };
    },
  };
}
