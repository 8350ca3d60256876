import type { Feed } from "../../src/ingest/index.ts";

export interface Deviation {
  /** What the raw line must look like. */
  readonly lines: RegExp;
  readonly fields: readonly string[];
  /** As `docs/ingest/metron.md` has it. */
  readonly reason: string;
  /** What must hold all the same. */
  readonly agrees?: (ours: unknown, metrons: unknown) => boolean;
}

export interface MetronCase {
  readonly folder: string;
  readonly feed: Feed;
  /** The clock of Metron's test. */
  readonly referenceTime: number;
  readonly zone?: string;
  readonly deviations: readonly Deviation[];
}

const address = ["ip_src_addr", "ip_dst_addr", "ip_src_port", "ip_dst_port", "protocol"];
const metronHasNone = (_ours: unknown, metrons: unknown) => metrons === null;

export const metronCases: readonly MetronCase[] = [
  {
    folder: "asa",
    feed: "asa",
    referenceTime: Date.UTC(2016, 11, 1),
    deviations: [
      {
        lines: /%ASA-\d-(?:111010|500003|713\d{3}|113019):/,
        fields: ["ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol"],
        reason: "Metron has no pattern for the message; soclab reads the addresses that it names.",
        agrees: metronHasNone,
      },
      {
        lines: /%ASA-\d-(?:106010|313004|313005):/,
        fields: address,
        reason: "Metron's pattern for the message id does not fit what the device wrote; soclab reads it.",
        agrees: metronHasNone,
      },
      {
        lines: /DMZ-Inside:\[10\.22\.8\.10/,
        fields: address,
        reason: "The line has a stray bracket in its first address: Metron reads nothing, soclab what is whole.",
        agrees: metronHasNone,
      },
    ],
  },
];
