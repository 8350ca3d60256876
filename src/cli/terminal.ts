import { once } from "node:events";
import type { Progress } from "../core/index.ts";

/** Where a command writes: results on stdout, all else on stderr. */
export interface Terminal {
  readonly json: boolean;
  /** One line of results. */
  line(text: string): void;
  /** Waits until what was written has gone out. */
  drained(): Promise<void>;
  /** A word to a person; nothing where `--json` asks for silence. */
  say(text: string): void;
  /** The bar of a long piece of work. */
  progress(progress: Progress): void;
  /** The bar is over; what it showed stays as one line. */
  progressDone(): void;
}

const barWidth = 24;
const redrawMs = 100;
const flushChars = 64 * 1024;

export function createTerminal(
  options: { json: boolean; quiet?: boolean | undefined },
  out = process.stdout,
  err = process.stderr,
): Terminal {
  const interactive = err.isTTY === true && !options.quiet;
  let pending = "";
  let shown = "";
  let drawnAt = 0;
  let step = "";
  let startedAt = 0;
  const flush = () => {
    if (pending !== "") out.write(pending);
    pending = "";
  };
  const clear = () => {
    if (interactive && shown !== "") err.write("\r\x1b[2K");
  };
  return {
    json: options.json,
    line(text) {
      pending += `${text}\n`;
      if (pending.length >= flushChars) flush();
    },
    async drained() {
      flush();
      if (out.writableNeedDrain) await once(out, "drain");
    },
    say(text) {
      if (options.json || options.quiet) return;
      clear();
      err.write(`${text}\n`);
      shown = "";
    },
    progress(progress) {
      const now = Date.now();
      if (progress.step !== step) [step, startedAt, drawnAt] = [progress.step, now, 0];
      if (!interactive || now - drawnAt < redrawMs) return;
      drawnAt = now;
      shown = progressLine(progress, (now - startedAt) / 1000);
      err.write(`\r\x1b[2K${shown}`);
    },
    progressDone() {
      clear();
      shown = "";
      step = "";
    },
  };
}

/** `parse conn.log ━━━━━━────── 52 %  1,204,331 bytes  830,120/s  0:12 left` */
export function progressLine({ step, done, total, unit }: Progress, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const amount = `${count(done)} ${unit}  ${count(rate)}/s`;
  if (!total) return `${step}  ${amount}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * barWidth);
  const left = rate > 0 ? `  ${clock((total - done) / rate)} left` : "";
  return `${step}  ${"━".repeat(filled)}${"─".repeat(barWidth - filled)} ${Math.round(share * 100)} %  ${amount}${left}`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `1.2 MB`: decimal, three digits. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
