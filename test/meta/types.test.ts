import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { before, test } from "node:test";
import { checkFolder, type Example, notebooks, readNotebook, writeExamples } from "./examples.ts";
import { root } from "./repository.ts";

let examples: Example[] = [];
before(() => {
  examples = writeExamples();
});

test("the sources, the tests and the examples in the pages type check", () => {
  const config = {
    extends: "../../tsconfig.json",
    // The examples import "soclab": this condition of the package's exports leads to the sources as they stand.
    compilerOptions: {
      customConditions: ["soclab-source"],
      incremental: true,
      tsBuildInfoFile: "../check.tsbuildinfo",
      noUnusedLocals: false,
    },
    include: ["src", "test", "bench", "kernel-ext", "scripts/**/*.ts", ".soclab/check/*.ts"].map((path) => `../../${path}`),
    exclude: ["../../**/node_modules", "../../**/fixtures"],
  };
  writeFileSync(join(checkFolder, "tsconfig.json"), JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", checkFolder], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, `\n${stdout}`);
  assert.ok(examples.some(({ source }) => source === "README.md"));
});

for (const path of notebooks()) {
  test(`${path} runs in soclab's kernel, checked cell after cell, and is committed without outputs`, () => {
    for (const { outputs = [], execution_count = null } of readNotebook(path).cells)
      assert.deepEqual([outputs, execution_count], [[], null]);
    const done = join(".soclab", "check", basename(path));
    const { status, stderr } = spawnSync(process.execPath, ["bin/soclab.mjs", "run", path, "--out", done, "--quiet"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const shown = readNotebook(done).cells.flatMap(({ outputs = [] }) => outputs.map((output) => JSON.stringify(output)));
    assert.ok(
      shown.some((output) => output.includes("soclab-table")),
      "a table is shown",
    );
    assert.deepEqual(
      shown.filter((output) => /"output_type":"(error|stream)"/.test(output)),
      [],
    );
  });
}

test("there is a notebook", () => assert.notEqual(notebooks().length, 0));
