import type { AlertIndex, IndexedAlert } from "../alerts/index.ts";
import { version } from "../core/index.ts";
import type { Lake } from "../lake/index.ts";
import type { Model, ModelMetrics, ScoreHistogram, TrainingWindow } from "../models/index.ts";
import type { LedgerEntry } from "../scorer/index.ts";
import { collectHttpFailures } from "./collect-http.ts";
import type {
  DashboardCredit,
  DashboardData,
  DashboardDataset,
  DashboardEvaluation,
  DashboardModel,
  DistributionData,
  OpenPeriod,
  Period,
  TopAlert,
  VolumeData,
} from "./dashboard-data.ts";

/** What a dashboard is made of. All but the index may be missing: the page then says so. */
export interface CollectOptions {
  readonly index: AlertIndex;
  readonly lake?: Pick<Lake, "tables" | "sql"> | null | undefined;
  readonly model?: Model | null | undefined;
  /** Measured on a later period than trained on. */
  readonly evaluation?: ModelMetrics | null | undefined;
  /** Relevance of all scored events by label (`scoreHistogram` over 0–100); without it the distribution is of alerts. */
  readonly scores?: ScoreHistogram | null | undefined;
  readonly ledger?: Readonly<LedgerEntry> | null | undefined;
  readonly datasets?: readonly DashboardDataset[] | undefined;
  /** Event time scored, epoch milliseconds; default: that of the evaluation, else of the alerts. */
  readonly period?: Period | undefined;
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
  /** Where the labels of the evaluation come from, as it reads after "Labels come from". */
  readonly labelSource?: string | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly credits?: readonly DashboardCredit[] | undefined;
  readonly generator?: string | undefined;
}

const topAlertCount = 25;
const topEntityCount = 10;

/**
 * Everything that the page shows, read from the index and the lake.
 * @throws what the lake and the index throw
 */
export async function collectDashboard(options: CollectOptions): Promise<DashboardData> {
  const { index, lake, model, evaluation, ledger, scores } = options;
  const span = await alertSpan(index);
  const period = options.period ?? closed(openPeriodOf(evaluation?.window)) ?? span;
  const entities = await index.aggregate({ by: "entity", limit: topEntityCount });
  const sources = await index.aggregate({ by: "source", limit: 10 });
  const top = await index.search({ limit: topAlertCount });
  return {
    title: options.title ?? (model ? `Scoring report: ${model.reference}` : "Scoring report"),
    subtitle: options.subtitle ?? null,
    period,
    ledger: ledger ?? null,
    alerts: { total: top.total, bySource: sources.map(({ key, count }) => ({ source: String(key), count })) },
    volume: await collectVolume(index, period, span),
    entities: entities.map(({ key, count, meanRelevance, maxRelevance }) => ({
      entity: key === null ? null : String(key),
      alerts: count,
      meanRelevance,
      maxRelevance,
    })),
    distribution: scores ? distributionOf(scores) : await collectDistribution(index),
    evaluation: evaluation ? evaluationOf(evaluation, model ?? null, options.labelSource ?? null) : null,
    httpFailures: lake ? await collectHttpFailures(lake) : null,
    topAlerts: top.alerts.map(topAlert),
    model: model ? modelOf(model) : null,
    datasets: options.datasets ?? [],
    notes: options.notes ?? [],
    credits: options.credits ?? [],
    generator: options.generator ?? `soclab ${version}`,
  };
}

