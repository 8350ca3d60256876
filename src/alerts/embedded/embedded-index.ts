import { createHash } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { SoclabError } from "../../core/index.ts";
import { type Alert, alertToJson, type IndexedAlert, isAlertId, toAlert, type Verdict } from "../alert.ts";
import type {
  AlertAggregate,
  AlertBucket,
  AlertChange,
  AlertIndex,
  AlertLink,
  AlertPage,
  AlertSearch,
  PatchCounts,
  RelevancePatch,
  UpsertCounts,
  WatchOptions,
} from "../alert-index.ts";
import { checkPatch, patchToJson, winsOver } from "../relevance-patch.ts";
import { checkVerdict, verdictOfRow } from "../verdict.ts";
import { aggregateSql, bucketOfRow } from "./aggregate.ts";
import { watchChanges } from "./changes.ts";
import { openDatabase } from "./schema.ts";
import { anyOf, bounded, selectionSql } from "./selection.ts";
import { guard } from "./sqlite-errors.ts";
import { prepareWrites, type Writes } from "./statements.ts";

export interface EmbeddedIndexOptions {
  /** Never writes, and does not make the index where there is none. */
  readonly readOnly?: boolean | undefined;
}

const alertColumns = `body, patch, (SELECT json_array(v.verdict, v.by, v.at, v.comment) FROM verdicts v WHERE v.id = alerts.id
  ORDER BY v.number DESC LIMIT 1) AS verdict`;

/**
 * The alert index on one SQLite file, `DIR/alerts.db`. One process writes at a time (another waits up to ten seconds), any number read
 * meanwhile.
 *
 * @throws SOCLAB_INVALID_FILE, SOCLAB_LOCKED, SOCLAB_IO
 */
export function openAlertIndex(dir: string, options: EmbeddedIndexOptions = {}): AlertIndex {
  return new EmbeddedIndex(dir, options.readOnly ?? false);
}

class EmbeddedIndex implements AlertIndex {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #writes: Writes | null;
  readonly #reads = new Map<string, StatementSync>();
  readonly #closing = new AbortController();
  readonly #written = new EventTarget();

  constructor(dir: string, readOnly: boolean) {
    this.#path = join(dir, "alerts.db");
    const db = openDatabase(dir, readOnly);
    try {
      this.#writes = guard(this.#path, () => (readOnly ? null : prepareWrites(db)));
    } catch (error) {
      db.close();
      throw error;
    }
    this.#db = db;
  }

