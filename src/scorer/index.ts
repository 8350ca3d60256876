export { type FollowOptions, follow } from "./follow.ts";
export { Ledger, type LedgerEntry, type LedgerTotals } from "./ledger.ts";
export { type ScoreLakeOptions, scoreLake } from "./score-lake.ts";
