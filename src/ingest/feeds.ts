import { didYouMean, SoclabError } from "../core/index.ts";
import type { FeedFormat } from "./feed-format.ts";
import { argus } from "./formats/argus.ts";
import { asa } from "./formats/asa.ts";
import { cef } from "./formats/cef.ts";
import { csv } from "./formats/csv.ts";
import { fireeye } from "./formats/fireeye.ts";
import { ise } from "./formats/ise.ts";
import { json } from "./formats/json.ts";
import { labelsFormat } from "./formats/labels.ts";
import { lancope } from "./formats/lancope.ts";
import { leef } from "./formats/leef.ts";
import { paloalto } from "./formats/paloalto.ts";
import { snort } from "./formats/snort.ts";
import { sourcefire } from "./formats/sourcefire.ts";
import { squid } from "./formats/squid.ts";
import { suricata } from "./formats/suricata.ts";
import { syslog } from "./formats/syslog.ts";
import { websphere } from "./formats/websphere.ts";
import { windows } from "./formats/windows.ts";
import { yaf } from "./formats/yaf.ts";
import { zeek } from "./formats/zeek.ts";
import { LineParser } from "./line-parser.ts";
import type { Parser, ParserOptions } from "./parser.ts";

/** Feeds that soclab ships. */
// biome-ignore format: a feed a line merges without conflicts
export const feeds = [
  zeek,
  suricata,
  argus,
  yaf,
  asa,
  windows,
  syslog,
  json,
  csv,
  labelsFormat,
  cef,
  leef,
  snort,
  squid, ise, paloalto, fireeye, lancope, sourcefire, websphere] as const satisfies readonly FeedFormat[];

/** A feed by its name, or a format of one's own. */
export type Feed = FeedFormat | string;

/**
 * The format that a name stands for.
 * @throws SOCLAB_UNKNOWN_FEED
 */
export function feedOf(feed: Feed): FeedFormat {
  if (typeof feed !== "string") return feed;
  const names = feeds.map(({ name }) => name);
  const known = feeds.find(({ name }) => name === feed);
  if (known) return known;
  throw new SoclabError(
    "SOCLAB_UNKNOWN_FEED",
    `there is no feed "${feed}". ${didYouMean(feed, names) ?? `Known feeds: ${names.join(", ")}.`}`,
    {
      hint: "See the feeds with: soclab feeds",
    },
  );
}

/**
 * A parser for one source of a feed. Pure: bytes in, batches and dead letters out.
 * @throws SOCLAB_UNKNOWN_FEED
 */
export function createParser(feed: Feed, options: ParserOptions): Parser {
  const format = feedOf(feed);
  return new LineParser(format.name, options, format.open(options));
}
