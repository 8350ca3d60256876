import { readdirSync } from "node:fs";
import { type Bench, type BenchRow, machine, rowText } from "./report.ts";

/** `npm run bench [-- word …]`: every file here that exports `bench`, or those whose name holds a word. */
const words = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();

console.log(machine());
for (const file of files) {
  const { bench }: { bench?: Bench } = await import(`./${file}`);
  const rows: BenchRow[] = (await bench?.()) ?? [];
  for (const row of rows) console.log(rowText(row));
}
