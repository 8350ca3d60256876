import type { DashboardBudget } from "./dashboard-data.ts";

/** What one analyst looks at on a shift. */
const usualBudget = 50;

/** The budget that the headline speaks of: the one nearest to {@link usualBudget} alerts a day, as ratios go. */
export function headlineBudget(budgets: readonly DashboardBudget[]): DashboardBudget | undefined {
  const distance = ({ alertsPerDay }: DashboardBudget) => Math.abs(Math.log(alertsPerDay / usualBudget));
  return budgets.toSorted((a, b) => distance(a) - distance(b))[0];
}
