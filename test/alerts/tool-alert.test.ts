import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alertViolations, flowKey, toolAlert, toolAlertRows } from "../../src/alerts/index.ts";
import { columnOf, type EventBatch, eventId, withColumns } from "../../src/event/index.ts";
import { createParser, type Feed } from "../../src/ingest/index.ts";

function parsed(feed: Feed, lines: readonly string[]): EventBatch {
  const parser = createParser(feed, { source: "a.log" });
  const [batch] = [...parser.push(Buffer.from(`${lines.join("\n")}\n`)).batches, ...parser.end().batches];
  assert.ok(batch);
  return batch;
}

const fired = {
  timestamp: "2021-06-06T15:59:46.457984+0200",
  flow_id: 1374195536821504,
  event_type: "alert",
  src_ip: "78.36.196.213",
  src_port: 51698,
  dest_ip: "192.168.1.129",
  dest_port: 445,
  proto: "TCP",
  alert: { signature_id: 2403388, signature: "ET CINS Active Threat Intelligence Poor Reputation IP group 89", severity: 2 },
};
const lines = [
  JSON.stringify({ ...fired, event_type: "dns", alert: undefined }),
  JSON.stringify(fired),
  JSON.stringify({ ...fired, src_ip: fired.dest_ip, src_port: 445, dest_ip: fired.src_ip, dest_port: 51698, alert: undefined }),
];

describe("a tool's own alert", () => {
  it("is Suricata's alert record, under its event's id, with its severity turned round", () => {
    const batch = parsed("suricata", lines);
    assert.deepEqual([...toolAlertRows(batch)], [1, 2]);
    const alert = toolAlert(batch, 1);
    assert.deepEqual(alertViolations(alert), []);
    assert.equal(alert.id, eventId(batch, 1));
    assert.equal(alert.source, "suricata");
    assert.equal(alert.signature, fired.alert.signature);
    assert.equal(alert.severity, 3);
    assert.equal(alert.timestamp, Date.parse("2021-06-06T13:59:46.457Z"));
    assert.equal(alert.original_string, lines[1]);
    assert.equal(alert.links.uid, "1374195536821504");
    assert.equal(alert.relevance, 50);
    assert.deepEqual(toolAlert(parsed("suricata", lines), 1), alert, "a replay makes the same document");
  });

  it("has one flow key, whichever end sent the packet that fired", () => {
    const batch = parsed("suricata", lines);
    assert.equal(toolAlert(batch, 1).links.flow_key, "tcp 192.168.1.129:445 78.36.196.213:51698");
    assert.equal(toolAlert(batch, 2).links.flow_key, toolAlert(batch, 1).links.flow_key);
    const ping = { ip_src_addr: "10.0.0.1", ip_src_port: 8, ip_dst_addr: "10.0.0.2", ip_dst_port: 0, protocol: "icmp" };
    assert.equal(flowKey(ping), "icmp 10.0.0.1 10.0.0.2");
    assert.equal(flowKey({ ...ping, ip_dst_addr: null }), null);
  });

  it("is a Zeek notice, named by note and message", () => {
    const header = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tnotice"];
    const batch = parsed("zeek", [
      ...header,
      "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tnote\tmsg",
      "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tenum\tstring",
      "1655192704.004094\tCRXJTg2ss4SKGQVhP3\t147.32.83.234\t62113\t52.143.86.214\t443\ttcp\tSSL::Invalid_Server_Cert\tSSL certificate validation failed",
    ]);
    const alert = toolAlert(batch, toolAlertRows(batch)[0]!);
    assert.deepEqual(alertViolations(alert), []);
    assert.equal(alert.source, "zeek-notice");
    assert.equal(alert.signature, "SSL::Invalid_Server_Cert: SSL certificate validation failed");
    assert.equal(alert.entity, "147.32.83.234");
  });

  it("stands higher for a listed address and an asset that matters", () => {
    const batch = parsed("suricata", lines);
    const listed = withColumns(batch, [
      ["src_threat_confidence", columnOf("double", [null, 0.9, null])],
      ["dst_asset_criticality", columnOf("integer", [null, 5, null])],
      ["src_threat_lists", columnOf("string", [null, "ipsum", null])],
    ]);
    const alert = toolAlert(listed, 1);
    assert.ok(alert.relevance > 96, `${alert.relevance}`);
    assert.deepEqual(
      alert.contributions.map(({ name }) => name),
      ["matched signature", "threat intelligence", "asset criticality", "signature severity"],
    );
    assert.equal(alert.enrichment.dst_asset_criticality, 5);
  });

  it("is none in a feed that raises no alerts", () => {
    assert.equal(toolAlertRows({ ...parsed("suricata", lines), feed: "conn" }).length, 0);
  });
});
