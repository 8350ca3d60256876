import { type Column, DictionaryMemo, type EventBatch, isListColumn, isValid, toDictionary } from "../event/index.ts";
import { GrowingDictionary } from "./column-builders.ts";
import type { ThreatHitSets } from "./intel/threat-hits.ts";
import { classLabels, classOf } from "./labels.ts";

/** The hit sets of both sides of a batch. */
export interface BatchHits {
  readonly sets: ThreatHitSets;
  readonly source: Int32Array;
  readonly destination: Int32Array;
}

const malicious = classLabels.indexOf("malicious");

/** The four label columns; where the source's own label speaks, threat intelligence is silent. */
export class LabelColumns {
  readonly #minConfidence: number;
  readonly #sources = new GrowingDictionary();
  readonly #zeek = this.#sources.codeOf("zeek");
  /** Index into `classLabels`, -1 where the source's label says nothing. */
  readonly #classes = new DictionaryMemo((label: string) => {
    const known = classOf(label);
    return known === null ? -1 : classLabels.indexOf(known);
  });

  constructor(minConfidence: number) {
    this.#minConfidence = minConfidence;
  }

  columns(batch: EventBatch, hits: BatchHits | undefined): (readonly [string, Column])[] {
    const { length } = batch;
    const labels = new Int32Array(length);
    const sources = new Int32Array(length);
    const confidences = new Float64Array(length);
    const times = new Float64Array(length);
    const labelled = new Uint8Array((length + 7) >> 3);
    const timed = new Uint8Array((length + 7) >> 3);

    const own = batch.columns.get("zeek_label");
    if (own !== undefined && !isListColumn(own) && own.type === "string") {
      const { codes, dictionary, validity } = toDictionary(own);
      const classes = this.#classes.of(dictionary);
      for (let row = 0; row < length; row++) {
        const label = isValid(validity, row) ? classes[codes[row]!]! : -1;
        if (label < 0) continue;
        labels[row] = label;
        sources[row] = this.#zeek;
        confidences[row] = 1;
        labelled[row >> 3]! |= 1 << (row & 7);
      }
    }
    for (let row = 0; hits !== undefined && row < length; row++) {
      if ((hits.source[row] === 0 && hits.destination[row] === 0) || isValid(labelled, row)) continue;
      const [from, to] = [hits.sets.get(hits.source[row]!), hits.sets.get(hits.destination[row]!)];
      const set = from === null || (to !== null && to.confidence > from.confidence) ? to : from;
      if (set === null || set.confidence < this.#minConfidence) continue;
      labels[row] = malicious;
      sources[row] = this.#sources.codeOf(`threat-intel:${set.strongest.list}`);
      confidences[row] = set.confidence;
      labelled[row >> 3]! |= 1 << (row & 7);
      if (set.strongest.knownAt === null) continue;
      times[row] = set.strongest.knownAt;
      timed[row >> 3]! |= 1 << (row & 7);
    }
    const text = { type: "string", encoding: "dictionary", length, validity: labelled } as const;
    return [
      ["label", { ...text, codes: labels, dictionary: { values: classLabels } }],
      ["label_source", { ...text, codes: sources, dictionary: this.#sources }],
      ["label_confidence", { type: "double", length, validity: labelled, values: confidences }],
      ["label_known_at", { type: "timestamp", length, validity: timed, values: times }],
    ];
  }
}
