import type { Runtime, Debugger as V8 } from "node:inspector";
import type { DebugTarget } from "./target.ts";

export type RemoteObject = Runtime.RemoteObject;
export type CallFrame = V8.CallFrame;
export type PausedEvent = V8.PausedEventDataType;
export type ScriptParsed = V8.ScriptParsedEventDataType;
export type BreakpointResolved = V8.BreakpointResolvedEventDataType;
export type Location = V8.Location;

/** Private fields and methods of an object, which Node's types leave out. */
export interface PrivateProperty {
  readonly name: string;
  readonly value?: RemoteObject;
  readonly get?: RemoteObject;
  readonly set?: RemoteObject;
}

export interface Properties extends Runtime.GetPropertiesReturnType {
  readonly privateProperties?: readonly PrivateProperty[];
}

export interface Evaluation {
  readonly result: RemoteObject;
  readonly exceptionDetails?: Runtime.ExceptionDetails;
}

interface Answers {
  "Debugger.enable": unknown;
  "Debugger.disable": unknown;
  "Debugger.resume": unknown;
  "Debugger.pause": unknown;
  "Debugger.stepOver": unknown;
  "Debugger.stepInto": unknown;
  "Debugger.stepOut": unknown;
  "Debugger.setBlackboxPatterns": unknown;
  "Debugger.setSkipAllPauses": unknown;
  "Debugger.setAsyncCallStackDepth": unknown;
  "Debugger.setPauseOnExceptions": unknown;
  "Debugger.setBreakpointByUrl": V8.SetBreakpointByUrlReturnType;
  "Debugger.removeBreakpoint": unknown;
  "Debugger.getPossibleBreakpoints": V8.GetPossibleBreakpointsReturnType;
  "Debugger.getScriptSource": V8.GetScriptSourceReturnType;
  "Debugger.evaluateOnCallFrame": Evaluation;
  "Runtime.evaluate": Evaluation;
  "Runtime.callFunctionOn": Evaluation;
  "Runtime.awaitPromise": Evaluation;
  "Runtime.getProperties": Properties;
  "Runtime.globalLexicalScopeNames": Runtime.GlobalLexicalScopeNamesReturnType;
  "Runtime.releaseObject": unknown;
  "Runtime.releaseObjectGroup": unknown;
}

interface Events {
  "Debugger.paused": PausedEvent;
  "Debugger.resumed": unknown;
  "Debugger.scriptParsed": ScriptParsed;
  "Debugger.breakpointResolved": BreakpointResolved;
}

/** What stands before the text given to {@link Inspector.parse}, in its first line. */
export const parsePrefix = "(async()=>{";

/** The inspector with the types of its answers. */
export class Inspector {
  readonly #target: DebugTarget;

  constructor(target: DebugTarget) {
    this.#target = target;
  }

  async post<M extends keyof Answers>(method: M, params: object = {}): Promise<Answers[M]> {
    return (await this.#target.post(method, params)) as Answers[M];
  }

  /**
   * Parses the body of an async function, which never runs. `Runtime.compileScript` would need the Runtime domain, whose
   * events keep every object that is printed.
   *
   * @returns the message of the syntax error
   */
  async parse(body: string, url = ""): Promise<string | undefined> {
    const { exceptionDetails, result } = await this.post("Runtime.evaluate", {
      expression: `${parsePrefix}${body}\n})${url === "" ? "" : `\n//# sourceURL=${url}`}`,
      silent: true,
      disableBreaks: true,
    });
    if (result.objectId !== undefined) await this.post("Runtime.releaseObject", { objectId: result.objectId });
    return exceptionDetails?.exception?.description?.split("\n")[0];
  }

  /** @returns takes the listener off again */
  on<E extends keyof Events>(event: E, listener: (params: Events[E]) => void): () => void {
    const wrapped = (params: unknown): void => listener(params as Events[E]);
    this.#target.on(event, wrapped);
    return () => this.#target.off(event, wrapped);
  }
}
