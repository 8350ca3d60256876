import type { PausedEvent, RemoteObject } from "./inspector.ts";
import type { Scripts } from "./scripts.ts";

/** Which exceptions the user wants to stop at. */
export type ExceptionMode = "none" | "uncaught" | "all";

/** What was thrown, where V8 paused for that. */
export function thrownBy({ reason, data }: PausedEvent): (RemoteObject & { readonly uncaught?: boolean }) | undefined {
  return reason === "exception" || reason === "promiseRejection" ? (data as RemoteObject) : undefined;
}

/**
 * V8 takes what is thrown after an `await` at the top of a cell for caught, by the kernel that awaits the cell.
 * For the user nothing catches it, so V8 is asked for all exceptions and this tells them apart.
 */
export function isWanted(mode: ExceptionMode, event: PausedEvent, isUncaught: boolean, scripts: Scripts): boolean {
  const [top] = event.callFrames;
  if (mode === "none" || top === undefined) return false;
  const visible = event.callFrames.filter(({ location }) => !scripts.isHidden(location.scriptId));
  if (isUncaught) return visible.length > 0;
  if (scripts.isHidden(top.location.scriptId)) return false;
  if (mode === "all") return true;
  const bottom = visible.at(-1);
  return event.reason === "promiseRejection" && bottom !== undefined && scripts.isCellBody(bottom);
}
