import { type Column, DictionaryMemo, type EventBatch, isListColumn, isValid, toDictionary } from "../../event/index.ts";
import { doubleColumn, GrowingDictionary, stringListColumn } from "../column-builders.ts";
import type { AsOf } from "./indicator.ts";
import type { ThreatIntel } from "./threat-intel.ts";
import { TimedHits } from "./timed-hits.ts";

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
  readonly #hits: TimedHits;
  readonly #listCodes: number[][] = [];
  readonly #confidences: number[] = [];
  readonly #lists = new GrowingDictionary();
  readonly #hostCodes: DictionaryMemo<number>;

  constructor(intel: ThreatIntel, asOf: AsOf) {
    this.#intel = intel;
    this.#hits = new TimedHits(intel, asOf);
    this.#hostCodes = new DictionaryMemo((host) => this.#hits.codeOf(intel.hostMatch(host)));
  }

  /** The hit sets of rows as of their times, out of the match of each row. */
  hitsOf(ids: Int32Array, matches: readonly number[], times: Float64Array): Int32Array {
    const hits = new Int32Array(ids.length);
    for (let row = 0; row < ids.length; row++) {
      const match = matches[ids[row]!]!;
      if (match !== 0) hits[row] = this.#hits.at(this.#hits.codeOf(match), times[row]!);
    }
    return hits;
  }

  /** The hits of the destination's addresses together with those of its name. */
  withHosts(batch: EventBatch, hits: Int32Array, times: Float64Array): Int32Array {
    let out = hits;
    for (const name of Object.hasOwn(hostColumns, batch.feed) ? hostColumns[batch.feed]! : []) {
      const column = batch.columns.get(name);
      if (column === undefined || isListColumn(column) || column.type !== "string") continue;
      const { codes, dictionary, validity } = toDictionary(column);
      const found = this.#hostCodes.of(dictionary);
      if (!found.some((code) => code !== 0)) continue;
      for (let row = 0; row < batch.length; row++) {
        const code = isValid(validity, row) ? found[codes[row]!]! : 0;
        if (code === 0) continue;
        if (out === hits) out = hits.slice();
        out[row] = this.#intel.sets.union(out[row]!, this.#hits.at(code, times[row]!));
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
