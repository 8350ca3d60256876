import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { service } from "../../../test/services.ts";
import type { NotebookOutput } from "../../src/client/index.ts";
import { type CodeCell, isCodeCell, type Notebook } from "../../src/notebook/notebook.ts";
import { parseNotebook } from "../../src/notebook/parse-notebook.ts";
import { type CommandOptions, type CommandResult, soclabKernel } from "../cli/soclab-kernel.ts";
import { ipykernel } from "../client/ipykernel.ts";
import { markdownCell, notebookText, taggedCell } from "./notebook-text.ts";

const nbformat = service("python", ["nbformat"]);
const folder = mkdtempSync(join(tmpdir(), "notebook-run-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

interface Ran extends CommandResult {
  readonly out: string;
  readonly done: Notebook;
}

async function run(text: string, words: readonly string[] = [], options: CommandOptions = {}): Promise<Ran> {
  const path = join(folder, `${files++}.ipynb`);
  const out = path.replace(".ipynb", "-done.ipynb");
  writeFileSync(path, text);
  const result = await soclabKernel(["run", path, "--out", out, ...words], options);
  return { ...result, out, done: parseNotebook(existsSync(out) ? readFileSync(out, "utf8") : notebookText([]), out) };
}

const codeCells = (notebook: Notebook): CodeCell[] => notebook.cells.filter(isCodeCell);
const shown = (outputs: readonly NotebookOutput[]) =>
  outputs.map((output) =>
    output.output_type === "stream" ? `${output.name}: ${output.text}` : "data" in output ? output.data["text/plain"] : output.ename,
  );

test("a notebook runs from top to bottom: outputs, counts, times and what it was run with are in it", async () => {
  const text = notebookText([
    markdownCell("# Title"),
    taggedCell('let day = "1970-01-01";\nlet limit = 1;', "parameters"),
    'console.log(day, limit);\nconsole.log("more");\nconsole.error("careful");\nday.length',
    "",
    taggedCell("throw new Error('not run')", "skip-execution"),
    'await new Promise((resolve) => setTimeout(resolve, 20));\n"end"',
  ]);
  const { code, stderr, stdout, done, out } = await run(text, ["-p", "day", "2022-06-10", "--parameter", "limit", "-5"]);
  assert.deepEqual([code, stderr, stdout], [0, "", ""]);
  const cells = codeCells(done);
  assert.deepEqual(
    cells.map((cell) => shown(cell.outputs)),
    [[], [], ["stdout: 2022-06-10 -5\nmore\n", "stderr: careful\n", "10"], [], [], ["'end'"]],
  );
  assert.deepEqual(
    cells.map((cell) => cell.execution_count),
    [1, 2, 3, null, null, 4],
  );
  const [, , third] = cells;
  assert.deepEqual(Object.keys(third?.metadata.execution ?? {}).sort(), [
    "iopub.execute_input",
    "iopub.status.busy",
    "iopub.status.idle",
    "shell.execute_reply",
  ]);
  const { papermill, language_info } = done.metadata;
  assert.deepEqual(Reflect.get(Object(papermill), "parameters"), { day: "2022-06-10", limit: -5 });
  assert.equal(Reflect.get(Object(language_info), "name"), "typescript");
  if (nbformat.skip === false) {
    const program = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
    assert.equal(spawnSync(nbformat.path, ["-c", program, out], { encoding: "utf8" }).stderr, "");
  }
});

test("a cell that fails ends the run: its error is kept, later cells are not run, the exit code is 1", async () => {
  const text = notebookText(["console.log('before')", 'console.log("partly");\nthrow new TypeError("broken")', "console.log('never')"]);
  const { code, stderr, done } = await run(text);
  assert.equal(code, 1);
  assert.match(stderr, /^soclab-kernel: cell 2, In \[2\]: it failed\n.*TypeError: broken/);
  assert.match(stderr, /The outputs up to it are in .*-done\.ipynb/);
  assert.ok(!stderr.includes("\u001b"), "no colours where stderr is no terminal");
  assert.deepEqual(
    codeCells(done).map((cell) => shown(cell.outputs)),
    [["stdout: before\n"], ["stdout: partly\n", "TypeError"], []],
  );
});

test("errors are allowed by an option, or by a cell's tag", async () => {
  const tagged = notebookText([taggedCell("throw new Error('expected')", "raises-exception"), "1"]);
  const byTag = await run(tagged);
  assert.deepEqual([byTag.code, codeCells(byTag.done).map((cell) => shown(cell.outputs))], [0, [["Error"], ["1"]]]);
  const byOption = await run(notebookText(["throw new Error('one')", "2"]), ["--allow-errors", "--json"]);
  assert.equal(byOption.code, 0);
  const { status, cells } = JSON.parse(byOption.stdout);
  assert.equal(status, "completed");
  assert.deepEqual([cells[0].status, cells[0].error.evalue, cells[1].status], ["failed", "one", "completed"]);
});

test("a cell that runs too long is interrupted, and the run ends", async () => {
  const { code, stderr, done } = await run(notebookText(["while (true);", "1"]), ["--timeout", "0.5"]);
  assert.equal(code, 1);
  assert.match(stderr, /cell 1.*: the cell ran longer than 0\.5 s/);
  const [spun, never] = codeCells(done);
  assert.equal(spun?.outputs.at(-1)?.output_type, "error");
  assert.deepEqual(never?.outputs, []);
});

test("Ctrl-C interrupts the cell, saves what there is and leaves no kernel", {
  skip: process.platform === "win32" && "POSIX signals",
}, async () => {
  const began = join(folder, "began");
  const text = notebookText([
    "1",
    `console.log("begun"); require("node:fs").writeFileSync(${JSON.stringify(began)}, String(process.pid)); while (true);`,
    "2",
  ]);
  const { code, stderr, done } = await run(text, [], {
    onStart: async (signal) => {
      while (!existsSync(began) || readFileSync(began, "utf8") === "") await delay(10);
      signal("SIGINT");
    },
  });
  assert.equal(code, 1);
  assert.match(stderr, /cell 2, In \[2\]: the run was stopped/);
  const [first, second] = codeCells(done);
  assert.deepEqual(shown(first?.outputs ?? []), ["1"]);
  assert.equal(shown(second?.outputs ?? [])[0], "stdout: begun\n");
  assert.throws(() => process.kill(Number(readFileSync(began, "utf8")), 0), /ESRCH/);
});

test("a kernel that dies ends the run with what it said, and the cells before it are saved", async () => {
  const { code, stderr, done } = await run(
    notebookText(["console.log('kept')", "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", "1"]),
  );
  assert.equal(code, 1);
  assert.match(stderr, /cell 2: the kernel's process ended/);
  assert.deepEqual(
    codeCells(done).map((cell) => shown(cell.outputs)),
    [["stdout: kept\n"], ["KernelDied"], []],
  );
});

test("a type error stops its cell before the first statement, parameters included", async () => {
  const text = notebookText([taggedCell("let days = 7;", "parameters"), "console.log('ran'); const week: number = days;"]);
  const { code, stderr, done } = await run(text, ["-r", "days", "7"]);
  assert.equal(code, 1);
  assert.match(stderr, /cell 3, In \[3\]: it failed\n[\s\S]*TS2322/);
  assert.deepEqual(shown(codeCells(done)[2]?.outputs ?? []).includes("stdout: ran\n"), false);
});

test("output that comes late is in the cell that it belongs to", async () => {
  const text = notebookText([
    "setTimeout(() => console.log('late'), 50);\n'first'",
    "await new Promise((resolve) => setTimeout(resolve, 300));\n'second'",
  ]);
  const { done } = await run(text);
  const [first, second] = codeCells(done);
  assert.deepEqual(shown(first?.outputs ?? []), ["'first'", "stdout: late\n"]);
  assert.deepEqual(shown(second?.outputs ?? []), ["'second'"]);
});

test("the notebook's folder is where it runs, unless another is named", async () => {
  const text = notebookText(["process.cwd()"]);
  const own = await run(text);
  assert.match(String(shown(codeCells(own.done)[0]?.outputs ?? [])[0]), new RegExp(`${folder.split(/[\\/]/).at(-1)}'$`));
  const other = join(folder, "other");
  mkdirSync(other);
  const named = await run(text, ["--cwd", other]);
  assert.match(String(shown(codeCells(named.done)[0]?.outputs ?? [])[0]), /other'$/);
});

test("stdin and stdout are files too, and parameters come from JSON", async () => {
  const parameters = join(folder, "parameters.json");
  writeFileSync(parameters, JSON.stringify({ list: [1, "two"], day: "from the file" }));
  const words = ["run", "-", "--out", "-", "--parameters", parameters, "-p", "day", "from the line", "--quiet"];
  const { code, stdout, stderr } = await soclabKernel(words, { input: notebookText(["list[1] + day"]), cwd: folder });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(shown(codeCells(parseNotebook(stdout, "stdout"))[1]?.outputs ?? []), ["'twofrom the line'"]);
});

test("progress is a line for each cell where it is asked for", async () => {
  const { stderr } = await run(notebookText(["1", markdownCell("x"), "2"]), ["--progress"]);
  assert.match(stderr, /^\[1\/2\] cell 1: \d+\.\d s\n\[2\/2\] cell 3: \d+\.\d s\n$/);
});

test("what cannot work is said before a kernel starts", async () => {
  const good = notebookText(["1"]);
  for (const [text, words, message, code] of [
    [good, ["--timeout", "soon"], /--timeout is "soon"; it must be a number of seconds/, 2],
    [good, ["--timeout", "-1"], /--timeout is "-1"/, 2],
    [good, ["-p", "a b", "1"], /"a b" cannot be a parameter/, 1],
    [good, ["--html", join(folder, "none", "x.html")], /there is no folder/, 1],
    [good, ["--parameters", join(folder, "none.json")], /cannot read .*none\.json/, 1],
    [good, ["--cwd", join(folder, "none")], /is no folder/, 1],
    [good, ["--kernel-name", "no-such-kernel"], /there is no kernel "no-such-kernel"/, 1],
    ["{}", [], /has notebook format missing/, 1],
    [notebookText(["1"], { language_info: { name: "python" } }), [], /written in python, not in TypeScript\n {2}--kernel-name NAME/, 1],
  ] as const) {
    const result = await run(text, words);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
    assert.equal(existsSync(result.out), false);
  }
  const missing = await soclabKernel(["run", "none.ipynb"], { cwd: folder });
  assert.deepEqual([missing.code, /cannot read none\.ipynb/.test(missing.stderr)], [1, true]);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
    "nothing temporary is left",
  );
});

test("another kernel runs its own notebooks; a display is changed in the cell that showed it", { skip: ipykernel.skip }, async () => {
  const data = join(folder, "data", "kernels", "py");
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(data, "kernel.json"),
    JSON.stringify({
      argv: [ipykernel.path, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      display_name: "P",
      language: "python",
    }),
  );
  const text = notebookText(["print(6 * 7)\nhandle = display('first', display_id=True)", "handle.update('changed')"], {
    language_info: { name: "python" },
  });
  const { code, stderr, done } = await run(text, ["--kernel-name", "py"], { env: { ...process.env, JUPYTER_PATH: join(folder, "data") } });
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    codeCells(done).map((cell) => shown(cell.outputs)),
    [["stdout: 42\n", "'changed'"], []],
  );
});
