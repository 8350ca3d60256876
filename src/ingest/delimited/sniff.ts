import type { Dialect } from "./scan.ts";

const candidates = [44, 9, 59, 124] as const;

/**
 * The delimiter of a file by its first line: the one of `,` tab `;` `|` that stands in it most often outside quotes. A comma where none does:
 * the file has one column.
 */
export function sniffDialect(line: Buffer): Dialect {
  const counts = new Map<number, number>();
  let inQuotes = false;
  for (const byte of line) {
    if (byte === 34) inQuotes = !inQuotes;
    else if (!inQuotes && candidates.some((candidate) => candidate === byte)) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  }
  let best: number = candidates[0];
  for (const candidate of candidates) if ((counts.get(candidate) ?? 0) > (counts.get(best) ?? 0)) best = candidate;
  return { delimiter: best, quotes: true };
}
