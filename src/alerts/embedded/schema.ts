import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SoclabError } from "../../core/index.ts";
import { guard } from "./sqlite-errors.ts";

/** "SLAB": a database of another program is not taken for ours. */
const applicationId = 0x534c4142;
const schemaVersion = 1;

/**
 * The narrow columns stand before the body, so that filters and facets never read its overflow pages. `relevance` is the patched one.
 * `change` is the number of the write that touched the row last. Search is over a contentless FTS5 table: text is not stored twice.
 */
const schema = `
  CREATE TABLE alerts (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    change INTEGER NOT NULL,
    source TEXT NOT NULL, signature TEXT NOT NULL, feed TEXT NOT NULL,
    timestamp REAL, relevance REAL NOT NULL, severity INTEGER, label TEXT,
    entity TEXT, ip_src_addr TEXT, ip_dst_addr TEXT, flow_key TEXT,
    patch TEXT, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_by_relevance ON alerts (relevance, timestamp);
  CREATE INDEX alerts_by_time ON alerts (timestamp, relevance, label, source);
  CREATE INDEX alerts_by_entity ON alerts (entity, timestamp, relevance);
  CREATE INDEX alerts_by_flow ON alerts (flow_key, timestamp);
  CREATE INDEX alerts_by_change ON alerts (change);
  CREATE VIRTUAL TABLE alerts_text USING fts5(signature, who, content='', contentless_delete=1);
  CREATE TABLE verdicts (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, verdict TEXT NOT NULL, by TEXT NOT NULL, at REAL NOT NULL, comment TEXT NOT NULL
  ) STRICT;
  CREATE INDEX verdicts_by_id ON verdicts (id, number);
`;

/**
 * Opens `DIR/alerts.db`, and makes it where there is none. A write is on disk when its call returns: the scorer commits its offsets after it.
 * @throws SOCLAB_INVALID_FILE, SOCLAB_LOCKED, SOCLAB_IO
 */
export function openDatabase(dir: string, readOnly: boolean): DatabaseSync {
  const path = join(dir, "alerts.db");
  return guard(path, () => {
    if (!readOnly) mkdirSync(dir, { recursive: true });
    const db = new DatabaseSync(path, { readOnly, timeout: 10_000 });
    try {
      if (!readOnly) db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      db.exec("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;");
      prepareSchema(db, path, readOnly);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

function prepareSchema(db: DatabaseSync, path: string, readOnly: boolean): void {
  if (pragma(db, "application_id") === 0 && tableCount(db) === 0 && !readOnly) {
    db.exec("BEGIN IMMEDIATE");
    // Another process may have made it between the look and the lock.
    if (tableCount(db) === 0) {
      db.exec(`${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`);
    }
    db.exec("COMMIT");
  }
  if (pragma(db, "application_id") !== applicationId) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is a database, but not an alert index`, { hint: "Name another directory." });
  }
  const version = pragma(db, "user_version");
  if (version !== schemaVersion) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} has layout ${version}, this soclab reads layout ${schemaVersion}`, {
      hint: "Score again into a new directory, or use the soclab that wrote it.",
    });
  }
}

function tableCount(db: DatabaseSync): number {
  return Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
}

function pragma(db: DatabaseSync, name: "application_id" | "user_version"): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
