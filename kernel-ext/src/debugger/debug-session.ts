import { Attachment } from "./attachment.ts";
import type { Breakpoint } from "./breakpoint.ts";
import { Breakpoints } from "./breakpoints.ts";
import { CallStack } from "./call-stack.ts";
import { CellSources } from "./cell-sources.ts";
import { Children } from "./children.ts";
import { Evaluator } from "./evaluation.ts";
import { Execution, type Pause } from "./execution.ts";
import { Handles } from "./handles.ts";
import { Inspector } from "./inspector.ts";
import { Scripts } from "./scripts.ts";
import { SessionVariables } from "./session-variables.ts";
import type { DebugTarget } from "./target.ts";
import { VariableFactory } from "./variable.ts";

/** Cells run on one thread; the protocol wants a number for it. */
export const threadId = 1;

/** Objects that expressions made while execution stood still. */
export const pauseGroup = "pause";

/** The parts of one debugger, and the events that they cause. */
export class DebugSession {
  readonly target: DebugTarget;
  readonly inspector: Inspector;
  readonly sources = new CellSources();
  readonly handles = new Handles();
  readonly factory = new VariableFactory(this.handles);
  readonly scripts: Scripts;
  readonly breakpoints: Breakpoints;
  readonly execution: Execution;
  readonly attachment: Attachment;
  readonly children: Children;
  readonly evaluator: Evaluator;
  readonly variables: SessionVariables;
  /** A client said `initialize`. */
  isStarted = false;
  readonly #emit: (event: string, body?: object) => void;
  #stack: CallStack | undefined;
  #frameCount = 0;

  constructor(target: DebugTarget, emit: (event: string, body?: object) => void) {
    this.target = target;
    this.#emit = emit;
    this.inspector = new Inspector(target);
    this.scripts = new Scripts(target, this.sources);
    this.breakpoints = new Breakpoints(this.inspector, this.scripts, (path, breakpoint) =>
      emit("breakpoint", { reason: "changed", breakpoint: this.describe(path, breakpoint) }),
    );
    this.execution = new Execution(this.inspector, this.scripts, this.breakpoints, {
      stopped: (pause) => this.#stopped(pause),
      continued: () => this.#continued(),
    });
    this.attachment = new Attachment(this.inspector, this.scripts, this.breakpoints, this.execution);
    this.children = new Children(this.inspector, this.factory);
    this.evaluator = new Evaluator(this.inspector);
    this.variables = new SessionVariables(this.inspector, this.factory, (generation) => this.handles.release(generation));
  }

  emit(event: string, body?: object): void {
    this.#emit(event, body);
  }

  /** The frames of the present pause. */
  get stack(): CallStack {
    const pause = this.execution.stopped;
    if (this.#stack === undefined) {
      this.#stack = new CallStack(pause, this.scripts, this.#frameCount + 1);
      this.#frameCount += this.#stack.frames.length;
    }
    return this.#stack;
  }

  /** A `Breakpoint` of the protocol. One of a cell that has not run is taken as good until the cell tells. */
  describe(path: string, { id, line, isVerified, message }: Breakpoint): object {
    const verified = isVerified ?? this.sources.text(path) !== undefined;
    return { id, verified, line, source: { path }, ...(message !== undefined && { message }) };
  }

  #stopped({ reason, description, text, hitBreakpointIds }: Pause): void {
    this.#emit("stopped", {
      reason,
      description,
      threadId,
      allThreadsStopped: true,
      ...(text !== undefined && { text }),
      ...(hitBreakpointIds.length > 0 && { hitBreakpointIds }),
    });
  }

  #continued(): void {
    this.#stack = undefined;
    this.handles.release(pauseGroup);
    this.inspector.post("Runtime.releaseObjectGroup", { objectGroup: pauseGroup }).catch(() => undefined);
    this.#emit("continued", { threadId, allThreadsContinued: true });
  }
}
