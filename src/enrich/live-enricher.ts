import { type EnrichmentConfig, readEnrichmentConfig } from "./config.ts";
import { createEnricher, type Enricher, type EnrichmentSources } from "./enricher.ts";
import type { HttpCopy, ReferenceContext } from "./history/reference-source.ts";
import { loadEnrichment, loadHistories, shippedEnrichment } from "./load.ts";

/** An enricher whose assets, users and leases can be read anew while it works. */
export interface LiveEnricher extends Enricher {
  /**
   * Reads assets, users and leases again. A batch is enriched with the old ones or with the new ones, never with both; what cannot be read
   * leaves all of the old ones in place and is a warning.
   * @returns whether anything was different
   */
  reload(): Promise<boolean>;
  /** Ends the asking of endpoints. */
  close(): void;
}

/**
 * Reads all sources of a configuration, and again those that name `refreshSeconds`.
 * @throws as {@link loadEnrichment}
 */
export async function openLiveEnricher(config?: string | EnrichmentConfig, context: ReferenceContext = {}): Promise<LiveEnricher> {
  const wanted = typeof config === "string" ? await readEnrichmentConfig(config) : (config ?? shippedEnrichment());
  const remembering: ReferenceContext = { ...context, copies: context.copies ?? new Map<string, HttpCopy>() };
  let sources: EnrichmentSources = await loadEnrichment(wanted, remembering);
  let current = createEnricher(sources);
  let reading: Promise<boolean> | undefined;

  const read = async (): Promise<boolean> => {
    try {
      const histories = await loadHistories(wanted, remembering);
      if (JSON.stringify(histories.versions) === JSON.stringify(sources.versions)) return false;
      sources = { ...sources, ...histories };
      current = createEnricher(sources);
      return true;
    } catch (error) {
      context.warn?.(`${error instanceof Error ? error.message : error}; what was read before stays in use`);
      return false;
    } finally {
      reading = undefined;
    }
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

/** The shortest interval that an endpoint is to be asked at. */
function refreshSeconds({ assets, users, leases }: EnrichmentConfig): number | undefined {
  const all = [assets, users, leases]
    .flat()
    .flatMap((source) => (typeof source === "object" && "url" in source ? source.refreshSeconds : undefined));
  const given = all.filter((seconds) => seconds !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}
