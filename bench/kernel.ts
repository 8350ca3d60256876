import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { kernels } from "./kernel/kernels.ts";
import { type Figures, measure } from "./kernel/measure.ts";
import type { BenchRow } from "./report.ts";

/** The notebook kernel beside tslab, Deno and ipykernel, each started and measured in turn; prints a table of its own. */
export async function bench(): Promise<BenchRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), "soclab-bench-"));
  try {
    const found = await kernels(dirname(import.meta.dirname), scratch);
    const columns: { name: string; figures: Figures }[] = [];
    for (const kernel of found) columns.push({ name: kernel.name, figures: await measure(kernel) });
    const names = Object.keys(columns[0]?.figures ?? {});
    const width = Math.max(...names.map((name) => name.length));
    console.log(["".padEnd(width), ...columns.map(({ name }) => name.padStart(12))].join(""));
    for (const name of names)
      console.log([name.padEnd(width), ...columns.map(({ figures }) => shown(figures[name]).padStart(12))].join(""));
    return [];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function shown(figure: number | string | undefined): string {
  if (figure === undefined) return "–";
  if (typeof figure === "string") return figure;
  return figure >= 100 ? Math.round(figure).toLocaleString("en-US") : figure.toPrecision(figure >= 10 ? 3 : 2);
}
