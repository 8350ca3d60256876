import { type Column, DictionaryMemo, type EventBatch, isListColumn, isValid, toDictionary } from "../../event/index.ts";
import { doubleColumn, GrowingDictionary, stringListColumn } from "../column-builders.ts";
import type { ThreatIntel } from "./threat-intel.ts";

/** The columns that name the destination of an event, by feed. `host` of Suricata is the sensor and is not among them. */
const hostColumns: Readonly<Record<string, readonly string[]>> = {
  dns: ["query"],
  http: ["host"],
  ssl: ["server_name"],
  suricata: ["dns_rrname", "http_hostname", "tls_sni"],
};

/** Threat-intelligence columns out of hit-set numbers. */
export class ThreatColumns {
  readonly #intel: ThreatIntel;
  readonly #listCodes: number[][] = [];
  readonly #confidences: number[] = [];
  readonly #lists = new GrowingDictionary();
  readonly #hostHits: DictionaryMemo<number>;

  constructor(intel: ThreatIntel) {
    this.#intel = intel;
    this.#hostHits = new DictionaryMemo((host) => intel.hostHits(host));
  }

  /** The hits of the destination's addresses together with those of its name. */
  withHosts(batch: EventBatch, hits: Int32Array): Int32Array {
    let out = hits;
    for (const name of Object.hasOwn(hostColumns, batch.feed) ? hostColumns[batch.feed]! : []) {
      const column = batch.columns.get(name);
      if (column === undefined || isListColumn(column) || column.type !== "string") continue;
      const { codes, dictionary, validity } = toDictionary(column);
      const found = this.#hostHits.of(dictionary);
      if (!found.some((id) => id !== 0)) continue;
      for (let row = 0; row < batch.length; row++) {
        const id = isValid(validity, row) ? found[codes[row]!]! : 0;
        if (id === 0) continue;
        if (out === hits) out = hits.slice();
        out[row] = this.#intel.sets.union(out[row]!, id);
      }
    }
    return out;
  }

  columns(prefix: string, hits: Int32Array): (readonly [string, Column])[] {
    const { sets } = this.#intel;
    for (let id = this.#confidences.length; id < sets.size; id++) {
      const set = sets.get(id);
      this.#confidences.push(set?.confidence ?? -1);
      this.#listCodes.push(set === null ? [] : set.lists.map((list) => this.#lists.codeOf(list)));
    }
    return [
      [`${prefix}threat_lists`, stringListColumn(hits, this.#listCodes, this.#lists)],
      [`${prefix}threat_confidence`, doubleColumn(hits, this.#confidences)],
    ];
  }
}
