import { SoclabError } from "../core/index.ts";
import { DictionaryMemo, type EventBatch, isListColumn, isValid, toDictionary, withColumns } from "../event/index.ts";
import { AddressFacts, type AddressSources } from "./address-facts.ts";
import type { SourceVersion } from "./history/reference-source.ts";
import type { AsOf } from "./intel/indicator.ts";
import { ThreatColumns } from "./intel/threat-columns.ts";
import { eventTimes } from "./intel/timed-hits.ts";
import { LabelColumns } from "./label-columns.ts";
import { defaultLabelConfidence } from "./labels.ts";

export interface EnrichmentSources extends AddressSources {
  readonly labels?: LabelOptions | undefined;
  /** The histories as they were read. */
  readonly versions?: readonly SourceVersion[] | undefined;
  /** Which indicators count for an event; `"valid"` where it is not given. */
  readonly asOf?: AsOf | undefined;
}

export interface LabelOptions {
  /** Threat intelligence makes a label from this confidence on, 0–1; {@link defaultLabelConfidence} where it is not given. */
  readonly minConfidence?: number | undefined;
}

export interface Enricher {
  /** Of the histories that it looks in. */
  readonly versions: readonly SourceVersion[];
  /** The batch with the columns of all sources and its labels added; a pure function of the batch. */
  enrich(batch: EventBatch): EventBatch;
}

/**
 * Adds what the sources know about both addresses, and the class label: what was true at the event's `timestamp`, and for an event without
 * one what holds with an open end. Each distinct address is looked up once; then a row costs a few array
 * reads a column and no object. A batch that already has a `label` column keeps its labels.
 *
 * @example
 * const enricher = createEnricher(await loadEnrichment());
 * const enriched = enricher.enrich(batch);
 */
export function createEnricher(sources: EnrichmentSources): Enricher {
  const minConfidence = sources.labels?.minConfidence ?? defaultLabelConfidence;
  if (!(minConfidence >= 0 && minConfidence <= 1))
    throw new SoclabError("SOCLAB_INVALID_VALUE", `labels.minConfidence is ${minConfidence}, expected 0 to 1`);
  const facts = new AddressFacts(sources);
  const memo = new DictionaryMemo((text) => facts.idOf(text));
  const threats = sources.threatIntel && new ThreatColumns(sources.threatIntel, sources.asOf ?? "valid");
  const labels = new LabelColumns(minConfidence);

  return {
    versions: sources.versions ?? [],
    enrich(batch) {
      const source = factIds(batch, "ip_src_addr", memo);
      const destination = factIds(batch, "ip_dst_addr", memo);
      facts.lines.resolve(source, batch);
      facts.lines.resolve(destination, batch);
      const added = [...facts.columns("src_", source), ...facts.columns("dst_", destination)];
      let hits: { source: Int32Array; destination: Int32Array } | undefined;
      if (threats) {
        const times = eventTimes(batch);
        const ofAddresses = threats.hitsOf(destination, facts.matches, times);
        hits = { source: threats.hitsOf(source, facts.matches, times), destination: threats.withNames(batch, ofAddresses, times) };
        added.push(...threats.columns("src_", hits.source), ...threats.columns("dst_", hits.destination));
      }
      if (!batch.columns.has("label"))
        added.push(...labels.columns(batch, hits && sources.threatIntel && { sets: sources.threatIntel.sets, ...hits }));
      return withColumns(batch, added);
    },
  };
}

/** The fact of each row's address, 0 where it has none. */
function factIds(batch: EventBatch, name: string, memo: DictionaryMemo<number>): Int32Array {
  const ids = new Int32Array(batch.length);
  const column = batch.columns.get(name);
  if (column === undefined || isListColumn(column) || column.type !== "string") return ids;
  const { codes, dictionary, validity } = toDictionary(column);
  const known = memo.of(dictionary);
  if (validity === undefined) for (let row = 0; row < ids.length; row++) ids[row] = known[codes[row]!]!;
  else for (let row = 0; row < ids.length; row++) if (isValid(validity, row)) ids[row] = known[codes[row]!]!;
  return ids;
}
