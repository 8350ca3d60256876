import type { MimeBundle } from "../displayable.ts";
import { escapeHtml } from "../escape-html.ts";
import { cutText, visibleText } from "../visible-text.ts";
import { durationText, rateText } from "./rate.ts";

export interface ProgressState {
  readonly label: string;
  readonly count: number;
  /** Undefined where nobody knows. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
  readonly status: "running" | "done" | "stopped" | "failed";
}

export function progressBundle(state: ProgressState): MimeBundle {
  const label = visibleText(cutText(state.label, 200), { on: "one line" });
  const words = escapeHtml(stateText(state));
  const amount =
    state.total === undefined && state.status === "running"
      ? ""
      : ` value="${state.count}" max="${Math.max(state.total ?? state.count, 1)}"`;
  const name = escapeHtml(label === "" ? "progress" : label);
  const title = label === "" ? "" : `<span>${name}</span> `;
  return {
    "text/plain": progressText(state),
    "text/html": `<div class="tex2jax_ignore mathjax_ignore">${title}<progress aria-label="${name}"${amount}>${words}</progress> <span>${words}</span></div>`,
  };
}

export function progressText(state: ProgressState): string {
  const label = visibleText(cutText(state.label, 200), { on: "one line" });
  return `${label === "" ? "" : `${label}: `}${barText(state)}${stateText(state)}`;
}

function barText({ count, total }: ProgressState): string {
  if (total === undefined || total <= 0) return "";
  const filled = Math.round(20 * Math.min(1, count / total));
  return `${"█".repeat(filled)}${"░".repeat(20 - filled)} `;
}

/** "45 %, 450 of 1,000, 120/s, 4.6 s left" */
function stateText({ count, total, elapsedMs, status }: ProgressState): string {
  const counted =
    total === undefined ? count.toLocaleString("en-US") : `${count.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}`;
  const share = total ? `${Math.floor((100 * Math.min(count, total)) / total)} %` : "";
  const left =
    status === "running" && total !== undefined && count > 0 && count < total
      ? `${durationText((elapsedMs / count) * (total - count))} left`
      : "";
  const end = status === "running" ? left : `${status} after ${durationText(elapsedMs)}`;
  return [share, counted, rateText(count, elapsedMs), end].filter((part) => part !== "").join(", ");
}
