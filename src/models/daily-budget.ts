import { SoclabError } from "../core/index.ts";
import { requireTruth, type Truth } from "./ranking-metrics.ts";

/** What a team sees that looks at the k highest scores of each day. */
export interface BudgetFigures {
  readonly alertsPerDay: number;
  readonly days: number;
  /** Rows looked at: k a day, fewer on a day that has fewer. */
  readonly alerts: number;
  /** Anomalous rows among them. Not always whole: rows tied at a day's cut count by their chance to be shown. */
  readonly hits: number;
  /** hits / alerts; null where there is no alert. */
  readonly precision: number | null;
  /** hits / all anomalous rows; null where there are none. */
  readonly recall: number | null;
}

const dayMicros = 86_400_000_000;

/**
 * Precision and recall of the k highest scores of each UTC day. Rows of unknown truth or time are left out.
 * @param eventTimes - epoch microseconds, one a row
 * @throws SOCLAB_SHAPE, SOCLAB_INVALID_VALUE
 */
export function dailyBudget(scores: Float64Array, truth: Truth, eventTimes: Float64Array, alertsPerDay: number): BudgetFigures {
  requireTruth(scores, truth);
  if (eventTimes.length !== scores.length) {
    throw new SoclabError("SOCLAB_SHAPE", `${scores.length} scores have ${eventTimes.length} event times; expected one each`);
  }
  if (!Number.isInteger(alertsPerDay) || alertsPerDay < 1) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `alertsPerDay is ${alertsPerDay}; expected an integer of at least 1`);
  }
  const days = new Map<number, number[]>();
  let positives = 0;
  for (let i = 0; i < scores.length; i++) {
    const day = Math.floor(eventTimes[i]! / dayMicros);
    if (truth[i] === -1 || Number.isNaN(day)) continue;
    if (truth[i] === 1) positives++;
    const rows = days.get(day);
    if (rows) rows.push(i);
    else days.set(day, [i]);
  }
  let alerts = 0;
  let hits = 0;
  for (const rows of days.values()) {
    const shown = Math.min(alertsPerDay, rows.length);
    alerts += shown;
    hits += expectedHits(rows, scores, truth, shown);
  }
  return {
    alertsPerDay,
    days: days.size,
    alerts,
    hits,
    precision: alerts === 0 ? null : hits / alerts,
    recall: positives === 0 ? null : hits / positives,
  };
}

/** Anomalous rows among the `shown` highest, averaged over all orders of the rows tied at the cut. */
function expectedHits(rows: readonly number[], scores: Float64Array, truth: Truth, shown: number): number {
  const cut = Float64Array.from(rows, (row) => scores[row]!).sort()[rows.length - shown]!;
  let above = 0;
  let hitsAbove = 0;
  let tied = 0;
  let hitsTied = 0;
  for (const row of rows) {
    const hit = truth[row] === 1 ? 1 : 0;
    if (scores[row]! > cut) {
      above++;
      hitsAbove += hit;
    } else if (scores[row]! === cut) {
      tied++;
      hitsTied += hit;
    }
  }
  return hitsAbove + (hitsTied * (shown - above)) / tied;
}
