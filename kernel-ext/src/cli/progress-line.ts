import { isCodeCell, isRecord, type Notebook } from "../notebook/notebook.ts";
import type { RunProgress } from "../notebook/run-notebook.ts";

export interface ProgressLine {
  readonly show: (progress: RunProgress) => void;
  /** Removes what is drawn. */
  readonly end: () => void;
}

const barWidth = 24;

/**
 * How far a run is: on a terminal one line that is drawn anew, elsewhere, where it is asked for, a line for each cell.
 * @param notebook - as it was read: cells that ran before say how long they will take
 */
export function createProgressLine(
  stderr: NodeJS.WriteStream,
  options: { readonly isQuiet: boolean; readonly isForced: boolean },
  notebook: Notebook,
): ProgressLine {
  const isDrawn = stderr.isTTY === true && !options.isQuiet;
  const isPrinted = !isDrawn && options.isForced;
  if (!isDrawn && !isPrinted) return { show() {}, end() {} };
  const expectedMs = new Map(
    notebook.cells.flatMap((cell, index) => (isCodeCell(cell) ? [[index + 1, lastDurationMs(cell.metadata)] as const] : [])),
  );
  const started = performance.now();
  let last: RunProgress | undefined;
  const draw = () => {
    if (last) stderr.write(`\r\x1b[2K${progressText(last, performance.now() - started, expectedMs)}`);
  };
  const timer = isDrawn ? setInterval(draw, 1000) : undefined;
  return {
    show(progress) {
      last = progress;
      if (isDrawn) draw();
      else if (progress.cellMs !== undefined) {
        stderr.write(`[${progress.done}/${progress.total}] cell ${progress.cell}: ${seconds(progress.cellMs)}\n`);
      }
    },
    end() {
      clearInterval(timer);
      if (isDrawn) stderr.write("\r\x1b[2K");
    },
  };
}

/** `cell 5 ━━━━━━────── 3/12  0:12  about 0:36 left` */
export function progressText(
  { done, total, cell }: RunProgress,
  elapsedMs: number,
  expectedMs: ReadonlyMap<number, number | undefined>,
): string {
  const filled = total === 0 ? barWidth : Math.round((done / total) * barWidth);
  const bar = "━".repeat(filled) + "─".repeat(barWidth - filled);
  const left = leftMs({ done, total, cell }, elapsedMs, expectedMs);
  return `cell ${cell} ${bar} ${done}/${total}  ${clock(elapsedMs)}${left === undefined ? "" : `  about ${clock(left)} left`}`;
}

function leftMs(
  { done, total, cell }: Pick<RunProgress, "done" | "total" | "cell">,
  elapsedMs: number,
  expectedMs: ReadonlyMap<number, number | undefined>,
): number | undefined {
  const known = [...expectedMs].flatMap(([number, ms]) => (number >= cell && ms !== undefined ? [ms] : []));
  if (known.length >= total - done && known.length > 0) return known.reduce((sum, ms) => sum + ms, 0);
  return done === 0 ? undefined : (elapsedMs / done) * (total - done);
}

function lastDurationMs({ papermill }: Readonly<Record<string, unknown>>): number | undefined {
  const duration = isRecord(papermill) ? papermill.duration : undefined;
  return typeof duration === "number" ? duration * 1000 : undefined;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function clock(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
