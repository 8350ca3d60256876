import type { LineFormat } from "./line-parser.ts";
import type { ParserOptions } from "./parser.ts";

/** One kind of source that soclab reads: what `--feed` names, shipped or declared by a user. */
export interface FeedFormat {
  readonly name: string;
  /** One line for a person who chooses: "Cisco ASA messages in syslog lines". */
  readonly summary: string;
  /** A reader for one source, which goes on where `options.state` stands. */
  open(options: ParserOptions): LineFormat;
}
