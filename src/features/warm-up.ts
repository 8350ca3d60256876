import { identifier } from "../sql/index.ts";
import type { FeatureSource } from "./build-matrix.ts";
import { eventTimeSql, tableSql } from "./compile-sql.ts";

import { type FeaturePlan, planFeatures } from "./plan.ts";
import type { FeatureRunner } from "./runner-contract.ts";

/** The statement that reads a definition's history before `until`: the columns that its runner takes, as far back as its features look. */
export function historySql(plan: FeaturePlan, until: number): string {
  const time = eventTimeSql(plan);
  const terms = [`${time} < ${Math.ceil(until)}`];
  if (!plan.needsAllHistory) terms.push(`${time} >= ${Math.floor(until - plan.reachMicros)}`);
  return `SELECT ${[...plan.inputs.keys()].map(identifier).join(", ")} FROM ${tableSql(plan)} WHERE ${terms.join(" AND ")}`;
}

/**
 * Brings a new runner to where the batch matrix stands at `until`: its windows then hold the history, and nothing of it comes out.
 *
 * @param until - epoch microseconds; events from there on are for `push`
 * @returns how many events of history count
 */
export async function warmUp(
  runner: FeatureRunner,
  source: FeatureSource,
  until: number,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const { definition } = runner.plan;
  const plan = planFeatures(definition, source.schema?.(definition.table));
  const history = await source.query(historySql(plan, until), options);
  const { accepted } = runner.observe(history);
  runner.advance(until - 1);
  return accepted;
}
