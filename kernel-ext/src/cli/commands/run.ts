import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { type KernelSpec, launchKernel } from "../../client/index.ts";
import { findKernels } from "../../install/find-kernels.ts";
import { dataFolders } from "../../install/jupyter-paths.ts";
import { newKernelspec } from "../../install/kernelspec.ts";
import { findPythonEnvironments } from "../../install/python-environments.ts";
import { formatNotebook } from "../../notebook/format-notebook.ts";
import { injectParameters, type Parameters } from "../../notebook/inject-parameters.ts";
import { didYouMean } from "../../notebook/near-name.ts";
import { languageOf, type Notebook } from "../../notebook/notebook.ts";
import { notebookPage } from "../../notebook/notebook-page.ts";
import { type ParameterValue, parameterJson, parseParameterValue } from "../../notebook/parameter-value.ts";
import { parseNotebook } from "../../notebook/parse-notebook.ts";
import { recordNotebookRun } from "../../notebook/record-run.ts";
import { type CellRun, type NotebookRun, runNotebook } from "../../notebook/run-notebook.ts";
import { checkWritable, writeWhole } from "../../notebook/save-notebook.ts";
import type { ParsedArguments } from "../arguments.ts";
import { type Command, CommandError } from "../command.ts";
import { UsageError } from "../command-spec.ts";
import { createProgressLine } from "../progress-line.ts";
import { jsonOption } from "./install.ts";

export const runCommand: Command = {
  spec: {
    name: "run",
    summary: "Runs a notebook from the command line, without Python.",
    description: `Parameters follow papermill: they are set in a cell behind the one tagged "parameters". The notebook is saved after each cell;
a cell that fails ends the run with exit code 1. "-" as NOTEBOOK reads stdin, --out - writes to stdout.`,
    operand: "NOTEBOOK",
    options: [
      { name: "out", short: "o", values: ["FILE"], help: "the notebook with its outputs" },
      { name: "html", values: ["FILE"], help: "also as one HTML page that needs no network" },
      { name: "parameter", short: "p", values: ["NAME", "VALUE"], isRepeated: true, help: "numbers, true, false and null are recognised" },
      { name: "raw", short: "r", values: ["NAME", "VALUE"], isRepeated: true, help: "a parameter that is text, whatever it looks like" },
      { name: "parameters", values: ["FILE"], isRepeated: true, help: "a JSON file with an object of parameters" },
      { name: "timeout", values: ["SECONDS"], help: "stop a cell that runs longer, and the run" },
      { name: "allow-errors", values: [], help: "go on after a cell that fails" },
      { name: "cwd", values: ["DIR"], help: "where it runs (the notebook's folder)" },
      { name: "kernel-name", short: "k", values: ["NAME"], help: "another kernel that Jupyter knows" },
      { name: "condition", values: ["NAME"], isRepeated: true, help: "export condition with which cells import packages" },
      { name: "progress", values: [], help: "a line on stderr for each cell, also where stderr is no terminal" },
      { name: "quiet", short: "q", values: [], help: "no progress, no remarks" },
      jsonOption,
    ],
    examples: [
      { line: "run report.ipynb --out done.ipynb", does: "runs all cells" },
      { line: "run report.ipynb -p day 2022-06-10 -o done.ipynb --html report.html", does: "with a parameter, and as a page" },
      { line: "run report.ipynb --timeout 60 --json", does: "for a script" },
    ],
  },
  async run(args, context) {
    const plan = await planOf(args);
    const { notebook, cellTimeoutMs, isJson } = plan;
    for (const remark of plan.remarks) if (!args.has("quiet")) context.stderr.write(`${remark}\n`);
    const startedAt = new Date();
    const progress = createProgressLine(context.stderr, { isQuiet: args.has("quiet"), isForced: args.has("progress") }, notebook);
    const save = () => {
      if (plan.out !== undefined && plan.out !== "-") writeWhole(plan.out, formatNotebook(notebook));
    };
    const kernel = await launchKernel({ spec: plan.spec, cwd: plan.cwd });
    let run: NotebookRun;
    try {
      run = await runNotebook(notebook, kernel, {
        ...(cellTimeoutMs === undefined ? {} : { cellTimeoutMs }),
        allowErrors: args.has("allow-errors"),
        signal: context.signal,
        onProgress: progress.show,
        save,
      });
    } finally {
      progress.end();
      await kernel.shutdown({ timeoutMs: 5000 });
    }
    recordNotebookRun(notebook, { startedAt, run, parameters: plan.parameters, inputPath: plan.name, outputPath: plan.out });
    save();
    if (plan.out === "-") context.stdout.write(formatNotebook(notebook));
    if (plan.html !== undefined) {
      writeWhole(plan.html, notebookPage(notebook, { name: plan.name, folder: plan.folder }));
    }
    if (isJson) context.stdout.write(`${JSON.stringify(resultOf(run, plan))}\n`);
    if (run.failed) throw failure(run.failed, plan.out, context.stderr.isTTY === true && !isJson);
    return 0;
  },
};

