import type { BlockOutput, LineFormat } from "../line-parser.ts";
import { lineEnd } from "../lines.ts";
import { octetFrame } from "./octet-frame.ts";
import type { FieldRecord, RecordFeed } from "./record-feed.ts";
import { RecordTables } from "./record-tables.ts";

/** A feed of text lines, a record each. It lives as long as its source and may know the source's options, as the zone of its times. */
export interface LineFeed extends RecordFeed {
  /** The fields of a line (UTF-8, invalid bytes as U+FFFD, no line ending). @throws Rejection */
  parse(line: string): FieldRecord;
  /** A line that is no record and is passed over, as a blank line always is: a comment, a title. */
  isRemark?(line: string): boolean;
  /** Records may come with their length in front, as syslog over TCP has it; such a record may hold line endings. */
  readonly isOctetCounted?: boolean;
}

/** One record a line, each read as text. */
export class LineRecords implements LineFormat {
  readonly header: readonly string[] = [];
  readonly #feed: LineFeed;
  readonly #tables: RecordTables;

  constructor(feed: LineFeed) {
    this.#feed = feed;
    this.#tables = new RecordTables(feed);
  }

  block(bytes: Buffer, out: BlockOutput, last: boolean): number {
    let start = 0;
    while (start < bytes.length) {
      let [end, next] = lineEnd(bytes, start);
      if (this.#feed.isOctetCounted) {
        const frame = octetFrame(bytes, start, out.maxRecordBytes, last);
        if (frame === "open") break;
        if (frame) [end, next] = frame;
      }
      const line = end - start > out.maxRecordBytes ? "" : bytes.toString("utf8", start, end);
      const isRemark = end === start || (line !== "" && this.#feed.isRemark?.(line) === true);
      if (!isRemark) this.#tables.add(bytes, start, end, out, () => this.#feed.parse(line));
      start = next;
    }
    this.#tables.emit(bytes, out);
    return start;
  }
}