  async upsert(alerts: readonly Alert[]): Promise<UpsertCounts> {
    const bodies = alerts.map((alert) => alertToJson(toAlert(alert)));
    const counts = { inserted: 0, updated: 0, unchanged: 0 };
    this.#write((writes, change) => {
      alerts.forEach((alert, i) => {
        counts[this.#upsertOne(writes, change, alert, bodies[i]!)]++;
      });
    });
    return counts;
  }

  #upsertOne(writes: Writes, change: number, alert: Alert, body: string): keyof UpsertCounts {
    const { source, signature, feed, timestamp, severity, label, entity, ip_src_addr, ip_dst_addr, links } = alert;
    const rest = [severity, label, entity, ip_src_addr, ip_dst_addr, links.flow_key, body] as const;
    const { changes, lastInsertRowid } = writes.insert.run(alert.id, change, source, signature, feed, timestamp, alert.relevance, ...rest);
    if (changes === 1) {
      writes.insertText.run(lastInsertRowid, signature, searchedNames(alert));
      return "inserted";
    }
    const existing = writes.existing.get(alert.id)!;
    if (existing.body === body) return "unchanged";
    const row = existing.row as number;
    const relevance = existing.patch === null ? alert.relevance : (existing.relevance as number);
    writes.update.run(change, source, signature, feed, timestamp, relevance, ...rest, row);
    writes.deleteText.run(row);
    writes.insertText.run(row, signature, searchedNames(alert));
    return "updated";
  }

  async patchRelevance(patches: readonly RelevancePatch[]): Promise<PatchCounts> {
    for (const patch of patches) checkPatch(patch);
    const counts = { patched: 0, unchanged: 0, missing: 0 };
    this.#write((writes, change) => {
      for (const patch of patches) {
        const existing = writes.existing.get(patch.id);
        if (existing === undefined) {
          counts.missing++;
          continue;
        }
        const holder = existing.patch === null ? null : (JSON.parse(existing.patch as string) as RelevancePatch);
        if (holder !== null && !winsOver(patch, holder)) {
          counts.unchanged++;
          continue;
        }
        writes.patch.run(change, patch.relevance, patchToJson(patch), existing.row as number);
        counts.patched++;
      }
    });
    return counts;
  }

  async setVerdict(id: string, verdict: Verdict): Promise<void> {
    const { verdict: value, by, at, comment } = checkVerdict(verdict);
    this.#write((writes, change) => {
      const existing = isAlertId(id) ? writes.existing.get(id) : undefined;
      if (existing === undefined) throw new SoclabError("SOCLAB_NOT_FOUND", `there is no alert ${JSON.stringify(id).slice(0, 140)}`);
      writes.insertVerdict.run(id, value, by, at, comment);
      writes.touch.run(change, existing.row as number);
    });
  }

  async verdicts(id: string): Promise<Verdict[]> {
    return this.#all("SELECT verdict, by, at, comment FROM verdicts WHERE id = ? ORDER BY number", [String(id)]).map((row) =>
      verdictOfRow([row.verdict, row.by, row.at, row.comment]),
    );
  }

  async get(id: string): Promise<IndexedAlert | null> {
    if (!isAlertId(id)) return null;
    const [row] = this.#all(`SELECT ${alertColumns} FROM alerts WHERE id = ?`, [id]);
    return row === undefined ? null : indexedAlert(row);
  }

  async search(query: AlertSearch = {}): Promise<AlertPage> {
    const { sql, values } = selectionSql(query);
    const limit = bounded("limit", query.limit, 50, 0, 10_000);
    const offset = bounded("offset", query.offset, 0, 0, Number.MAX_SAFE_INTEGER);
    const by = query.sort?.by === "timestamp" ? "timestamp" : "relevance";
    const order = query.sort?.order === "asc" ? "ASC" : "DESC";
    const ties = by === "timestamp" ? "id" : "timestamp DESC, id";
    const total = Number(this.#all(`SELECT count(*) AS n FROM alerts WHERE ${sql}`, values)[0]?.n);
    const rows = this.#all(
      `SELECT ${alertColumns} FROM alerts JOIN (SELECT row AS found FROM alerts WHERE ${sql} ORDER BY ${by} ${order}, ${ties} LIMIT ? OFFSET ?)
        ON row = found ORDER BY ${by} ${order}, ${ties}`,
      [...values, limit, offset],
    );
    return { total, alerts: rows.map(indexedAlert) };
  }

  async aggregate(query: AlertAggregate): Promise<AlertBucket[]> {
    const { sql, values } = aggregateSql(query);
    return this.#all(sql, values).map(bucketOfRow);
  }

  async findLinked(link: AlertLink): Promise<IndexedAlert[]> {
    if ((link.flowKey === undefined) === (link.entity === undefined)) {
      throw new SoclabError("SOCLAB_USAGE", "alerts are linked by flow or by entity: give one of flowKey and entity");
    }
    const [column, wanted] = link.flowKey === undefined ? ["entity", link.entity] : ["flow_key", link.flowKey];
    const linked = anyOf(column!, typeof wanted === "string" ? [wanted] : (wanted ?? []));
    const { sql, values } = selectionSql({ from: link.from, until: link.until, filters: { source: link.sources } });
    return this.#all(`SELECT ${alertColumns} FROM alerts WHERE ${linked.sql} AND ${sql} ORDER BY timestamp, id`, [
      ...linked.values,
      ...values,
    ]).map(indexedAlert);
  }

  async contentHash(): Promise<string> {
    const hash = createHash("sha256");
    guard(this.#path, () => {
      for (const row of this.#db.prepare("SELECT body, patch FROM alerts ORDER BY id").iterate()) {
        hash.update(`${row.body}\n${row.patch ?? "-"}\n`);
      }
    });
    return hash.digest("hex");
  }

  watch(options: WatchOptions = {}): AsyncIterable<AlertChange> {
    const signal = options.signal === undefined ? this.#closing.signal : AbortSignal.any([options.signal, this.#closing.signal]);
    const read = (sql: string, values: readonly SQLInputValue[]) => this.#all(sql, values);
    return watchChanges({ read, written: this.#written, signal, since: options.since });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#reads.clear();
    if (this.#db.isOpen) guard(this.#path, () => this.#db.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #all(sql: string, values: readonly SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return guard(this.#path, () => {
      let statement = this.#reads.get(sql);
      if (statement === undefined) {
        // As many as there are shapes of queries in use; preparing one costs twice what running it does.
        if (this.#reads.size >= 64) this.#reads.clear();
        statement = this.#db.prepare(sql);
        this.#reads.set(sql, statement);
      }
      return statement.all(...values);
    });
  }

  /** Runs a batch of writes as one transaction, so that a kill leaves all of it or none. */
  #write(run: (writes: Writes, change: number) => void): void {
    const writes = this.#writes;
    if (writes === null) throw new SoclabError("SOCLAB_USAGE", `${this.#path} was opened read-only`);
    guard(this.#path, () => {
      writes.begin.run();
      try {
        run(writes, Number(writes.lastChange.get()?.change ?? 0) + 1);
        writes.commit.run();
      } catch (error) {
        if (this.#db.isTransaction) writes.rollback.run();
        throw error;
      }
    });
    this.#written.dispatchEvent(new Event("write"));
  }
}

function searchedNames(alert: Alert): string {
  return [alert.ip_src_addr, alert.ip_dst_addr, alert.entity].filter((name) => name !== null).join(" ");
}

function indexedAlert(row: Record<string, SQLOutputValue>): IndexedAlert {
  const alert = JSON.parse(row.body as string) as Alert;
  const verdict = row.verdict === null ? null : verdictOfRow(JSON.parse(row.verdict as string) as unknown[]);
  if (row.patch === null) return { ...alert, verdict };
  const { relevance, contributions, features, model } = JSON.parse(row.patch as string) as RelevancePatch;
  return { ...alert, relevance, contributions, features, model, verdict };
}