interface Plan {
  readonly name: string;
  readonly folder: string;
  readonly cwd: string;
  readonly notebook: Notebook;
  readonly spec: KernelSpec;
  readonly parameters: Parameters;
  readonly remarks: readonly string[];
  readonly out: string | undefined;
  readonly html: string | undefined;
  readonly cellTimeoutMs: number | undefined;
  readonly isJson: boolean;
}

/** All that can be wrong is found before the kernel starts. */
async function planOf(args: ParsedArguments): Promise<Plan> {
  const name = args.operand ?? "";
  const out = fileOf(args.value("out"), "--out");
  const html = fileOf(args.value("html"), "--html");
  if (html === "-") throw new UsageError("--html needs a file");
  if (out === "-" && args.has("json")) throw new UsageError("--out - and --json both write to stdout");
  const cellTimeoutMs = secondsOf(args.value("timeout"));
  const parameters = parametersOf(args);
  const folder = name === "-" ? process.cwd() : dirname(resolve(name));
  const notebook = parseNotebook(name === "-" ? await text(process.stdin) : readText(name), name === "-" ? "stdin" : name);
  const cwd = resolve(args.value("cwd") ?? folder);
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new CommandError(`--cwd ${cwd} is no folder`);
  const remarks = Object.keys(parameters).length === 0 ? [] : injectParameters(notebook, parameters);
  for (const path of [out, html]) if (path !== undefined && path !== "-") checkWritable(path);
  const spec = await specOf(args.value("kernel-name"), notebook, args.all("condition").flat());
  return { name, folder, cwd, notebook, spec, parameters, remarks, out, html, cellTimeoutMs, isJson: args.has("json") };
}

function fileOf(value: string | undefined, option: string): string | undefined {
  if (value === "") throw new UsageError(`${option} needs a file`);
  return value === undefined || value === "-" ? value : resolve(value);
}

function secondsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (value.trim() === "" || !(seconds > 0 && seconds < 2_000_000))
    throw new UsageError(`--timeout is "${value}"; it must be a number of seconds`);
  return seconds * 1000;
}

function parametersOf(args: ParsedArguments): Parameters {
  const parameters = new Map<string, ParameterValue>();
  for (const [path = ""] of args.all("parameters")) {
    for (const [name, value] of Object.entries(readParameters(path))) parameters.set(name, value);
  }
  for (const [name = "", value = ""] of args.all("parameter")) parameters.set(name, parseParameterValue(value));
  for (const [name = "", value = ""] of args.all("raw")) parameters.set(name, value);
  return Object.fromEntries(parameters);
}

function readParameters(path: string): Parameters {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isParameters(value)) throw new CommandError(`${path} holds no object of parameters`, 'Such as {"day": "2022-06-10"}.');
  return value;
}

/** Every value that came out of JSON can be a parameter. */
function isParameters(value: unknown): value is Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function specOf(kernelName: string | undefined, notebook: Notebook, conditions: readonly string[]): Promise<KernelSpec> {
  if (kernelName === undefined) {
    const language = languageOf(notebook)?.toLowerCase();
    if (language === undefined || /^(?:type|java)script$/.test(language)) return newKernelspec({ conditions });
    throw new CommandError(`the notebook is written in ${language}, not in TypeScript`, "--kernel-name NAME runs it with another kernel.");
  }
  const environments = await findPythonEnvironments();
  const machine = { platform: process.platform, env: process.env, home: homedir() };
  const folders = dataFolders(
    machine,
    environments.map(({ prefix }) => prefix),
  ).map((folder) => join(folder, "kernels"));
  const kernels = findKernels(folders);
  const found = kernels.find(({ name }) => name === kernelName.toLowerCase());
  if (!found)
    throw new CommandError(
      `there is no kernel "${kernelName}".${didYouMean(
        kernelName,
        kernels.map(({ name }) => name),
      )}`,
    );
  if ("wrong" in found.spec) throw new CommandError(`the kernel in ${found.folder} cannot be started: ${found.spec.wrong}`);
  return found.spec;
}

function resultOf(run: NotebookRun, { name, out, html, parameters }: Plan): object {
  const { status, durationMs, cells, failed } = run;
  return { notebook: name, out, html, status, durationMs, parameters: parameterJson(parameters), cells, failed };
}

function failure({ cell, executionCount, status, error }: CellRun, out: string | undefined, isColoured: boolean): CommandError {
  const reason = status === "failed" ? "it failed" : (error?.evalue ?? status);
  const traceback = error?.traceback.length ? error.traceback.join("\n") : `${error?.ename}: ${error?.evalue}`;
  const kept = out === undefined || out === "-" ? undefined : `The outputs up to it are in ${basename(out)}.`;
  const name = executionCount === null ? `cell ${cell}` : `cell ${cell}, In [${executionCount}]`;
  return new CommandError(`${name}: ${reason}\n${isColoured ? traceback : stripVTControlCharacters(traceback)}`, kept);
}
