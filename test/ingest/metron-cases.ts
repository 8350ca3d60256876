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
  {
    folder: "leef",
    feed: "leef",
    referenceTime: Date.UTC(2019, 4, 18),
    deviations: [
      {
        lines: /^LEEF:/,
        fields: ["timestamp"],
        reason: "The record names no time: Metron takes the moment of parsing, soclab leaves it null.",
        agrees: (ours) => ours === null,
      },
    ],
  },
  {
    folder: "snort",
    feed: "snort",
    referenceTime: Date.UTC(2016, 11, 1),
    zone: "America/Chicago",
    deviations: [
      {
        lines: /^\d\d\//,
        fields: ["timestamp"],
        reason: "Metron reads the microseconds as milliseconds, so that its time is up to a quarter of an hour late.",
        agrees: (ours, metrons) => {
          const second = Math.floor(Number(ours) / 1000) * 1000;
          return Math.floor((Number(metrons) - second) / 1000) === Number(ours) - second;
        },
      },
      {
        lines: /^\d\d\//,
        fields: ["ip_src_port", "ip_dst_port"],
        reason: "Metron's ports are text here, soclab's are numbers in every feed.",
        agrees: (ours, metrons) => String(ours) === metrons,
      },
      {
        lines: /^\d\d\//,
        fields: ["protocol"],
        reason: "Protocols are in lower case in every feed of soclab.",
        agrees: (ours, metrons) => ours === String(metrons).toLowerCase(),
      },
    ],
  },
  { folder: "squid", feed: "squid", referenceTime: Date.UTC(2016, 11, 1), deviations: [] },
  {
    folder: "syslog3164",
    feed: "syslog",
    referenceTime: Date.UTC(2018, 11, 1),
    deviations: [
      {
        lines: /%ASA-\d-\d{6}:/,
        fields: address,
        reason: "Metron's syslog parser does not look into the message; soclab reads what it has a parser for.",
        agrees: metronHasNone,
      },
    ],
  },
  { folder: "syslog5424", feed: "syslog", referenceTime: Date.UTC(2018, 11, 1), deviations: [] },
];
