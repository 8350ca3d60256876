import { didYouMean, SoclabError } from "../core/index.ts";
import { JsonRecords } from "./json/json-records.ts";
import { LineParser } from "./line-parser.ts";
import type { Parser, ParserOptions } from "./parser.ts";
import { suricataFeed } from "./suricata.ts";
import { Zeek } from "./zeek.ts";

/** Feeds that soclab can parse. */
export const feeds = ["zeek", "suricata"] as const;
export type Feed = (typeof feeds)[number];

export function isFeed(name: string): name is Feed {
  return (feeds as readonly string[]).includes(name);
}

/** @throws SOCLAB_UNKNOWN_FEED */
export function feedOf(name: string): Feed {
  if (isFeed(name)) return name;
  throw new SoclabError(
    "SOCLAB_UNKNOWN_FEED",
    `there is no feed "${name}". ${didYouMean(name, feeds) ?? `Known feeds: ${feeds.join(", ")}.`}`,
    {
      hint: "See the feeds with: soclab parse --help",
    },
  );
}

/** A parser for one source of a feed. Pure: bytes in, batches and dead letters out. */
export function createParser(feed: Feed, options: ParserOptions): Parser {
  switch (feed) {
    case "zeek":
      return new LineParser(feed, options, new Zeek(options.source, options.state?.header));
    case "suricata":
      return new LineParser(feed, options, new JsonRecords(suricataFeed, options.state?.header));
  }
}
