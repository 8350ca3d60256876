import type { Breakpoints } from "./breakpoints.ts";
import type { CellPlaces } from "./cell-places.ts";
import { type ExceptionMode, isWanted, thrownBy } from "./exception-filter.ts";
import type { CallFrame, Inspector, PausedEvent, RemoteObject } from "./inspector.ts";
import { RequestError } from "./request-error.ts";
import type { Scripts } from "./scripts.ts";
import { nextOf, type Step, type StepCommand, stepFrom } from "./stepping.ts";
import { valueText } from "./value-text.ts";

/** Execution stands still for the user. */
export interface Pause {
  readonly frames: readonly CallFrame[];
  readonly event: PausedEvent;
  readonly reason: "breakpoint" | "step" | "pause" | "exception";
  readonly description: string;
  readonly text?: string;
  readonly exception?: RemoteObject;
  readonly hitBreakpointIds: readonly number[];
}

/** Node runs code of its own at every event: so often a wanted pause is asked for again, then it waits for the next cell. */
const patience = 500;

/** Stops and continues: which of V8's pauses are the user's. */
export class Execution {
  readonly #inspector: Inspector;
  readonly #scripts: Scripts;
  readonly #breakpoints: Breakpoints;
  readonly #stopped: (pause: Pause) => void;
  readonly #continued: () => void;
  #pause: Pause | undefined;
  #step: Step | undefined;
  #isPauseWanted = false;
  #pauseTries = 0;
  #onceId: string | undefined;
  #goesOn: (() => void) | undefined;
  #exceptionMode: ExceptionMode = "none";

  constructor(
    inspector: Inspector,
    scripts: Scripts,
    breakpoints: Breakpoints,
    events: { readonly stopped: (pause: Pause) => void; readonly continued: () => void },
  ) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#breakpoints = breakpoints;
    this.#stopped = events.stopped;
    this.#continued = events.continued;
  }

  get pause(): Pause | undefined {
    return this.#pause;
  }

  get stopped(): Pause {
    if (this.#pause === undefined) throw new RequestError("nothing is paused");
    return this.#pause;
  }

  paused(event: PausedEvent): void {
    const pause = this.#userPause(event);
    if (pause !== undefined) {
      this.#step = undefined;
      this.#forgetPauseWanted();
      this.#pause = pause;
      this.#stopped(pause);
      return;
    }
    const next = this.#next(event);
    if (next === "Debugger.resume") this.#step = undefined;
    this.#send(next);
  }

  /** V8 runs on; where the user did not ask for it, somebody else did. */
  resumed(): void {
    this.#leave();
    this.#goesOn?.();
    this.#goesOn = undefined;
    if (this.#isPauseWanted && this.#pauseTries++ < patience) this.#send("Debugger.pause");
  }

  /**
   * Returns when the thread has left the pause: V8 answers before that, and takes a debugger that is turned off and on in
   * between for paused.
   *
   * @param terminate - the paused code ends where it stands: neither its `catch` nor its `finally` runs
   */
  async resume({ terminate = false }: { readonly terminate?: boolean } = {}): Promise<void> {
    if (this.#pause === undefined) return;
    this.#leave();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goesOn = resolve;
    await this.#inspector.post("Debugger.resume", { terminateOnResume: terminate });
    await promise;
  }

  get exceptionMode(): ExceptionMode {
    return this.#exceptionMode;
  }

  async setExceptionMode(mode: ExceptionMode): Promise<void> {
    this.#exceptionMode = mode;
    await this.#inspector.post("Debugger.setPauseOnExceptions", { state: mode === "none" ? "none" : "all" });
  }

  async step(command: StepCommand, isByLine: boolean): Promise<void> {
    this.#step = stepFrom(command, this.stopped.frames, this.#scripts, isByLine);
    this.#leave();
    await this.#inspector.post(command);
  }

  async requestPause(): Promise<void> {
    if (this.#pause !== undefined) return;
    this.#isPauseWanted = true;
    this.#pauseTries = 0;
    await this.#inspector.post("Debugger.pause");
  }

  /** A cell is about to run: a pause that found nothing to pause is its business now. */
  async beforeRun(places: CellPlaces): Promise<void> {
    if (this.#isPauseWanted) this.#onceId = await this.#breakpoints.bindStart(places);
  }

  /** The debugger is no longer attached. */
  forget(): void {
    this.#step = undefined;
    this.#isPauseWanted = false;
    this.#onceId = undefined;
    this.#exceptionMode = "none";
    this.#leave();
  }

  #next({ callFrames }: PausedEvent): StepCommand | "Debugger.resume" {
    if (this.#step !== undefined) return nextOf(this.#step, callFrames, this.#scripts) ?? this.#step.command;
    const isUserBelow = callFrames.some(({ location }) => !this.#scripts.isHidden(location.scriptId));
    return this.#isPauseWanted && isUserBelow ? "Debugger.stepOut" : "Debugger.resume";
  }

  #forgetPauseWanted(): void {
    this.#isPauseWanted = false;
    if (this.#onceId !== undefined)
      this.#inspector.post("Debugger.removeBreakpoint", { breakpointId: this.#onceId }).catch(() => undefined);
    this.#onceId = undefined;
  }

  #send(command: StepCommand | "Debugger.resume" | "Debugger.pause"): void {
    this.#inspector.post(command).catch(() => undefined);
  }

  #leave(): void {
    if (this.#pause === undefined) return;
    this.#pause = undefined;
    this.#continued();
  }

  #userPause(event: PausedEvent): Pause | undefined {
    const { callFrames: frames, hitBreakpoints = [], reason } = event;
    const hit = this.#breakpoints.hit(hitBreakpoints);
    const base = { frames, event, hitBreakpointIds: hit.map(({ id }) => id) };
    if (hit.length > 0) return { ...base, reason: "breakpoint", description: "Paused on breakpoint" };
    const exception = thrownBy(event);
    if (exception !== undefined) {
      if (!isWanted(this.#exceptionMode, event, this.#scripts)) return undefined;
      return { ...base, reason: "exception", description: "Paused on exception", text: valueText(exception), exception };
    }
    const [top] = frames;
    if (top === undefined || this.#scripts.isHidden(top.location.scriptId) || this.#scripts.place(top.location).isInserted)
      return undefined;
    if (this.#step !== undefined) {
      return nextOf(this.#step, frames, this.#scripts) === undefined
        ? { ...base, reason: "step", description: "Paused on step" }
        : undefined;
    }
    if (this.#isPauseWanted) return { ...base, reason: "pause", description: "Paused" };
    return reason === "step" || hitBreakpoints.length > 0
      ? undefined
      : { ...base, reason: "breakpoint", description: "Paused on debugger statement" };
  }
}
