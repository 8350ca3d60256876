import type { Pause } from "./execution.ts";
import type { CallFrame } from "./inspector.ts";
import { RequestError } from "./request-error.ts";
import type { ScriptSource, Scripts } from "./scripts.ts";

/** A frame of the user's, with the number that the client knows it by. */
export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly source: ScriptSource | undefined;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Undefined for a function that awaits: it is not on the stack. */
  readonly callFrame: CallFrame | undefined;
}

/** The user's frames of one pause, and behind them the functions that await them. */
export class CallStack {
  readonly frames: readonly Frame[];

  constructor(pause: Pause, scripts: Scripts, firstId: number) {
    const frames: Omit<Frame, "id">[] = [];
    const add = (
      functionName: string,
      scriptId: string,
      lineNumber: number,
      columnNumber: number,
      callFrame: CallFrame | undefined,
    ): void => {
      const script = scripts.byId(scriptId);
      if (script === undefined || script.isHidden) return;
      const place = scripts.place({ scriptId, lineNumber, columnNumber });
      const isCell = callFrame === undefined ? functionName === "" && script.places !== undefined : scripts.isCellBody(callFrame);
      const own = isCell ? script.url.replace(/\.ts$/, "") : functionName || "(anonymous)";
      const name = callFrame === undefined ? `${own} (awaits)` : own;
      frames.push({ name, source: script.source, line: place.line + 1, column: place.column + 1, callFrame });
    };
    for (const frame of pause.frames) {
      const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
      add(frame.functionName, scriptId, lineNumber, columnNumber, frame);
    }
    for (let parent = pause.event.asyncStackTrace; parent !== undefined; parent = parent.parent) {
      for (const { functionName, scriptId, lineNumber, columnNumber } of parent.callFrames) {
        add(functionName, scriptId, lineNumber, columnNumber, undefined);
      }
    }
    this.frames = frames.map((frame, at) => ({ id: firstId + at, ...frame }));
  }

  get(id: number): Frame {
    const frame = this.frames.find((candidate) => candidate.id === id);
    if (frame === undefined) throw new RequestError(`there is no frame ${id} any more`);
    return frame;
  }

  /** The frame asked for, or the top one. */
  getOrTop(id: number | undefined): Frame {
    const frame = id === undefined ? this.frames[0] : this.get(id);
    if (frame === undefined) throw new RequestError("the stack is empty");
    return frame;
  }
}
