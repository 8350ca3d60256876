import type { Alert, AlertModel, FeatureContribution, IndexedAlert, Verdict } from "./alert.ts";
import type { RelevanceContribution } from "./relevance.ts";

/**
 * Where alerts live: written by the scorer, read by dashboards, the console and the command line. `test/alerts/suite.ts` runs over every
 * implementation. Everything is deterministic but for verdicts: the same documents in any split, order of batches or repetition give the
 * same {@link AlertIndex.contentHash}.
 */
export interface AlertIndex extends AsyncDisposable {
  /**
   * Writes alerts under their ids, all or none. An id that exists takes the new document and keeps its patched relevance and its verdict.
   * @throws SOCLAB_INVALID_VALUE for a document that is no alert; nothing is written then
   */
  upsert(alerts: readonly Alert[]): Promise<UpsertCounts>;
  /**
   * Writes a model's relevance back onto alerts that exist, all or none. Of several patches of one alert the one of the highest model
   * version stays, then the one of the highest relevance, whatever order they came in. Documents and verdicts are not touched.
   */
  patchRelevance(patches: readonly RelevancePatch[]): Promise<PatchCounts>;
  /** @throws SOCLAB_NOT_FOUND where there is no such alert */
  setVerdict(id: string, verdict: Verdict): Promise<void>;
  /** Every verdict given on an alert, oldest first. */
  verdicts(id: string): Promise<Verdict[]>;
  /** The alert, or null; also null for what cannot be an id. */
  get(id: string): Promise<IndexedAlert | null>;
  search(query?: AlertSearch): Promise<AlertPage>;
  aggregate(query: AlertAggregate): Promise<AlertBucket[]>;
  /** Alerts of the same flow or entity, oldest first: the ones that a score is written back onto. */
  findLinked(link: AlertLink): Promise<IndexedAlert[]>;
  /** SHA-256 over all documents with their patches, in id order; verdicts (which have wall-clock times) are left out. */
  contentHash(): Promise<string>;
  /** Changes from now on, or after `since`, of any process; ends when the signal aborts or the index closes. */
  watch(options?: WatchOptions): AsyncIterable<AlertChange>;
  close(): Promise<void>;
}

export interface UpsertCounts {
  readonly inserted: number;
  readonly updated: number;
  /** The same document was there already. */
  readonly unchanged: number;
}

export interface RelevancePatch {
  /** Of an alert that exists. */
  readonly id: string;
  readonly relevance: number;
  readonly contributions: readonly RelevanceContribution[];
  readonly features: readonly FeatureContribution[];
  readonly model: AlertModel | null;
}

export interface PatchCounts {
  readonly patched: number;
  /** A patch that wins over this one was there already. */
  readonly unchanged: number;
  /** No alert of that id. */
  readonly missing: number;
}

/** Fields that can be filtered on and counted by. */
export const alertFields = ["source", "signature", "feed", "entity", "ip_src_addr", "ip_dst_addr", "severity", "label", "verdict"] as const;

export type AlertField = (typeof alertFields)[number];

type FilterValue = string | number | null;

/** One value or any of several; null stands for alerts without one. */
export type AlertFilters = { readonly [Field in AlertField]?: FilterValue | readonly FilterValue[] | undefined };

/** Which alerts; every condition that is given must hold. */
export interface AlertSelection {
  /** Words that must all occur in signature, addresses or entity; `10.0.*` matches a beginning. Never a query language. */
  readonly text?: string | undefined;
  readonly filters?: AlertFilters | undefined;
  /** Event time, epoch milliseconds, included. */
  readonly from?: number | undefined;
  /** Event time, epoch milliseconds, excluded. */
  readonly until?: number | undefined;
  readonly minRelevance?: number | undefined;
}

export interface AlertSearch extends AlertSelection {
  /** Ties are broken by time (newest first), then id, so that pages do not overlap. Default: relevance, highest first. */
  readonly sort?: { readonly by: "relevance" | "timestamp"; readonly order: "asc" | "desc" } | undefined;
  /** 0 to 10,000; default 50. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export interface AlertPage {
  /** All that match, however many are on this page. */
  readonly total: number;
  readonly alerts: readonly IndexedAlert[];
}

export interface AlertAggregate extends AlertSelection {
  /** A field (buckets by count, largest first) or a range (buckets in order). */
  readonly by: AlertField | { readonly time: number } | { readonly relevance: number };
  /** A second field inside each bucket. */
  readonly splitBy?: AlertField | undefined;
  /** At most this many buckets, 1 to 10,000; default 1,000. */
  readonly limit?: number | undefined;
}

export interface AlertBucket {
  /** The field's value; for time (epoch ms) and relevance the bucket's lower edge. */
  readonly key: string | number | null;
  /** The value of `splitBy`; null where there is none. */
  readonly split: string | number | null;
  readonly count: number;
  readonly meanRelevance: number;
  readonly maxRelevance: number;
}

/** One of `flowKey` and `entity`, or several values of it. */
export interface AlertLink {
  readonly flowKey?: string | readonly string[] | undefined;
  readonly entity?: string | readonly string[] | undefined;
  /** Only alerts that these raised, e.g. `["suricata", "zeek-notice"]`. */
  readonly sources?: readonly string[] | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Go on after this change; default: from now on. */
  readonly since?: number | undefined;
}

export interface AlertChange {
  /** Rises with every write; pass it as `since` to go on. */
  readonly change: number;
  readonly ids: readonly string[];
}
