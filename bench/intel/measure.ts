import { type Indicator, type IndicatorKind, ThreatIntelBuilder } from "../../src/enrich/index.ts";
import type { IntelFigures } from "../intel.ts";
import { MapIntel } from "./map-intel.ts";

const each = 250_000;
const rounds = 2;
const day = 86_400_000_000;
const from = Date.UTC(2026, 0, 1) * 1000;

/** Repeatable numbers: a step of SplitMix32. */
function number(i: number): number {
  let z = Math.imul(i + 1, 0x9e3779b9);
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

const hex = (i: number, words: number) =>
  Array.from({ length: words }, (_, w) =>
    number(i * 16 + w)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
const text: Readonly<Record<IndicatorKind, (i: number) => string>> = {
  address: (i) => {
    const word = number(i);
    return `${1 + ((word >>> 24) % 220)}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  },
  domain: (i) => `${number(i).toString(36)}-${(i % 97).toString(36)}.${["example", "test-zone", "cloud"][i % 3]}${i % 1000}.com`,
  url: (i) => `http://host${number(i) % 50_000}.example.net/${number(i).toString(36)}/gate.php?id=${i}`,
  hash: (i) => hex(i, 8),
};
const kinds: readonly IndicatorKind[] = ["address", "domain", "url", "hash"];

function* indicators(): Generator<Indicator> {
  for (const kind of kinds)
    for (let i = 0; i < each; i++)
      yield {
        kind,
        value: kind === "address" && i % 10 === 0 ? `${text.address(i)}/${16 + (i % 14)}` : text[kind](i),
        ...{ list: "bench", feed: "bench", confidence: 0.8, knownAt: from + (i % 1000) * day, tags },
        ...{ validFrom: from + (i % 365) * day, validUntil: from + ((i % 365) + 90) * day, id: `indicator--${uuid(i)}` },
      };
}
const tags = ["bench"];
const uuid = (i: number) => hex(i, 4).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");

function resident(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
const seconds = (start: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

// The first thousand warm the code up, so that what is measured is data.
for (const kind of kinds) text[kind](1);
const before = resident();
let peak = before;
const watch = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const start = process.cpuUsage();
const builder = process.argv[2] === "map" ? new MapIntel() : new ThreatIntelBuilder();
let count = 0;
for (const indicator of indicators()) {
  builder.add(indicator);
  if (++count % 20_000 === 0) watch();
}
const intel = builder.build();
watch();
const buildSeconds = seconds(start);
const residentMb = Math.round((resident() - before) / 1e6);

const lookups: { what: string; count: number; seconds: number }[] = [];
let found = 0;
for (const kind of kinds)
  for (const isHit of [true, false]) {
    // A working set that events repeat; the store is cold for each of them again.
    const values = Array.from({ length: 100_000 }, (_, i) => text[kind]((isHit ? i * 2 + 1 : i) + (isHit ? 0 : 10_000_000)));
    const run = () => {
      for (const value of values) {
        const match = intel.match(kind, value);
        if (match !== 0) found += intel.hitsAt(match, from + 60 * day, "valid") !== 0 ? 1 : 0;
      }
    };
    run();
    const at = process.cpuUsage();
    for (let round = 0; round < rounds; round++) run();
    lookups.push({ what: `${kind} look-ups, ${isHit ? "hits" : "misses"}`, count: values.length * rounds, seconds: seconds(at) });
  }
if (found < 1000) throw new Error(`only ${found} found`);
const figures: IntelFigures = { indicators: count, buildSeconds, residentMb, peakMb: Math.round((peak - before) / 1e6), lookups };
console.log(JSON.stringify(figures));
