/** All a dashboard shows, as plain JSON; `collectDashboard` fills it, `renderDashboard` draws it. Times are epoch milliseconds, UTC. */
export interface DashboardData {
  readonly title: string;
  /** One sentence under the title: what was watched, where. */
  readonly subtitle: string | null;
  /** Event time of what was scored. */
  readonly period: Period | null;
  readonly ledger: DashboardLedger | null;
  readonly alerts: AlertTotals;
  readonly volume: VolumeData;
  readonly entities: readonly EntityRow[];
  readonly distribution: DistributionData | null;
  readonly evaluation: DashboardEvaluation | null;
  readonly httpFailures: HttpFailures | null;
  readonly topAlerts: readonly TopAlert[];
  readonly model: DashboardModel | null;
  readonly datasets: readonly DashboardDataset[];
  /** What a reader must know about this data and cannot see in the numbers; stands with the figures. */
  readonly notes: readonly string[];
  /** Who asks to be named where their data is shown. */
  readonly credits: readonly DashboardCredit[];
  /** The program that made the page: "soclab 0.1.0". */
  readonly generator: string;
}

export interface DashboardCredit {
  readonly text: string;
  readonly url: string;
}

export interface Period {
  readonly from: number;
  /** Excluded. */
  readonly until: number;
}

/** A period that may be open at an end. */
export interface OpenPeriod {
  readonly from: number | null;
  /** Excluded. */
  readonly until: number | null;
}

export interface DashboardLedger {
  readonly in: number;
  readonly scored: number;
  readonly filtered: number;
  readonly deadLetters: number;
  readonly alerts: number;
  readonly late: number;
}

export interface AlertTotals {
  readonly total: number;
  /** Who raised them: "model", "suricata" …, largest first. */
  readonly bySource: readonly { readonly source: string; readonly count: number }[];
}

export interface VolumeData {
  /** Width of a bucket. */
  readonly bucketMs: number;
  /** A row a bucket and label, by time; `label` null is unlabelled. */
  readonly rows: readonly VolumeRow[];
  /** Alerts of other times than the dashboard's period, which are in no row. */
  readonly outside: number;
}

export interface VolumeRow {
  readonly time: number;
  readonly label: string | null;
  readonly count: number;
  readonly meanRelevance: number;
  readonly maxRelevance: number;
}

export interface EntityRow {
  readonly entity: string | null;
  readonly alerts: number;
  readonly meanRelevance: number;
  readonly maxRelevance: number;
}

/** How many events or alerts of each label have a relevance in each bin. */
export interface DistributionData {
  /** Scored events, or, where only those are known, alerts. */
  readonly of: "events" | "alerts";
  /** bins + 1 edges on the scale 0–100. */
  readonly edges: readonly number[];
  readonly series: readonly { readonly label: string | null; readonly counts: readonly number[] }[];
}

/** `Evaluation` of `models`, with the split that it was measured on. */
export interface DashboardEvaluation {
  readonly training: OpenPeriod | null;
  readonly test: OpenPeriod | null;
  readonly rows: number;
  readonly positives: number;
  readonly unlabelled: number;
  readonly baseRate: number | null;
  readonly auc: number | null;
  readonly ap: number | null;
  readonly budgets: readonly DashboardBudget[];
  /** Where the truth comes from: "the data set's own flow labels". */
  readonly labelSource: string | null;
}

export interface DashboardBudget {
  readonly alertsPerDay: number;
  readonly days: number;
  readonly alerts: number;
  readonly hits: number;
  readonly precision: number | null;
  readonly recall: number | null;
}

/** Apache Metron's first example: "HTTP calls that ended in 404, a bar graph ordered by number of failures". */
export interface HttpFailures {
  readonly status: number;
  /** All requests of the period with any status. */
  readonly requests: number;
  readonly failures: number;
  /** What the requests ended in, most frequent first; null is no answer. */
  readonly statuses: readonly { readonly status: number | null; readonly count: number }[];
  /** By requested host, most failures first. */
  readonly hosts: readonly { readonly host: string | null; readonly failures: number; readonly requests: number }[];
}

export interface TopAlert {
  readonly id: string;
  readonly time: number | null;
  readonly relevance: number;
  readonly source: string;
  readonly signature: string;
  readonly entity: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly label: string | null;
  readonly verdict: string | null;
  readonly late: boolean;
  readonly contributions: readonly { readonly name: string; readonly points: number; readonly evidence: string }[];
  readonly features: readonly { readonly name: string; readonly value: number | null; readonly contribution: number }[];
}

export interface DashboardModel {
  readonly name: string;
  readonly version: number;
  readonly detector: string;
  readonly artefactHash: string;
  readonly definitionHash: string;
  readonly training: OpenPeriod | null;
  readonly trainingRows: number | null;
  readonly features: readonly string[];
}

export interface DashboardDataset {
  readonly name: string;
  readonly source: string;
  readonly licence: string;
  readonly sha256: string;
  readonly records: number | null;
}
