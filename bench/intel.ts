import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "./report.ts";

/** What one process measured. Times are CPU times of that process, so that others on the machine do not count. */
export interface IntelFigures {
  readonly indicators: number;
  readonly buildSeconds: number;
  readonly residentMb: number;
  readonly peakMb: number;
  readonly lookups: readonly { readonly what: string; readonly count: number; readonly seconds: number }[];
}

/**
 * A million indicators, each with an interval and an id of its own, as STIX has them: memory and look-ups of each kind, hits and misses, text in,
 * hit set out; beside `Map`s of strings and objects, and a trie of objects for networks. Each in a process of its own.
 */
export async function bench(): Promise<BenchRow[]> {
  const [store, map] = ["store", "map"].map(figures);
  console.log(
    `indicators ${store!.indicators.toLocaleString("en-US")}: soclab ${store!.residentMb} MB more resident, at most ${store!.peakMb} MB while built; ` +
      `Map ${map!.residentMb} MB, at most ${map!.peakMb} MB`,
  );
  const rows: BenchRow[] = [
    {
      what: "indicators taken in",
      rows: store!.indicators,
      unit: "indicators",
      seconds: store!.buildSeconds,
      peer: { name: "Map", seconds: map!.buildSeconds },
    },
  ];
  for (const [i, { what, count, seconds }] of store!.lookups.entries())
    rows.push({ what, rows: count, unit: "look-ups", seconds, peer: { name: "Map", seconds: map!.lookups[i]!.seconds } });
  return rows;
}

function figures(variant: string): IntelFigures {
  const script = fileURLToPath(new URL("intel/measure.ts", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ["--expose-gc", script, variant], { encoding: "utf8" }));
}
