import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { service } from "../../../test/services.ts";
import { installKernel } from "../../src/install/install-kernel.ts";
import { packageFolder } from "../../src/install/kernel-program.ts";
import { injectParameters } from "../../src/notebook/inject-parameters.ts";
import { isCodeCell } from "../../src/notebook/notebook.ts";
import { parameterExpression, parseParameterValue } from "../../src/notebook/parameter-value.ts";
import { parseNotebook } from "../../src/notebook/parse-notebook.ts";
import { notebookText, taggedCell } from "./notebook-text.ts";

const papermill = service("python", ["papermill"]);
const { skip } = papermill;
const folder = mkdtempSync(join(tmpdir(), "papermill-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const site = join(folder, "site");
const env = { ...process.env, PYTHONPATH: site, JUPYTER_PATH: join(folder, "data"), PYTHONDONTWRITEBYTECODE: "1" };
const python = (...words: string[]) => spawnSync(papermill.path, words, { env, encoding: "utf8", cwd: folder });

/** What pip would make of the package, without fetching the tools that it builds with. */
before(() => {
  const project = readFileSync(join(packageFolder, "python", "pyproject.toml"), "utf8");
  const group = /\[project\.entry-points\."(.+)"\]\n(.+) = "(.+)"/.exec(project);
  assert.ok(group);
  const info = join(site, "soclab_papermill-0.1.0.dist-info");
  mkdirSync(info, { recursive: true });
  writeFileSync(join(info, "METADATA"), "Metadata-Version: 2.1\nName: soclab-papermill\nVersion: 0.1.0\n");
  writeFileSync(join(info, "entry_points.txt"), `[${group[1]}]\n${group[2]} = ${group[3]}\n`);
  cpSync(join(packageFolder, "python", "soclab_papermill"), join(site, "soclab_papermill"), { recursive: true });
  installKernel({ dataFolder: join(folder, "data") });
});

const source =
  'let day = "1970-01-01"; // which day\nlet limit: number = 1;\nconst names: string[] = ["a", "b"]; // who\n// let no = 1;\nlet other;';
const text = notebookText([taggedCell(source, "parameters"), '[day, limit * 2, names.length].join(" ")'], {
  kernelspec: { name: "soclab", display_name: "TypeScript", language: "typescript" },
  language_info: { name: "typescript" },
});

test("papermill runs a TypeScript notebook with its parameters, on the kernel that was installed", { skip }, () => {
  writeFileSync(join(folder, "in.ipynb"), text);
  const run = python(
    "-m",
    "papermill",
    "in.ipynb",
    "out.ipynb",
    "-p",
    "day",
    "2022-06-10",
    "-p",
    "limit",
    "21",
    "-k",
    "soclab",
    "--no-progress-bar",
  );
  assert.equal(run.status, 0, run.stderr);
  assert.doesNotMatch(run.stderr, /unknown parameter/i);
  const done = parseNotebook(readFileSync(join(folder, "out.ipynb"), "utf8"), "out.ipynb").cells.filter(isCodeCell);
  assert.deepEqual(done[1]?.metadata.tags, ["injected-parameters"]);
  const [output] = done[2]?.outputs ?? [];
  assert.equal(output && "data" in output && output.data["text/plain"], "'2022-06-10 42 2'");
});

test("the cell that papermill writes is the one that `run` writes", { skip }, () => {
  writeFileSync(join(folder, "in.ipynb"), text);
  const words = {
    day: "2022-06-10",
    n: "5",
    big: "12345678901234567890",
    x: "1.5",
    no: "None",
    yes: "True",
    text: 'a "quoted" \\ é',
    inf: "-inf",
  };
  const given = Object.entries(words).flatMap(([name, value]) => ["-p", name, value]);
  const run = python("-m", "papermill", "in.ipynb", "out.ipynb", ...given, "--prepare-only");
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stderr, /Passed unknown parameter: n/);
  const theirs = parseNotebook(readFileSync(join(folder, "out.ipynb"), "utf8"), "out.ipynb");
  const ours = parseNotebook(text, "in.ipynb");
  injectParameters(ours, Object.fromEntries(Object.entries(words).map(([name, word]) => [name, parseParameterValue(word)])));
  assert.equal(theirs.cells[1]?.source.trimEnd(), ours.cells[1]?.source);
});

test("nested values become literals, hostile names none", { skip }, () => {
  const program = `
import json, sys
from papermill.translators import papermill_translators
import papermill.engines
translator = papermill_translators.find_translator("any", "typescript")
print(translator.translate(json.load(open(sys.argv[1]))))
for name in ["a b", "a;b", "1a", "", "a=1"]:
    try:
        translator.assign(name, "1"); print("accepted", name)
    except ValueError: pass
`;
  const value = { list: [1, "two", null, true, 2.5], nested: { a: {}, b: [] }, "a-b": "x", ["__proto__"]: 1 };
  writeFileSync(join(folder, "value.json"), JSON.stringify(value));
  const run = python("-c", program, join(folder, "value.json"));
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stdout.trim(), parameterExpression(value));
});

test("papermill's help names the parameters with types, defaults and comments", { skip }, () => {
  writeFileSync(join(folder, "in.ipynb"), text);
  const { stdout } = python("-m", "papermill", "in.ipynb", "--help-notebook");
  const lines = stdout.split("\n").map((line) => line.trim().replace(/\s{2,}/g, " "));
  for (const line of ['day: Unknown type (default "1970-01-01")', "limit: number (default 1)", 'names: string[] (default ["a", "b"])']) {
    assert.ok(
      lines.some((shown) => shown.startsWith(line)),
      `${line} in ${stdout}`,
    );
  }
  assert.match(stdout, /which day/);
  assert.doesNotMatch(stdout, /\bno:/);
});
