import type { ReferenceContext } from "../enrich/index.ts";
import { readReferenceTable } from "../lake/index.ts";
import type { Terminal } from "./terminal.ts";

/** What reading enrichment sources needs of a command. */
export function enrichmentContext(out: Terminal, signal: AbortSignal): ReferenceContext {
  return { readTable: readReferenceTable, warn: (message) => out.say(message), signal };
}
