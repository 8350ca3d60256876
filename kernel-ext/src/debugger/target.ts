import type { PositionMap } from "../cells/position-map.ts";

/** A cell as it was, or is about to be, evaluated. */
export interface CellScript {
  /** The `sourceURL` that V8 knows the script by: `cell-7.ts`. */
  readonly url: string;
  /** The cell as the user wrote it. */
  readonly source: string;
  /** The JavaScript that runs. */
  readonly script: string;
  /** Positions of `script` ↔ positions of `source`. */
  readonly map: PositionMap;
}

/** The thread that runs cells, seen through the inspector, from another thread. */
export interface DebugTarget {
  /** A command of the Chrome DevTools protocol; answers also while the thread spins or is paused. */
  post(method: string, params?: object): Promise<unknown>;
  on(event: string, listener: (params: unknown) => void): void;
  off(event: string, listener: (params: unknown) => void): void;
  /** Cells that have run or are running, oldest first. */
  cells(): readonly CellScript[];
  /** The debugger made a variable of the session that no cell declared (`copyToGlobals`). */
  declared?(name: string): void;
}

/** A request of the Debug Adapter Protocol, as Jupyter sends it in `debug_request`. */
export interface DebugRequest {
  readonly type: "request";
  readonly seq: number;
  readonly command: string;
  readonly arguments?: { readonly [name: string]: unknown };
}

export interface DebugResponse {
  readonly type: "response";
  readonly seq: number;
  readonly request_seq: number;
  readonly command: string;
  readonly success: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

export interface DebugEvent {
  readonly type: "event";
  readonly seq: number;
  readonly event: string;
  readonly body?: unknown;
}

/** What the wire thread holds: one debugger a session. */
export interface Debugger {
  /** True while a cell (or a timer of one) stands still for the user. */
  readonly isPaused: boolean;
  /** Answers any request, also a malformed one; never throws. */
  handle(request: DebugRequest): Promise<DebugResponse>;
  /** Called after a cell was compiled and before it runs: puts the breakpoints of its source into its script. Never throws. */
  beforeRun(cell: CellScript): Promise<void>;
  /** Lets a paused cell run on, or (`terminate`, for an interrupt) end where it stands; nothing where none is paused. Never throws. */
  resume(options?: { readonly terminate?: boolean }): Promise<void>;
  /** The session restarts or ends, or its client went away: nothing stays paused, breakpoints are forgotten. Never throws. */
  close(): Promise<void>;
}
