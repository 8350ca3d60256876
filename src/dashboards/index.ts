export { type CollectOptions, collectDashboard } from "./collect.ts";
export type {
  AlertTotals,
  DashboardBudget,
  DashboardCredit,
  DashboardData,
  DashboardDataset,
  DashboardEvaluation,
  DashboardLedger,
  DashboardModel,
  DistributionData,
  EntityRow,
  HttpFailures,
  OpenPeriod,
  Period,
  TopAlert,
  VolumeData,
  VolumeRow,
} from "./dashboard-data.ts";
export { renderDashboard } from "./page.ts";
export { type Published, publish } from "./publish.ts";
export { type ServedDashboard, serveDashboard } from "./serve.ts";
