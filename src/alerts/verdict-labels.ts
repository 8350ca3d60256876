import type { AlertIndex } from "./alert-index.ts";

/** What a verdict says of its event, as the lake's table of labels takes it. */
export interface VerdictLabel {
  readonly about: "event";
  readonly event_id: string;
  readonly table: string;
  readonly label: "malicious" | "benign";
  readonly source: string;
  readonly confidence: number;
  readonly known_at: string;
  readonly note?: string;
}

const labelOf = { "true-positive": "malicious", "false-positive": "benign", benign: "benign", unsure: undefined } as const;
const pageSize = 1_000;

/** Every verdict that says what its event is, the withdrawn ones too: what was believed at a time is what was said before it. */
export async function verdictLabels(index: AlertIndex): Promise<VerdictLabel[]> {
  const labels: VerdictLabel[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const filters = { verdict: ["true-positive", "false-positive", "benign"] };
    const { alerts, total } = await index.search({ filters, sort: { by: "timestamp", order: "asc" }, limit: pageSize, offset });
    for (const { id, feed } of alerts) {
      for (const { verdict, by, at, comment } of await index.verdicts(id)) {
        const label = labelOf[verdict];
        if (label === undefined) continue;
        const note = comment === "" ? {} : { note: comment };
        const known_at = new Date(at).toISOString();
        labels.push({ about: "event", event_id: id, table: feed, label, source: `verdict:${by}`, confidence: 1, known_at, ...note });
      }
    }
    if (offset + alerts.length >= total) return labels;
  }
}
