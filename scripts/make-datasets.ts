/**
 * Rebuilds `datasets/` and its manifest:
 *
 *     node scripts/make-datasets.ts SOURCE_FOLDER ASN_PACKAGE_FOLDER
 *
 * SOURCE_FOLDER has the layout that `datasets/README.md` describes; ASN_PACKAGE_FOLDER is the unpacked npm package @ip-location-db/asn.
 * `assets.csv`, `users.csv` and the README are written by hand and stay.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { datasetsDir } from "../src/core/index.ts";
import { formatCompactAsn, readAsnRanges } from "../src/enrich/index.ts";

interface Provenance {
  readonly source: string;
  readonly commit: string | null;
  readonly licence: string;
  readonly licenceFiles: readonly string[];
  /** How the file differs from its source. */
  readonly change: string;
}

interface DatasetFile extends Provenance {
  readonly path: string;
  readonly format: string;
  readonly feed: string | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly records: number;
  readonly period: { readonly from: string; readonly to: string } | null;
}

const [sourceDir, asnDir] = process.argv.slice(2);
if (sourceDir === undefined || asnDir === undefined) {
  process.stderr.write("usage: node scripts/make-datasets.ts SOURCE_FOLDER ASN_PACKAGE_FOLDER\n");
  process.exit(2);
}
const target = datasetsDir();
const files: DatasetFile[] = [];

const stratosphere = { licence: "GPL-2.0", commit: "1c90a36", change: "none" } as const;
/** Folder of the source, host, local day (Europe/Prague) of the capture. */
const captures = [
  ["008-zeek-mixed", "147.32.81.167", "2022-06-13"],
  ["010-zeek-mixed", "147.32.83.234", "2022-06-14"],
  ["011-zeek-mixed", "147.32.83.165", "2022-06-13"],
] as const;

copyInto("zeek-labeled/LICENSE", "zeek/LICENSE");
for (const [folder, host, day] of captures) {
  for (const name of readdirSync(join(sourceDir, "zeek-labeled", folder)).sort()) {
    if (!/\.log\.labeled(\.gz)?$/.test(name)) continue;
    const text = textOf(join(sourceDir, "zeek-labeled", folder, name));
    const records = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    if (records.length === 0) continue;
    const path = `zeek/${host}/${day}/${name}`;
    copyInto(join("zeek-labeled", folder, name), path);
    describe(path, {
      format: "zeek-tsv",
      feed: name.slice(0, name.indexOf(".")),
      records: records.length,
      times: records.map((line) => Number(line.slice(0, line.indexOf("\t"))) * 1000),
      ...stratosphere,
      source: `https://github.com/stratosphereips/security-datasets-for-testing, ${folder}/${name}`,
      licenceFiles: ["zeek/LICENSE"],
    });
  }
}

// The repository of the EVE sample is under the same licence; its text is the one beside the Zeek logs.
copyInto("zeek-labeled/LICENSE", "suricata/LICENSE");
copyInto("suricata/eve.json.gz", "suricata/eve.json.gz");
const eve = textOf(join(sourceDir, "suricata/eve.json.gz")).split("\n").filter(Boolean);
describe("suricata/eve.json.gz", {
  format: "suricata-eve",
  feed: "suricata",
  records: eve.length,
  times: eve.map((line) => Date.parse((JSON.parse(line) as { timestamp: string }).timestamp)),
  source: "https://github.com/stratosphereips/StratosphereLinuxIPS",
  commit: "12f4fd2",
  licence: "GPL-2.0",
  licenceFiles: ["suricata/LICENSE"],
  change: "none",
});

copyInto("threat-intel/LICENSE-ipsum", "threat-intel/LICENSE-ipsum");
copyInto("threat-intel/LICENSE-maltrail", "threat-intel/LICENSE-maltrail");
copyInto("threat-intel/ipsum.txt.gz", "threat-intel/ipsum.txt.gz");
describe("threat-intel/ipsum.txt.gz", {
  format: "ipsum",
  feed: null,
  records: countLines(textOf(join(sourceDir, "threat-intel/ipsum.txt.gz"))),
  times: null,
  source: "https://github.com/stamparm/ipsum, ipsum.txt of 2026-08-22",
  commit: null,
  licence: "Unlicense",
  licenceFiles: ["threat-intel/LICENSE-ipsum"],
  change: "none: all 120,430 addresses, levels 1 to 10",
});

