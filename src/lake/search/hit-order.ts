import { SoclabError } from "../../core/index.ts";

/** Where a hit stands: newest first, events without a time last, and of the same time by their ids. No two hits stand at one place. */
export interface HitPlace {
  /** Epoch microseconds; null where the event has no time. */
  readonly time: number | null;
  readonly id: string;
}

/** Below 0 where `a` comes before `b`. */
export function compareHits(a: HitPlace, b: HitPlace): number {
  if (a.time !== b.time) return a.time === null ? 1 : b.time === null ? -1 : b.time - a.time;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}

/** A place as text, to go on from in another call or process. */
export function cursorOf({ time, id }: HitPlace): string {
  return Buffer.from(JSON.stringify([time, id])).toString("base64url");
}

/** @throws SOCLAB_INVALID_VALUE */
export function placeOf(cursor: string): HitPlace {
  try {
    const [time, id]: unknown[] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if ((time === null || Number.isSafeInteger(time)) && typeof id === "string") return { time: time as number | null, id };
  } catch {
    // Said below.
  }
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${JSON.stringify(cursor.slice(0, 60))} is no place in the results of a search`, {
    hint: "Take it from the last page: it goes on behind that page's last event.",
  });
}
