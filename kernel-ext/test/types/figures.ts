// What the types thread costs: `node kernel-ext/test/types/figures.ts`. Nothing is asserted: the machine decides.
import { startTypes, type TypesClient } from "../../src/types/client.ts";
import { notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder();
const types = startTypes({ directory: folder.directory, conditions: ["soclab-source"] });
let count = 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function run(client: TypesClient, source: string): Promise<void> {
  count += 1;
  await client.prepare(String(count), source, "on");
  client.commit(String(count));
}

async function series(times: number, work: (index: number) => Promise<unknown>): Promise<string> {
  const all: number[] = [];
  for (let index = 0; index < times; index += 1) all.push(await timed(() => work(index)));
  all.sort((a, b) => a - b);
  const at = (share: number): string => (all[Math.floor(all.length * share)] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

const megabytes = (): string => `${Math.round(process.memoryUsage.rss() / 1e6)} MB`;
const distinct = (index: number): string =>
  `function f${index}(x: number) { return x + ${index}; }\nconst w${index} = [1, ${index}].map((q) => f${index}(q)); console.log(w${index}.join("-"));`;
const line = 'const result = w7.filter((value) => value > 3).map((v) => v.toFixed(2)).join(", ");';

const print = (what: string, figure: string): void => console.log(`${what.padEnd(42)} ${figure}`);
print("start to the first 1+1 checked", `${(await timed(() => run(types, "1+1"))).toFixed(0)} ms`);
print("memory, whole process, fresh", megabytes());
print("distinct cells 1 to 20", await series(20, (index) => run(types, distinct(index))));
print("1+1", await series(500, () => run(types, "1+1")));
print("distinct cells 21 to 220", await series(200, (index) => run(types, distinct(index + 20))));
print("memory after 720 cells", megabytes());
print("1+1 again", await series(200, () => run(types, "1+1")));
print("completion, a line typed by letters", await series(line.length, (index) => types.complete(line.slice(0, index + 1), index + 1)));
print(
  "completion, other members each time",
  await series(100, (index) => types.complete(`const a${index} = w${index}.fi`, 17 + String(index).length * 2)),
);
print("inspection, each letter of the line", await series(line.length, (index) => types.inspect(line, index, 0)));
await types.close();
folder.remove();
