import type { CallFrame } from "./inspector.ts";
import type { Scripts } from "./scripts.ts";

export type StepCommand = "Debugger.stepOver" | "Debugger.stepInto" | "Debugger.stepOut";

/** A step that the user asked for: it may take several of V8's. */
export interface Step {
  readonly command: StepCommand;
  /** How many of the user's functions were on the stack. */
  readonly depth: number;
  /** The line that the step is to leave; undefined where one stop of V8 is one step. */
  readonly line: { readonly number: number; readonly function: string } | undefined;
}

function functionOf({ location, functionLocation }: CallFrame): string {
  return `${location.scriptId}:${functionLocation?.lineNumber}:${functionLocation?.columnNumber}`;
}

function depthOf(frames: readonly CallFrame[], scripts: Scripts): number {
  return frames.filter(({ location }) => !scripts.isHidden(location.scriptId)).length;
}

/** A step from where execution stands. */
export function stepFrom(command: StepCommand, frames: readonly CallFrame[], scripts: Scripts, isByLine: boolean): Step {
  const [top] = frames;
  const line =
    top === undefined || !isByLine || command === "Debugger.stepOut"
      ? undefined
      : { number: scripts.place(top.location).line, function: functionOf(top) };
  return { command, depth: depthOf(frames, scripts), line };
}

/** What V8 does next where a step ended at a place that is none for the user; undefined where the step is done. */
export function nextOf(step: Step, frames: readonly CallFrame[], scripts: Scripts): StepCommand | "Debugger.resume" | undefined {
  const [top] = frames;
  const depth = depthOf(frames, scripts);
  if (top === undefined || depth === 0) return "Debugger.resume";
  if (scripts.isHidden(top.location.scriptId)) return "Debugger.stepOut";
  // Something in a called function paused on the way, such as a breakpoint whose hit condition does not hold yet.
  if (depth > step.depth && step.command !== "Debugger.stepInto") return "Debugger.stepOut";
  const again = step.command === "Debugger.stepOut" ? "Debugger.stepOver" : step.command;
  const place = scripts.place(top.location);
  if (place.isInserted) return again;
  const isSameLine = step.line?.number === place.line && step.line.function === functionOf(top) && depth === step.depth;
  return isSameLine ? again : undefined;
}
