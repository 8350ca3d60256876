import { parseArgs } from "node:util";
import { createTerminal } from "../../src/cli/terminal.ts";
import { corpora, zeekTsv } from "./corpus.ts";
import { fuzzFeed } from "./fuzz-feed.ts";
import { mutated } from "./mutate.ts";

const help = `Feeds mutated real records to the parsers, and stops at the first thing that must not be: a crash, a lost record, a slow one, memory that grows.

  npm run fuzz -- [--feed NAME …] [--records 1000000] [--seed 7] [--json]
  npm run fuzz -- --feed asa --seed 7 --show 12345      the mutant of that number, as it is fed

Example: npm run fuzz -- --feed asa --feed cef --records 10000000
`;
const { values } = parseArgs({
  options: {
    feed: { type: "string", multiple: true },
    records: { type: "string", default: "1000000" },
    seed: { type: "string", default: "7" },
    show: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const all = [...corpora.map((corpus) => ({ name: corpus.feed.name, corpus })), { name: "zeek-tsv", corpus: zeekTsv }];
const chosen = values.feed ? all.filter(({ name }) => values.feed!.includes(name)) : all;
const [records, seed] = [Number(values.records), Number(values.seed)];
if (values.help) process.stdout.write(help);
else if (chosen.length === 0 || !Number.isInteger(records) || !Number.isInteger(seed)) {
  process.stderr.write(`${help}\nFeeds: ${all.map(({ name }) => name).join(", ")}\n`);
  process.exitCode = 2;
} else if (values.show !== undefined)
  process.stdout.write(Buffer.from(`${mutated(chosen[0]!.corpus.records, seed, Number(values.show))}\n`, "latin1"));
else {
  const out = createTerminal({ json: values.json });
  for (const { name, corpus } of chosen) {
    const report = {
      ...fuzzFeed(corpus, { seed, records, onProgress: (done) => out.progress({ step: name, done, total: records, unit: "mutants" }) }),
      feed: name,
    };
    out.progressDone();
    const { events, deadLetters, seconds, slowestMs, heapMiB } = report;
    const heap = heapMiB.map((value) => value.toFixed(0)).join(" → ");
    const text = `${name.padEnd(16)} ${records} mutants: ${events} events, ${deadLetters} dead letters, ${Math.round(records / seconds)}/s, slowest ${slowestMs.toFixed(1)} ms, heap ${heap} MiB`;
    out.line(values.json ? JSON.stringify(report) : text);
    await out.drained();
  }
}
