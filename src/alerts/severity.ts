/** How bad the matched signature says it is; the number is what relevance and the index use. */
export const severityNames = ["informational", "low", "medium", "high", "critical"] as const;

export type SeverityName = (typeof severityNames)[number];

/** 1 informational … 5 critical. */
export type Severity = 1 | 2 | 3 | 4 | 5;

export function severityName(severity: Severity): SeverityName {
  return severityNames[severity - 1]!;
}

/** Suricata and Snort count down from 1 = most severe; they have no "critical". */
export function severityOfPriority(priority: number | null): Severity | null {
  if (priority === null || !(priority >= 1)) return null;
  if (priority < 2) return 4;
  if (priority < 3) return 3;
  return priority < 4 ? 2 : 1;
}
