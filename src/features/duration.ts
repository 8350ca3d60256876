import { SoclabError } from "../core/index.ts";

const unitMicros: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86400e6 };

/** What a duration looks like in a definition: "250ms", "30s", "5m", "1h", "7d". */
export const durationPattern = /^([1-9][0-9]{0,8})(ms|s|m|h|d)$/;

/** At most this many tiles make a window. */
export const maxTiles = 10_000;

/** Ten years; a longer window is a mistake, and event times stay exact below 2^52 microseconds. */
const maxDurationMicros = 3650 * 86400e6;

/** "5m" → 300,000,000 microseconds. */
export function durationMicros(text: string, path: string): number {
  const match = durationPattern.exec(text);
  const micros = match ? Number(match[1]) * unitMicros[match[2]!]! : Number.NaN;
  if (!(micros <= maxDurationMicros)) {
    throw new SoclabError("SOCLAB_INVALID_DEFINITION", `${path} is "${text}", which is no duration up to ten years`, {
      hint: 'Write a whole number and a unit: "250ms", "30s", "5m", "1h", "7d".',
    });
  }
  return micros;
}

const cleanTiles = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .map((ms) => ms * 1e3)
  .concat([1, 2, 5, 10, 15, 20, 30].map((s) => s * 1e6))
  .concat([1, 2, 5, 10, 15, 20, 30].map((m) => m * 60e6))
  .concat([1, 2, 3, 4, 6, 12].map((h) => h * 3600e6))
  .concat([1, 2, 5, 7, 10, 15, 30].map((d) => d * 86400e6));

/** The tile of a window that names none: the longest clean duration up to a sixtieth of the window that divides it; the window itself below 2 ms. */
export function defaultTileMicros(windowMicros: number): number {
  let best: number | undefined;
  for (const tile of cleanTiles) if (tile * 60 <= windowMicros && windowMicros % tile === 0) best = tile;
  if (best !== undefined && windowMicros / best <= maxTiles) return best;
  for (let tiles = 60; tiles > 1; tiles--) if (windowMicros % tiles === 0) return windowMicros / tiles;
  return windowMicros;
}
