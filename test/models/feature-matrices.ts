import { createRandom } from "../../src/core/index.ts";
import type { FeatureMatrix } from "../../src/features/index.ts";

const hourMicros = 3_600_000_000;
export const june = Date.UTC(2022, 5, 1) * 1000;

/** An event an hour; one in twenty is malicious and far out in one column; some values of the others are missing. */
export function events(seed: number, rowCount: number, from = june): FeatureMatrix {
  const random = createRandom(seed);
  const rows = Array.from({ length: rowCount }, (_, i) => i);
  const malicious = rows.map(() => random.next() < 0.05);
  const names = ["bytes", "packets", "ports"];
  const value = (row: number, j: number) =>
    random.next() < 0.05 && !malicious[row]
      ? Number.NaN
      : random.next() + random.next() + (malicious[row] && j === 1 ? 4 + random.next() : 0);
  return {
    rowCount,
    names,
    values: Float64Array.from({ length: rowCount * 3 }, (_, k) => value(Math.floor(k / 3), k % 3)),
    eventIds: rows.map((i) => `${seed}-${i}`),
    entities: rows.map((i) => `10.0.0.${i % 7}`),
    eventTimes: Float64Array.from(rows, (i) => from + i * hourMicros),
    labels: rows.map((i) => (i % 50 === 49 ? null : malicious[i] ? "malicious" : "benign")),
  };
}
