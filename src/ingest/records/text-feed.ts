import type { FeedFormat } from "../feed-format.ts";
import type { ParserOptions } from "../parser.ts";
import { Envelope } from "../syslog/envelope.ts";
import { DeviceClock } from "../times/device-clock.ts";
import { TimeReader } from "../times/time-reader.ts";
import { Fields, type TextTable, textSevenFields } from "./fields.ts";
import { LineRecords } from "./line-records.ts";

/** What the reading of a line works with; it lives as long as the source. */
export interface Reading {
  readonly time: TimeReader;
  readonly envelope: Envelope;
  readonly fields: Fields;
}

/** A format whose records are lines of text. */
export interface TextFormat {
  readonly table: TextTable;
  readonly summary: string;
  /** Reads a line into `reading.fields`. @throws Rejection */
  read(line: string, reading: Reading): void;
  isRemark?(line: string): boolean;
}

export function readingOf(options: ParserOptions, table: TextTable): Reading {
  const time = new TimeReader(new DeviceClock(options));
  return { time, envelope: new Envelope(time), fields: new Fields(table, time) };
}

/** The feed of a text format: one table, syslog framing allowed. */
export function textFeed({ table, summary, read, isRemark }: TextFormat): FeedFormat {
  return {
    name: table.name,
    summary,
    open(options) {
      const reading = readingOf(options, table);
      const { fields } = reading;
      return new LineRecords({
        parse(line) {
          fields.begin();
          read(line, reading);
          return fields.finish();
        },
        ...(isRemark ? { isRemark } : {}),
        isOctetCounted: true,
        tableOf: () => table.name,
        layoutOf: () => fields.layout,
        sevenFields: textSevenFields,
        protocolOf: () => null,
      });
    },
  };
}
