import {
  type Alert,
  type AlertModel,
  alertFromEvent,
  explainRelevance,
  type FeatureContribution,
  type RelevancePatch,
  relevanceOf,
  toolAlert,
  toolAlertRows,
} from "../alerts/index.ts";
import { SoclabError } from "../core/index.ts";
import type { Enricher } from "../enrich/index.ts";
import { type EventBatch, numberOrNullAt, textAt, toFloat64 } from "../event/index.ts";
import { createFeatureRunner, eventTimesOf, type FeatureBlock, type FeatureRunner } from "../features/index.ts";
import type { Model } from "../models/index.ts";
import type { EventClock } from "./event-clock.ts";
import type { LedgerEntry } from "./ledger.ts";
import { type ScoredInput, scoredInput } from "./scored-input.ts";
import { ToolAlertLinks } from "./tool-alert-links.ts";

export interface PipelineOptions {
  readonly model: Model;
  /** Adds enrichment to raw batches; left out where batches are enriched already. */
  readonly enricher?: Enricher | undefined;
  /** Relevance from which a scored event is an alert. */
  readonly minRelevance: number;
  /** Events before this time (epoch microseconds) are history that the model has learned from: filtered. */
  readonly from?: number | undefined;
}

/** Documents and patches that one step has made. */
export interface PipelineOutput {
  readonly alerts: Alert[];
  readonly patches: RelevancePatch[];
}

/** One source as the pipeline sees it. */
export interface PipelineSource {
  readonly clock: EventClock;
  readonly ledger: LedgerEntry;
}

const explainedFeatures = 6;

/**
 * enrich → features → score → relevance → alert, over batches in memory: no I/O. Events wait in the feature runner until the watermark has
 * passed them; what comes out then does not depend on how the input was cut.
 */
export class Pipeline {
  readonly runner: FeatureRunner<ScoredInput>;
  readonly links = new ToolAlertLinks();
  readonly #options: PipelineOptions;
  readonly #sources: readonly PipelineSource[];
  readonly #alertModel: AlertModel;
  readonly #signature: string;
  #scores = new Float64Array(0);

  /** @throws SOCLAB_INVALID_DEFINITION where the model has no feature definition */
  constructor(options: PipelineOptions, sources: readonly PipelineSource[]) {
    const { model } = options;
    if (!model.definition) {
      throw new SoclabError("SOCLAB_INVALID_DEFINITION", `model ${model.reference} has no feature definition, so it cannot score events`, {
        hint: "soclab train makes models that have one.",
      });
    }
    this.#options = options;
    this.#sources = sources;
    this.runner = createFeatureRunner<ScoredInput>(model.definition.value);
    if (this.runner.names.join() !== model.features.join()) {
      throw new SoclabError("SOCLAB_ARTEFACT", `model ${model.reference} was fitted on other features than its definition names`);
    }
    this.#alertModel = { name: model.name, version: model.version, artefact_hash: model.hash, definition_hash: model.definition.hash };
    this.#signature = `Anomaly: ${this.runner.plan.definition.name}`;
  }

  /** Takes one batch of a source. `rows` names the only rows to take, with the times they were first given, after a restart. */
  take(
    raw: EventBatch,
    sourceIndex: number,
    again?: { readonly rows: Int32Array; readonly times: Float64Array; readonly late: Uint8Array },
  ): PipelineOutput {
    const { clock, ledger } = this.#sources[sourceIndex]!;
    const batch = this.#options.enricher ? this.#options.enricher.enrich(raw) : raw;
    const { plan } = this.runner;
    const isModelTable = batch.feed === plan.definition.table;
    if (again) {
      this.runner.push(scoredInput(batch, sourceIndex, again.times, again.late), again.rows);
      return { alerts: [], patches: [] };
    }
    if (isModelTable) {
      const times = eventTimesOf(plan, batch);
      const rows = this.#rowsFrom(times);
      const late = clock.admit(times, timestamps(batch));
      const { accepted } = this.runner.push(scoredInput(batch, sourceIndex, times, late), rows);
      ledger.filtered += batch.length - accepted;
    } else {
      clock.passOthers(timestamps(batch));
      ledger.filtered += batch.length;
    }
    return { alerts: this.#toolAlerts(batch, ledger), patches: [] };
  }

  /** Scores what the watermark has passed. */
  advance(watermark: number): PipelineOutput {
    const output = this.#score(watermark === Number.POSITIVE_INFINITY ? this.runner.flush() : this.runner.advance(watermark));
    this.links.forgetBefore(this.runner.watermark);
    return output;
  }

  #rowsFrom(times: Float64Array): Int32Array | undefined {
    const { from } = this.#options;
    if (from === undefined) return undefined;
    const rows = new Int32Array(times.length);
    let count = 0;
    for (let row = 0; row < times.length; row++) if (times[row]! >= from) rows[count++] = row;
    return count === times.length ? undefined : rows.subarray(0, count);
  }

