import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { AlertChange } from "../alert-index.ts";

interface ChangeSource {
  readonly read: (sql: string, values: readonly SQLInputValue[]) => Record<string, SQLOutputValue>[];
  /** Fires "write" for writes of this process. */
  readonly written: EventTarget;
  readonly signal: AbortSignal;
  readonly since: number | undefined;
}

/** How long another process's write may go unseen. */
const pollMs = 250;

/**
 * Changes in order: at once for this process's writes, by polling for another's. The place to start from is taken when this is called, not when
 * the first change is asked for. A row written twice between two looks is told once, under its last change.
 */
export function watchChanges({ read, written, signal, since }: ChangeSource): AsyncIterable<AlertChange> {
  let last = since ?? Number(read("SELECT max(change) AS change FROM alerts", [])[0]?.change ?? 0);
  return {
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        const woken = nextWake(written, signal);
        const rows = read("SELECT change, json_group_array(id) AS ids FROM alerts WHERE change > ? GROUP BY change ORDER BY change", [
          last,
        ]);
        for (const row of rows) {
          last = Number(row.change);
          yield { change: last, ids: JSON.parse(row.ids as string) as string[] };
          if (signal.aborted) return;
        }
        await woken;
      }
    },
  };
}

function nextWake(written: EventTarget, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      written.removeEventListener("write", wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, pollMs);
    written.addEventListener("write", wake);
    signal.addEventListener("abort", wake);
  });
}
