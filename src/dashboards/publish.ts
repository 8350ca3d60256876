import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SoclabError } from "../core/index.ts";
import type { DashboardData } from "./dashboard-data.ts";
import { renderDashboard } from "./page.ts";

export interface Published {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes the dashboard as one HTML file; a reader sees the old one or the new one, never half of it.
 * @throws SOCLAB_IO
 */
export async function publish(data: DashboardData, out: string): Promise<Published> {
  const path = resolve(out);
  const page = Buffer.from(renderDashboard(data));
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, page);
    await rename(draft, path);
  } catch (cause) {
    throw new SoclabError("SOCLAB_IO", `the dashboard cannot be written to ${path}`, {
      hint: "Name a file in a directory that is writable.",
      cause,
    });
  }
  return { path, bytes: page.length };
}