  #toolAlerts(batch: EventBatch, ledger: LedgerEntry): Alert[] {
    const alerts: Alert[] = [];
    for (const row of toolAlertRows(batch)) {
      const alert = toolAlert(batch, row);
      this.links.add(alert);
      alerts.push(alert);
    }
    ledger.alerts += alerts.length;
    return alerts;
  }

  #score(block: FeatureBlock<ScoredInput>): PipelineOutput {
    const { model, minRelevance } = this.#options;
    const { rowCount, values, inputs, inputIndex, rows } = block;
    const alerts: Alert[] = [];
    const patches: RelevancePatch[] = [];
    if (rowCount === 0) return { alerts, patches };
    if (this.#scores.length < rowCount) this.#scores = new Float64Array(rowCount * 2);
    model.scoreInto(values, rowCount, this.#scores);
    for (let i = 0; i < rowCount; i++) {
      const input = inputs[inputIndex[i]!]!;
      const row = rows[i]!;
      const { ledger } = this.#sources[input.source]!;
      ledger.scored++;
      if (input.late[row] === 1 || block.late[i] === 1) ledger.late++;
      const modelRelevance = model.relevance(this.#scores[i]!);
      const relevance = relevanceOf(modelRelevance, input.threatConfidence[row]!, input.criticality[row]!, Number.NaN);
      if (this.links.size > 0) this.#patch(block, i, input, row, modelRelevance, patches);
      if (relevance < minRelevance) continue;
      alerts.push(this.#alert(block, i, input, row, modelRelevance));
      ledger.alerts++;
    }
    return { alerts, patches };
  }

  #alert(block: FeatureBlock<ScoredInput>, i: number, input: ScoredInput, row: number, modelRelevance: number): Alert {
    return alertFromEvent(input.batch, row, {
      source: "model",
      signature: this.#signature,
      entity: block.entity(i),
      ...explainRelevance({ model: modelRelevance, threatConfidence: input.threatConfidence[row]!, criticality: input.criticality[row]! }),
      features: this.#features(block, i),
      model: this.#alertModel,
      late: input.late[row] === 1 || block.late[i] === 1,
    });
  }

  #patch(
    block: FeatureBlock<ScoredInput>,
    i: number,
    input: ScoredInput,
    row: number,
    modelRelevance: number,
    patches: RelevancePatch[],
  ): void {
    const { columns } = input.batch;
    const source = textAt(columns.get("ip_src_addr"), row);
    const destination = textAt(columns.get("ip_dst_addr"), row);
    if (!((source !== null && this.links.names(source)) || (destination !== null && this.links.names(destination)))) return;
    const event = {
      ip_src_addr: source,
      ip_dst_addr: destination,
      ip_src_port: numberOrNullAt(columns.get("ip_src_port"), row),
      ip_dst_port: numberOrNullAt(columns.get("ip_dst_port"), row),
      protocol: textAt(columns.get("protocol"), row),
      atMicros: block.eventTimes[i]!,
    };
    patches.push(...this.links.patches(event, modelRelevance, this.#alertModel, () => this.#features(block, i)));
  }

  #features({ names, values }: FeatureBlock<ScoredInput>, i: number): FeatureContribution[] {
    const width = names.length;
    const row = values.subarray(i * width, (i + 1) * width);
    const { contributions } = this.#options.model.explain(row);
    const { outputs } = this.runner.plan;
    return Array.from(names, (name, feature) => ({
      name,
      value: shownValue(row[feature]!, outputs[feature]!.log1p),
      contribution: contributions[feature]!,
    }))
      .sort((a, b) => b.contribution - a.contribution || (a.name < b.name ? -1 : 1))
      .slice(0, explainedFeatures);
  }
}

/** A feature as a person reads it: counts and bytes, not their logarithms. */
function shownValue(value: number, isLog: boolean): number | null {
  if (!Number.isFinite(value)) return null;
  return isLog ? Number((Math.sign(value) * Math.expm1(Math.abs(value))).toPrecision(12)) : value;
}

function timestamps(batch: EventBatch): Float64Array {
  const column = batch.columns.get("timestamp");
  return column?.type === "timestamp" ? toFloat64(column) : new Float64Array(batch.length).fill(Number.NaN);
}
