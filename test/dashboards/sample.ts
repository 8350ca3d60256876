import type { DashboardData, TopAlert } from "../../src/dashboards/index.ts";

const day = 86_400_000;
const start = Date.UTC(2022, 5, 13);

/** A full dashboard's data; `changes` replace parts of it. */
export function sampleDashboard(changes: Partial<DashboardData> = {}): DashboardData {
  return {
    title: "Scoring report: conn-forest@1",
    subtitle: "Connections of one host.",
    period: { from: start, until: start + 2 * day },
    ledger: { in: 1000, scored: 900, filtered: 90, deadLetters: 10, alerts: 40, late: 3 },
    alerts: {
      total: 40,
      bySource: [
        { source: "model", count: 38 },
        { source: "suricata", count: 2 },
      ],
    },
    volume: {
      bucketMs: 3_600_000,
      outside: 2,
      rows: Array.from({ length: 12 }, (_, i) => ({
        time: start + i * 7_200_000,
        label: ["malicious", "benign", null][i % 3] ?? null,
        count: 2 + (i % 4),
        meanRelevance: 80 + i / 2,
        maxRelevance: 90 + i / 2,
      })),
    },
    entities: [
      { entity: "10.0.0.7", alerts: 25, meanRelevance: 91, maxRelevance: 99.5 },
      { entity: null, alerts: 15, meanRelevance: 80, maxRelevance: 88 },
    ],
    distribution: {
      of: "events",
      edges: [0, 25, 50, 75, 100],
      series: [
        { label: "benign", counts: [400, 200, 50, 20] },
        { label: "malicious", counts: [5, 10, 30, 55] },
      ],
    },
    evaluation: {
      training: { from: start - 3 * day, until: start },
      test: { from: start, until: start + 2 * day },
      rows: 770,
      positives: 100,
      unlabelled: 130,
      baseRate: 100 / 770,
      auc: 0.912,
      ap: 0.61,
      budgets: [
        { alertsPerDay: 10, days: 2, alerts: 20, hits: 17.5, precision: 0.875, recall: 0.175 },
        { alertsPerDay: 50, days: 2, alerts: 100, hits: 60, precision: 0.6, recall: 0.6 },
      ],
      labelSource: "the data set's own flow labels",
    },
    httpFailures: {
      status: 404,
      requests: 342,
      failures: 93,
      statuses: [
        { status: 200, count: 249 },
        { status: 404, count: 93 },
      ],
      hosts: [
        { host: "pico.eset.com", failures: 89, requests: 163 },
        { host: null, failures: 4, requests: 12 },
      ],
    },
    topAlerts: Array.from({ length: 8 }, (_, i) => sampleTopAlert(i)),
    model: {
      name: "conn-forest",
      version: 1,
      detector: "isolation-forest",
      artefactHash: "ab".repeat(32),
      definitionHash: "cd".repeat(32),
      training: { from: start - 3 * day, until: start },
      trainingRows: 5000,
      features: ["bytes_1h", "destinations_1h"],
    },
    datasets: [{ name: "zeek/conn", source: "github example/zeek @1c90a36", licence: "GPL-2.0", sha256: "ef".repeat(32), records: 5663 }],
    notes: [],
    credits: [],
    generator: "soclab 0.1.0",
    ...changes,
  };
}

export function sampleTopAlert(number: number, changes: Partial<TopAlert> = {}): TopAlert {
  return {
    id: number.toString(16).padStart(32, "0"),
    time: start + number * 1_800_000,
    relevance: 99.5 - number,
    source: "model",
    signature: "conn-forest: unusual connection",
    entity: `10.0.0.${number + 7}`,
    from: `10.0.0.${number + 7}:50536`,
    to: "[2001:db8::1]:443",
    label: ["malicious", "benign", "background", null][number % 4] ?? null,
    verdict: number === 2 ? "false-positive" : null,
    late: number === 3,
    contributions: [
      { name: "model", points: 95 - number, evidence: "relevance 95.0 of 100" },
      { name: "asset criticality", points: 4.5, evidence: "criticality 5 of 5" },
    ],
    features: [
      { name: "bytes_1h", value: 123_456, contribution: 0.31 - number / 100 },
      { name: "destinations_1h", value: 4, contribution: 0.12 },
    ],
    ...changes,
  };
}

export const hostile = `</script><img src=x onerror=window.hacked=1><!--"'&amp;%{x}\u202e\u0000<b>bold</b>`;

/** The same with a hostile text wherever data is text. */
export function hostileDashboard(): DashboardData {
  const data = sampleDashboard();
  return {
    ...data,
    title: hostile,
    subtitle: hostile,
    notes: [hostile],
    credits: [{ text: hostile, url: "https://example.org/" }],
    generator: hostile,
    alerts: { total: 40, bySource: [{ source: hostile, count: 40 }] },
    volume: { ...data.volume, rows: data.volume.rows.map((row) => ({ ...row, label: hostile })) },
    entities: data.entities.map((row) => ({ ...row, entity: hostile })),
    distribution: { of: "events", edges: [0, 50, 100], series: [{ label: hostile, counts: [1, 2] }] },
    evaluation: { ...data.evaluation!, labelSource: hostile },
    httpFailures: { ...data.httpFailures!, hosts: [{ host: hostile, failures: 93, requests: 93 }] },
    topAlerts: data.topAlerts.map((alert) => ({
      ...alert,
      id: hostile,
      source: hostile,
      signature: hostile,
      entity: hostile,
      from: hostile,
      to: hostile,
      label: hostile,
      verdict: hostile,
      contributions: [{ name: hostile, points: 1, evidence: hostile }],
      features: [{ name: hostile, value: 1, contribution: 1 }],
    })),
    model: { ...data.model!, name: hostile, detector: hostile, artefactHash: hostile, definitionHash: hostile, features: [hostile] },
    datasets: [{ name: hostile, source: hostile, licence: hostile, sha256: hostile, records: 1 }],
  };
}

/** Where nothing is known but that there were no alerts. */
export function emptyDashboard(): DashboardData {
  return {
    title: "Nothing yet",
    subtitle: null,
    period: null,
    ledger: null,
    alerts: { total: 0, bySource: [] },
    volume: { bucketMs: 3_600_000, rows: [], outside: 0 },
    entities: [],
    distribution: null,
    evaluation: null,
    httpFailures: null,
    topAlerts: [],
    model: null,
    datasets: [],
    notes: [],
    credits: [],
    generator: "soclab 0.1.0",
  };
}
