import assert from "node:assert/strict";
import { test } from "node:test";
import { parseArguments } from "../../src/cli/arguments.ts";
import { type CommandSpec, UsageError } from "../../src/cli/command-spec.ts";
import { soclabKernel } from "./soclab-kernel.ts";

const spec: CommandSpec = {
  name: "run",
  summary: "",
  operand: "NOTEBOOK",
  options: [
    { name: "out", short: "o", values: ["FILE"], help: "" },
    { name: "parameter", short: "p", values: ["NAME", "VALUE"], isRepeated: true, help: "" },
    { name: "quiet", short: "q", values: [], help: "" },
  ],
  examples: [],
};

test("an option takes the words that follow it, also such as start with a dash", () => {
  const args = parseArguments(spec, ["-p", "n", "-5", "in.ipynb", "--parameter", "day", "--out", "-q", "--out=a=b"]);
  assert.deepEqual(args.all("parameter"), [
    ["n", "-5"],
    ["day", "--out"],
  ]);
  assert.equal(args.operand, "in.ipynb");
  assert.equal(args.value("out"), "a=b");
  assert.equal(args.has("quiet"), true);
});

test("a single dash is an operand, and all behind two dashes are", () => {
  assert.equal(parseArguments(spec, ["-"]).operand, "-");
  assert.equal(parseArguments(spec, ["--", "--out"]).operand, "--out");
});

test("wrong words are named, with the nearest right one", () => {
  for (const [words, message] of [
    [["a", "--ouut", "b"], /run has no option "--ouut"\. Did you mean "--out"\?/],
    [["a", "--out"], /--out needs FILE/],
    [["a", "-p", "x"], /--parameter needs NAME and VALUE/],
    [["a", "--quiet=yes"], /--quiet takes no value/],
    [["a", "b"], /"b" is one word too many/],
    [[], /NOTEBOOK is missing/],
    [["a", "-o", "b", "-o", "c"], /--out is given twice/],
  ] as const) {
    assert.throws(
      () => parseArguments(spec, words),
      (error) => error instanceof UsageError && message.test(error.message),
      String(words),
    );
  }
});

test("help teaches the commands with examples, under the name that the user called", async () => {
  const help = await soclabKernel([]);
  assert.equal(help.code, 0);
  for (const name of ["install", "uninstall", "doctor", "run", "launch"]) assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
  assert.match(help.stdout, /Examples:\n {2}soclab-kernel install\n/);
  const own = await soclabKernel(["install", "--help"], { env: { ...process.env, SOCLAB_KERNEL_PROGRAM: "soclab kernel" } });
  assert.match(own.stdout, /^Usage: soclab kernel install/);
  assert.match(own.stdout, /soclab kernel install --sys-prefix {3,}for the Python environment/);
});

test("wrong use exits with 2 and points to the help, as JSON where that was asked for", async () => {
  const wrong = await soclabKernel(["instal"]);
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.equal(
    wrong.stderr,
    'soclab-kernel: there is no command "instal". Did you mean "install"?\n  soclab-kernel --help shows how it is used.\n',
  );
  const json = await soclabKernel(["install", "--user", "--prefix", "x", "--json"]);
  assert.equal(json.code, 2);
  assert.equal(JSON.parse(json.stderr).error.message, "--user and --prefix exclude each other");
});

test("launch without a connection file, or with one that is none, says so and ends", async () => {
  assert.equal((await soclabKernel(["launch"])).code, 2);
  const missing = await soclabKernel(["launch", "--connection", "no-such-file.json"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /no-such-file\.json/);
});

test("the version is that of the package", async () => {
  assert.match((await soclabKernel(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});
