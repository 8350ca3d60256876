import type { FeedFormat } from "../feed-format.ts";
import { Zeek } from "../zeek/zeek.ts";

export const zeek: FeedFormat = {
  name: "zeek",
  summary: "Zeek logs of any kind, TSV or JSON; a table a log",
  open: ({ source, state }) => new Zeek(source, state?.header),
};
