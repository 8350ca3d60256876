import type { DatabaseSync } from "node:sqlite";

/** The statements of the write path, prepared once. */
export function prepareWrites(db: DatabaseSync) {
  return {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
    lastChange: db.prepare("SELECT max(change) AS change FROM alerts"),
    insert: db.prepare(`
      INSERT INTO alerts (id, change, source, signature, feed, timestamp, relevance, severity, label, entity, ip_src_addr, ip_dst_addr, flow_key, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`),
    existing: db.prepare("SELECT row, body, patch, relevance FROM alerts WHERE id = ?"),
    update: db.prepare(`
      UPDATE alerts SET change = ?, source = ?, signature = ?, feed = ?, timestamp = ?, relevance = ?, severity = ?, label = ?, entity = ?,
        ip_src_addr = ?, ip_dst_addr = ?, flow_key = ?, body = ? WHERE row = ?`),
    patch: db.prepare("UPDATE alerts SET change = ?, relevance = ?, patch = ? WHERE row = ?"),
    touch: db.prepare("UPDATE alerts SET change = ? WHERE row = ?"),
    insertText: db.prepare("INSERT INTO alerts_text (rowid, signature, who) VALUES (?, ?, ?)"),
    deleteText: db.prepare("DELETE FROM alerts_text WHERE rowid = ?"),
    insertVerdict: db.prepare("INSERT INTO verdicts (id, verdict, by, at, comment) VALUES (?, ?, ?, ?, ?)"),
  };
}

export type Writes = ReturnType<typeof prepareWrites>;
