import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { filesUnder, root } from "./root.mjs";
import { SetupError } from "./step.mjs";

/**
 * The arguments of `node --test`. Words choose the test files whose path holds one of them (`npm test -- ingest table/where`);
 * flags go to node's runner (`npm test -- --test-name-pattern=gzip`).
 */
export function testCommand(args) {
  const flags = args.filter((argument) => argument.startsWith("-"));
  const words = args.filter((argument) => !argument.startsWith("-")).map((word) => word.replace(/^\.\//, ""));
  const all = ["test", "kernel-ext/test"]
    .filter((folder) => existsSync(`${root}/${folder}`))
    .flatMap((folder) => filesUnder(`${root}/${folder}`))
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => path.slice(root.length + 1));
  const chosen = all.filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
  if (chosen.length === 0) throw new SetupError(`no test file's path holds ${words.map((word) => `"${word}"`).join(" or ")}`);
  return [
    "--test",
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    "--test-reporter=./scripts/run/reporter.mjs",
    "--test-reporter-destination=stdout",
    ...flags,
    ...chosen,
  ];
}
