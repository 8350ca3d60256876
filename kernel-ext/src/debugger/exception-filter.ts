import type { PausedEvent, RemoteObject } from "./inspector.ts";
import type { Scripts } from "./scripts.ts";

/** Which exceptions the user wants to stop at. */
export type ExceptionMode = "none" | "uncaught" | "all";

/** What was thrown, where V8 paused for that. */
export function thrownBy({ reason, data }: PausedEvent): (RemoteObject & { readonly uncaught?: boolean }) | undefined {
  return reason === "exception" || reason === "promiseRejection" ? (data as RemoteObject) : undefined;
}

/**
 * V8 takes what the cell itself throws for caught, by the kernel that waits for the cell; for the user nothing catches it.
 * So V8 is asked for all exceptions, and this tells them apart. A promise that is made rejected is not thrown yet.
 */
export function isUncaught(event: PausedEvent, scripts: Scripts): boolean {
  if (thrownBy(event)?.uncaught === true) return true;
  const [top] = event.callFrames;
  const bottom = event.callFrames.findLast(({ location }) => !scripts.isHidden(location.scriptId));
  if (top === undefined || bottom === undefined || !scripts.isCellBody(bottom)) return false;
  return event.reason === "promiseRejection" && !/^reject\b/.test(scripts.cellText(top.location));
}

/** Whether the user wants to stop at what was thrown. */
export function isWanted(mode: ExceptionMode, event: PausedEvent, scripts: Scripts): boolean {
  const [top] = event.callFrames;
  if (mode === "none" || top === undefined) return false;
  const isOuter = isUncaught(event, scripts);
  if (!event.callFrames.some(({ location }) => !scripts.isHidden(location.scriptId))) return false;
  return isOuter || (mode === "all" && !scripts.isHidden(top.location.scriptId));
}
