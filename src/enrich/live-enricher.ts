import { type EnrichmentConfig, readEnrichmentConfig } from "./config.ts";
import { createEnricher, type Enricher, type EnrichmentSources } from "./enricher.ts";
import { stampOf } from "./file-stamp.ts";
import type { HttpCopy, ReferenceContext } from "./history/reference-source.ts";
import { loadEnrichment, loadHistories, loadThreatIntel, shippedEnrichment } from "./load.ts";

/** An enricher whose assets, users, leases and threat lists can be read anew while it works. */
export interface LiveEnricher extends Enricher {
  /**
   * Reads assets, users and leases again, and the threat lists where a file of theirs changed. A batch is enriched with what was read before or with what
   * was read now, never with both or with half of a list; what cannot be read leaves all of its kind in place and is a warning.
   * @returns whether anything was different
   */
  reload(): Promise<boolean>;
  /** Ends the asking of endpoints and the looking at files. */
  close(): void;
}

/** How often files of threat lists are looked at where the configuration does not say. */
const defaultListSeconds = 60;

/**
 * Reads all sources of a configuration, and again those that change: threat lists every minute or as `refreshSeconds` says, endpoints as theirs says.
 * @throws as {@link loadEnrichment}
 */
export async function openLiveEnricher(config?: string | EnrichmentConfig, context: ReferenceContext = {}): Promise<LiveEnricher> {
  const wanted = typeof config === "string" ? await readEnrichmentConfig(config) : (config ?? shippedEnrichment());
  const remembering: ReferenceContext = { ...context, copies: context.copies ?? new Map<string, HttpCopy>() };
  const listFiles = threatFiles(wanted);
  let stamp = await stampOf(listFiles);
  let sources: EnrichmentSources = await loadEnrichment(wanted, remembering);
  let current = createEnricher(sources);
  let reading: Promise<boolean> | undefined;

  const orWarn = async <T>(work: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      context.warn?.(`${error instanceof Error ? error.message : error}; what was read before stays in use`);
      return undefined;
    }
  };
  const changedHistories = async () => {
    const histories = await loadHistories(wanted, remembering);
    return JSON.stringify(histories.versions) === JSON.stringify(sources.versions) ? undefined : histories;
  };
  const changedLists = async () => {
    const now = await stampOf(listFiles);
    if (now === stamp) return undefined;
    // Looked at once more afterwards: a file that was written while it was read is read again next time.
    stamp = now;
    const loaded = await loadThreatIntel(wanted);
    return loaded && { threatIntel: loaded.intel };
  };
  const read = async (): Promise<boolean> => {
    const [histories, lists] = [await orWarn(changedHistories), await orWarn(changedLists)];
    reading = undefined;
    if (!histories && !lists) return false;
    sources = { ...sources, ...histories, ...lists };
    current = createEnricher(sources);
    return true;
  };
  const reload = () => {
    reading ??= read();
    return reading;
  };
  const seconds = refreshSeconds(wanted);
  const timer = seconds === undefined ? undefined : setInterval(reload, seconds * 1000).unref();
  return {
    get versions() {
      return current.versions;
    },
    enrich: (batch) => current.enrich(batch),
    reload,
    close: () => clearInterval(timer),
  };
}

/** Where threat lists and warning lists are. */
function threatFiles({ threatIntel = [], warningLists }: EnrichmentConfig): string[] {
  const lists = threatIntel.flatMap((list) => (list === "shipped" ? shippedEnrichment().threatIntel : [list]));
  return [...lists.map(({ path }) => path), ...(warningLists?.paths ?? [])];
}

/** The shortest interval that an endpoint is to be asked at, or files looked at. */
function refreshSeconds(config: EnrichmentConfig): number | undefined {
  const { assets, users, leases, threatIntel } = config;
  const endpoints = [assets, users, leases]
    .flat()
    .flatMap((source) => (typeof source === "object" && "url" in source ? source.refreshSeconds : undefined));
  const lists = config.refreshSeconds ?? (threatIntel === undefined ? undefined : defaultListSeconds);
  const given = [...endpoints, lists].filter((seconds) => seconds !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}
