import { breakpointRequests } from "./breakpoint-requests.ts";
import { CellPlaces } from "./cell-places.ts";
import { DebugSession } from "./debug-session.ts";
import { RequestArguments } from "./request-arguments.ts";
import { RequestError } from "./request-error.ts";
import type { Handler } from "./requests.ts";
import { runRequests } from "./run-requests.ts";
import { sessionRequests } from "./session-requests.ts";
import { sourceRequest } from "./source-request.ts";
import { stackRequests } from "./stack-requests.ts";
import type { DebugEvent, Debugger, DebugRequest, DebugResponse, DebugTarget } from "./target.ts";
import { variableRequests } from "./variable-requests.ts";

/** A cell that is in native code answers nothing until that returns. */
const patienceMs = 10_000;

/** The part of a request that its response repeats, whatever came. */
function envelope(request: unknown): { readonly request_seq: number; readonly command: string } {
  const { seq, command } = (typeof request === "object" && request !== null ? request : {}) as Partial<DebugRequest>;
  return { request_seq: typeof seq === "number" ? seq : 0, command: typeof command === "string" ? command : "" };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new RequestError(`the cell does not answer for ${patienceMs / 1000} s: it may be in native code`)),
    patienceMs,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A Debug Adapter Protocol adapter over V8's inspector, with the requests that Jupyter adds: JupyterLab's visual debugger.
 * V8's debugger is on only between `attach` and `disconnect`.
 *
 * @param emit - takes the events, in order
 * @see https://microsoft.github.io/debug-adapter-protocol/, and "debug request" in Jupyter's messaging specification
 */
export function createDebugger(target: DebugTarget, emit: (event: DebugEvent) => void): Debugger {
  let seq = 0;
  const session = new DebugSession(target, (event, body) =>
    emit({ type: "event", seq: ++seq, event, ...(body !== undefined && { body }) }),
  );
  const handlers = new Map<string, Handler>(
    Object.entries({
      ...sessionRequests(session),
      ...breakpointRequests(session),
      ...runRequests(session),
      ...stackRequests(session),
      ...variableRequests(session),
      ...sourceRequest(session),
    }),
  );

  return {
    get isPaused() {
      return session.execution.pause !== undefined;
    },

    async handle(request): Promise<DebugResponse> {
      const { request_seq, command } = envelope(request);
      const respond = (rest: { success: boolean; message?: string; body?: object }): DebugResponse => ({
        type: "response",
        seq: ++seq,
        request_seq,
        command,
        ...rest,
      });
      const handler = handlers.get(command);
      if (handler === undefined) return respond({ success: false, message: `unknown command ${JSON.stringify(command)}`, body: {} });
      try {
        const args = new RequestArguments(request.arguments);
        const body = await inTime(Promise.resolve().then(() => handler(args)));
        return respond({ success: true, body: body ?? {} });
      } catch (error) {
        return respond({ success: false, message: error instanceof Error ? error.message : String(error), body: {} });
      }
    },

    async beforeRun(cell) {
      const { attachment, scripts, sources, breakpoints, execution } = session;
      if (!attachment.isOn) return;
      const places = new CellPlaces(cell);
      scripts.addCell(places);
      await execution.beforeRun(places).catch(() => undefined);
      await breakpoints.bindCell(sources.pathOf(cell.source), places).catch(() => undefined);
    },

    async resume(options) {
      await session.execution.resume(options).catch(() => undefined);
    },

    async close() {
      session.breakpoints.clear();
      session.isStarted = false;
      session.handles.clear();
      await inTime(session.attachment.off()).catch(() => undefined);
    },
  };
}
