import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { datasetsDir } from "../../src/core/index.ts";
import { declareFeed, type FeedFormat, feedOf, feeds } from "../../src/ingest/index.ts";

/** What a feed is fed with: real records, and the lines that a source of it begins with. */
export interface Corpus {
  readonly feed: FeedFormat;
  readonly header: string;
  readonly records: readonly string[];
  /** Lines between records that are none: remarks, list brackets. What is no record, no remark and no white space is a loss. */
  readonly isRemark: (line: string) => boolean;
}

const samples = join(import.meta.dirname, "..", "ingest", "fixtures", "samples");
const metron = join(import.meta.dirname, "..", "ingest", "fixtures", "metron");

const read = (path: string) => (path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString("latin1");
const linesOf = (path: string) =>
  read(path)
    .split(/\r?\n/)
    .filter((line) => line !== "");

/** Files of the samples whose name begins with the feed's, and Metron's. */
const folders: Readonly<Record<string, readonly string[]>> = {
  zeek: ["bro"],
  yaf: ["yaf"],
  asa: ["asa"],
  leef: ["leef"],
  snort: ["snort"],
  squid: ["squid"],
  syslog: ["syslog3164", "syslog5424"],
  json: ["jsonMap", "jsonMapQuery"],
};
const titled = new Set(["argus", "csv"]);
/** Records of one line each; what stands on several lines in the samples is left to the tests of the format. */
const skipped = /json-nested\.json$/;

const declared = declareFeed({
  name: "declared_access",
  kind: "grok",
  pattern: ["%{COMMONAPACHELOG}", "%{IPORHOST:client} %{NOTSPACE:what} %{NUMBER:number:float} %{QUOTEDSTRING:quoted}"],
  fields: { timestamp: { type: "timestamp", format: "dd/MMM/yyyy:HH:mm:ss Z" } },
  standard: { ip_src_addr: ["clientip", "client"] },
});
const declaredRecords = ['192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326', '192.0.2.8 opened 3.5 "a door"'];

export const corpora: readonly Corpus[] = [
  ...feeds.map(({ name }) => corpusOf(name)),
  { feed: declared, header: "", records: declaredRecords, isRemark: () => false },
];

/** A Zeek log of each format, for its TSV needs a header and its JSON has none. */
export const zeekTsv: Corpus = zeekTsvCorpus();

function corpusOf(name: string): Corpus {
  const files = readdirSync(samples)
    .filter((file) => file.startsWith(`${name}.`) || file.startsWith(`${name}-`))
    .filter((file) => !skipped.test(file))
    .map((file) => join(samples, file));
  const raw = (folders[name] ?? []).map((folder) => join(metron, folder, "raw"));
  const shipped = name === "suricata" ? linesOf(join(datasetsDir(), "suricata", "eve.json.gz")).slice(0, 400) : [];
  const lines = [...new Set([...[...files, ...raw].flatMap(linesOf), ...shipped])].filter(
    (line) => name !== "zeek" || line.startsWith("{"),
  );
  const header = titled.has(name) ? `${lines[0]}\n` : "";
  return {
    feed: feedOf(name),
    header,
    records: titled.has(name) ? lines.slice(1) : lines,
    isRemark: remarkOf(name),
  };
}

function remarkOf(name: string): (line: string) => boolean {
  if (name === "argus" || name === "yaf" || name === "csv") return (line) => line.startsWith("#") || /start|time|Dur/i.test(line);
  return (line) => /^[[\],\s\d]*$/.test(line) || line.startsWith("#");
}

function zeekTsvCorpus(): Corpus {
  const lines = linesOf(join(datasetsDir(), "zeek", "147.32.83.234", "2022-06-14", "conn.log.labeled.gz"));
  const header = lines.filter((line) => line.startsWith("#") && !line.startsWith("#close"));
  return {
    feed: feedOf("zeek"),
    header: `${header.join("\n")}\n`,
    records: lines.filter((line) => !line.startsWith("#")).slice(0, 400),
    isRemark: (line) => line.startsWith("#"),
  };
}
