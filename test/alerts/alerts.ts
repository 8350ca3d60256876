import { type Alert, explainRelevance, flowKey } from "../../src/alerts/index.ts";

/** A sound alert document; `number` makes its id, time and relevance. */
export function sampleAlert(number: number, changes: Partial<Alert> = {}): Alert {
  const flow = {
    ip_src_addr: `10.0.${(number >> 8) & 255}.${number & 255}`,
    ip_src_port: 1024 + (number % 60_000),
    ip_dst_addr: "184.105.247.215",
    ip_dst_port: 443,
    protocol: "tcp",
  };
  return {
    id: number.toString(16).padStart(32, "0"),
    source: "model",
    signature: "conn-forest: unusual flow",
    feed: "conn",
    timestamp: 1_655_192_702_850 + number * 1000,
    ...flow,
    original_string: `1655192702.85\tC6Oea8${number}\t${flow.ip_src_addr}\t${flow.ip_src_port}\t${flow.ip_dst_addr}\t443\ttcp`,
    original_bytes: null,
    entity: flow.ip_src_addr,
    severity: null,
    ...explainRelevance({ model: (number * 37) % 101 }),
    features: [{ name: "bytes_out_1h", value: 123_456, contribution: 0.31 }],
    model: { name: "conn-forest", version: 1, artefact_hash: "ab".repeat(32), definition_hash: "cd".repeat(32) },
    label: ["benign", "malicious", null][number % 3] ?? null,
    label_source: "zeek",
    label_confidence: 1,
    label_known_at: null,
    enrichment: { dst_country: "US", dst_asn: 6939 },
    late: false,
    links: { flow_key: flowKey(flow), uid: `C6Oea8${number}` },
    ...changes,
  };
}

export function sampleAlerts(count: number): Alert[] {
  return Array.from({ length: count }, (_, number) => sampleAlert(number));
}