async function alertSpan(index: AlertIndex): Promise<Period | null> {
  const filters = { from: -8.64e15, limit: 1 };
  const [first] = (await index.search({ ...filters, sort: { by: "timestamp", order: "asc" } })).alerts;
  const [last] = (await index.search({ ...filters, sort: { by: "timestamp", order: "desc" } })).alerts;
  if (first?.timestamp == null || last?.timestamp == null) return null;
  return { from: first.timestamp, until: last.timestamp + 1 };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const bucketWidths = [
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  hourMs,
  2 * hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  7 * dayMs,
  28 * dayMs,
];
const mostBuckets = 56;

/** Alerts of the period over time; where it has none, of all times. */
async function collectVolume(index: AlertIndex, period: Period | null, span: Period | null): Promise<VolumeData> {
  if (span === null || period === null) return { bucketMs: hourMs, rows: [], outside: 0 };
  const { total: inside } = await index.search({ ...period, limit: 0 });
  const { total } = await index.search({ limit: 0 });
  const shown = inside > 0 ? period : span;
  const length = shown.until - shown.from;
  const bucketMs = bucketWidths.find((width) => length / width <= mostBuckets) ?? Math.ceil(length / mostBuckets / dayMs) * dayMs;
  const buckets = await index.aggregate({ by: { time: bucketMs }, splitBy: "label", ...shown });
  return {
    bucketMs,
    outside: inside > 0 ? total - inside : 0,
    rows: buckets.map(({ key, split, count, meanRelevance, maxRelevance }) => ({
      time: Number(key),
      label: textOrNull(split),
      count,
      meanRelevance,
      maxRelevance,
    })),
  };
}

async function collectDistribution(index: AlertIndex): Promise<DistributionData> {
  const width = 5;
  const buckets = await index.aggregate({ by: { relevance: width }, splitBy: "label" });
  const first = Math.min(90, ...buckets.map(({ key }) => Number(key)));
  const edges = Array.from({ length: (100 - first) / width + 1 }, (_, i) => first + i * width);
  const labels = [...new Set(buckets.map(({ split }) => textOrNull(split)))];
  const countOf = (label: string | null, edge: number) =>
    buckets.find(({ key, split }) => textOrNull(split) === label && Number(key) === edge)?.count ?? 0;
  return {
    of: "alerts",
    edges,
    series: labels.map((label) => ({ label, counts: edges.slice(0, -1).map((edge) => countOf(label, edge)) })),
  };
}

function distributionOf({ edges, counts }: ScoreHistogram): DistributionData {
  return {
    of: "events",
    edges: Array.from(edges),
    series: [...counts].map(([label, ofLabel]) => ({ label: label === "unlabelled" ? null : label, counts: Array.from(ofLabel) })),
  };
}

function evaluationOf(metrics: ModelMetrics, model: Model | null, labelSource: string | null): DashboardEvaluation {
  const { rows, positives, unlabelled, baseRate, auc, ap, budgets } = metrics;
  const training = model === null ? null : openPeriodOf(model.training);
  return { training, test: openPeriodOf(metrics.window), rows, positives, unlabelled, baseRate, auc, ap, budgets, labelSource };
}

function modelOf(model: Model): DashboardModel {
  return {
    name: model.name,
    version: model.version,
    detector: model.detector.name,
    artefactHash: model.hash,
    definitionHash: model.definition?.hash ?? "none",
    training: openPeriodOf(model.training),
    trainingRows: model.detector.rowCount,
    features: model.features,
  };
}

function topAlert(alert: IndexedAlert): TopAlert {
  const { id, timestamp, relevance, source, signature, entity, label, late, contributions, features } = alert;
  return {
    id,
    time: timestamp,
    relevance,
    source,
    signature,
    entity,
    from: endPoint(alert.ip_src_addr, alert.ip_src_port),
    to: endPoint(alert.ip_dst_addr, alert.ip_dst_port),
    label,
    verdict: alert.verdict?.verdict ?? null,
    late,
    contributions,
    features: features.slice(0, 8),
  };
}

function endPoint(address: string | null, port: number | null): string | null {
  if (address === null) return null;
  return port === null ? address : address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Windows are in microseconds. */
function openPeriodOf(window: TrainingWindow | undefined): OpenPeriod | null {
  if (window === undefined || (window.from === null && window.until === null)) return null;
  return { from: window.from === null ? null : window.from / 1000, until: window.until === null ? null : window.until / 1000 };
}

function closed(period: OpenPeriod | null): Period | null {
  return period?.from == null || period.until === null ? null : { from: period.from, until: period.until };
}

function textOrNull(value: string | number | null): string | null {
  return value === null ? null : String(value);
}