const trails = maltrailExtract(join(sourceDir, "threat-intel/maltrail"));
writeGzip("threat-intel/maltrail.txt.gz", trails);
describe("threat-intel/maltrail.txt.gz", {
  format: "maltrail",
  feed: null,
  records: countLines(trails),
  times: null,
  source: "https://github.com/stamparm/maltrail, trails/static",
  commit: null,
  licence: "MIT",
  licenceFiles: ["threat-intel/LICENSE-maltrail"],
  change: "extract: the domain names and addresses of all families in one file; URL paths, patterns and comments left out",
});

for (const name of ["DBIP-LICENSE", "ROUTEVIEWS-LICENSE", "NRO_LICENSE", "MODIFICATIONS"]) {
  mkdirSync(join(target, "asn"), { recursive: true });
  copyFileSync(join(asnDir, name), join(target, "asn", name));
}
const ranges = readAsnRanges(
  readFileSync(join(asnDir, "asn-ipv4.csv"), "utf8") + readFileSync(join(asnDir, "asn-ipv6.csv"), "utf8"),
  "asn-ipv4.csv + asn-ipv6.csv",
);
writeGzip(
  "asn/asn.txt.gz",
  formatCompactAsn(ranges, [
    "Address ranges and the autonomous systems that announce them; npm @ip-location-db/asn 2.3.2026061719.",
    "CC BY 4.0: RouteViews (routeviews.org), NRO (nro.net), IP Geolocation by DB-IP (https://db-ip.com). Changed: recoded, overlaps cut.",
  ]),
);
describe("asn/asn.txt.gz", {
  format: "soclab-asn",
  feed: null,
  records: ranges.v4.length + ranges.v6.length,
  times: null,
  source: "https://www.npmjs.com/package/@ip-location-db/asn, version 2.3.2026061719",
  commit: null,
  licence: "CC-BY-4.0",
  licenceFiles: ["asn/DBIP-LICENSE", "asn/ROUTEVIEWS-LICENSE", "asn/NRO_LICENSE"],
  change: "recoded as gaps and sizes (all IPv4 and IPv6 ranges kept; one overlap cut)",
});

for (const name of ["assets.csv", "users.csv"]) {
  describe(name, {
    format: name === "assets.csv" ? "assets" : "users",
    feed: null,
    records: countLines(readFileSync(join(target, name), "utf8")) - 1,
    times: null,
    source: "made for this sample: the addresses occur in the logs, everything else about them is invented",
    commit: null,
    licence: "Apache-2.0",
    licenceFiles: [],
    change: "none",
  });
}

writeFileSync(join(target, "manifest.json"), `${JSON.stringify({ files }, null, 2)}\n`);
process.stderr.write(`${files.length} files, ${files.reduce((sum, { bytes }) => sum + bytes, 0)} bytes\n`);

function describe(
  path: string,
  { times, ...facts }: Provenance & { format: string; feed: string | null; records: number; times: number[] | null },
): void {
  const bytes = readFileSync(join(target, path));
  const period = times && {
    from: new Date(times.reduce((a, b) => Math.min(a, b))).toISOString(),
    to: new Date(times.reduce((a, b) => Math.max(a, b))).toISOString(),
  };
  const { format, feed, records, source, commit, licence, licenceFiles, change } = facts;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  files.push({ path, format, feed, records, period, bytes: bytes.length, sha256, source, commit, licence, licenceFiles, change });
}

/** Every domain name and address once a family; a section starts with the path of the original file. */
function maltrailExtract(folder: string): string {
  const lines = [
    "# Extract of maltrail's static trails (https://github.com/stamparm/maltrail), MIT licence, see LICENSE-maltrail.",
    "# Domain names and addresses only; `#@ group/family.txt` starts the trails of one original file.",
  ];
  for (const group of readdirSync(folder).sort()) {
    for (const name of readdirSync(join(folder, group)).sort()) {
      const trails = new Set<string>();
      for (const line of readFileSync(join(folder, group, name), "utf8").split("\n")) {
        const value = line.replace(/#.*/, "").trim().toLowerCase();
        if (/^[\d.]+(:\d+)?$/.test(value) || /^(?:[a-z0-9_-]+\.)+[a-z0-9-]{2,}$/.test(value)) trails.add(value);
      }
      if (trails.size > 0) lines.push(`#@ ${group}/${name}`, ...[...trails].sort());
    }
  }
  return `${lines.join("\n")}\n`;
}

function countLines(text: string): number {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")).length;
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
}

function copyInto(from: string, to: string): void {
  mkdirSync(dirname(join(target, to)), { recursive: true });
  writeFileSync(join(target, to), readFileSync(join(sourceDir!, from)));
}

function writeGzip(path: string, text: string): void {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), gzipSync(text, { level: 9 }));
}
