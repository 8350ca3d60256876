import {
  type Column,
  DictionaryMemo,
  type EventBatch,
  isListColumn,
  isValid,
  type StringColumn,
  stringAt,
  toDictionary,
} from "../../event/index.ts";
import { doubleColumn, GrowingDictionary, stringListColumn } from "../column-builders.ts";
import type { AsOf } from "./indicator.ts";
import { indicatorColumns, type UrlColumns } from "./indicator-columns.ts";
import type { ThreatIntel } from "./threat-intel.ts";
import { TimedHits } from "./timed-hits.ts";
import { normaliseUrl } from "./url-text.ts";

/** Threat-intelligence columns out of hit-set numbers. */
export class ThreatColumns {
  readonly #intel: ThreatIntel;
  readonly #hits: TimedHits;
  readonly #listCodes: number[][] = [];
  readonly #confidences: number[] = [];
  readonly #lists = new GrowingDictionary();
  readonly #hostCodes: DictionaryMemo<number>;
  readonly #hashCodes: DictionaryMemo<number>;
  /** Whether there are URLs of a host, as an event writes it. */
  readonly #hasUrls: DictionaryMemo<boolean>;

  constructor(intel: ThreatIntel, asOf: AsOf) {
    this.#intel = intel;
    this.#hits = new TimedHits(intel, asOf);
    this.#hostCodes = new DictionaryMemo((host) => this.#hits.codeOf(intel.hostMatch(host)));
    this.#hashCodes = new DictionaryMemo((hash) => this.#hits.codeOf(intel.match("hash", hash)));
    this.#hasUrls = new DictionaryMemo((host) => intel.hasPaths || intel.hasUrlsOf(normaliseUrl(`${host}/`)?.slice(0, -1) ?? ""));
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

  /** The hits of the destination's addresses together with those of the names, URLs and hashes of the event. */
  withNames(batch: EventBatch, hits: Int32Array, times: Float64Array): Int32Array {
    const columns = indicatorColumns.get(batch.feed);
    if (!columns) return hits;
    const { counts } = this.#intel;
    let out = hits;
    const add = (row: number, code: number) => {
      if (code === 0) return;
      if (out === hits) out = hits.slice();
      out[row] = this.#intel.sets.union(out[row]!, this.#hits.at(code, times[row]!));
    };
    for (const name of columns.hosts ?? []) this.#addCodes(batch, name, this.#hostCodes, add);
    if (counts.hash > 0) for (const name of columns.hashes ?? []) this.#addCodes(batch, name, this.#hashCodes, add);
    if (counts.url > 0) for (const url of columns.urls ?? []) this.#addUrls(batch, url, add);
    return out;
  }

  #addCodes(batch: EventBatch, name: string, memo: DictionaryMemo<number>, add: (row: number, code: number) => void): void {
    const column = stringColumn(batch, name);
    if (!column) return;
    const { codes, dictionary, validity } = toDictionary(column);
    const found = memo.of(dictionary);
    if (!found.some((code) => code !== 0)) return;
    for (let row = 0; row < batch.length; row++) if (isValid(validity, row)) add(row, found[codes[row]!]!);
  }

  /** URLs seldom come twice, so each is made and looked up; those of a host without indicators are not even made. */
  #addUrls(batch: EventBatch, { url, host }: UrlColumns, add: (row: number, code: number) => void): void {
    const paths = stringColumn(batch, url);
    if (!paths) return;
    const hosts = host === undefined ? undefined : stringColumn(batch, host);
    const known = hosts && toDictionary(hosts);
    const hasUrls = known && this.#hasUrls.of(known.dictionary);
    for (let row = 0; row < batch.length; row++) {
      const path = stringAt(paths, row);
      if (path === null) continue;
      const isWhole = path.includes("://");
      const isOfHost = known !== undefined && isValid(known.validity, row);
      if (!isWhole && isOfHost && !hasUrls![known.codes[row]!]!) continue;
      const text = isWhole || !isOfHost ? path : `${known.dictionary.values[known.codes[row]!]!}${path}`;
      add(row, this.#hits.codeOf(this.#intel.match("url", text)));
    }
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

function stringColumn(batch: EventBatch, name: string): StringColumn | undefined {
  const column = batch.columns.get(name);
  return column === undefined || isListColumn(column) || column.type !== "string" ? undefined : column;
}
