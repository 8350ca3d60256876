import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type FoundKernel, findKernels } from "./find-kernels.ts";
import { dataFolders, type Machine } from "./jupyter-paths.ts";
import { isNodeNewEnough, kernelProgram } from "./kernel-program.ts";
import { isOurs, newKernelspec } from "./kernelspec.ts";
import { type KernelMeasure, measureKernel } from "./measure-kernel.ts";
import { findPythonEnvironments, type PythonEnvironment } from "./python-environments.ts";

export interface Finding {
  /** `wrong`: the kernel does not work there. `note`: it does, but something is to be known. */
  readonly status: "ok" | "note" | "wrong";
  readonly about: "node" | "packages" | "kernel" | "jupyter" | "launch";
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

export interface Examination {
  readonly findings: readonly Finding[];
  readonly kernels: readonly FoundKernel[];
  readonly jupyters: readonly PythonEnvironment[];
  readonly measure: KernelMeasure;
  readonly isWell: boolean;
}

/** Looks at all that a working kernel needs on this machine, and really starts one. */
export async function examine(machine: Machine, program: string): Promise<Examination> {
  const environments = await findPythonEnvironments(machine.env);
  const folders = [
    ...environments.flatMap(({ kernelFolders }) => kernelFolders ?? []),
    ...dataFolders(
      machine,
      environments.map(({ prefix }) => prefix),
    ).map((folder) => join(folder, "kernels")),
  ];
  const all = findKernels([...new Set(folders)]);
  const kernels = all.filter(({ spec }) => isOurs(spec));
  const findings = [
    nodeFinding(),
    ...packageFindings(),
    ...(await Promise.all(kernels.map((kernel) => kernelFindings(kernel, all)))).flat(),
    ...(kernels.length === 0 ? [notInstalled(program)] : []),
    ...jupyterFindings(environments, kernels, program),
    ...editorFindings(machine),
  ];
  const [first] = kernels;
  const measure = await measureKernel(first && isOurs(first.spec) ? first.spec : newKernelspec(), process.cwd());
  findings.push(launchFinding(measure));
  return {
    findings,
    kernels,
    jupyters: environments.filter(isJupyter),
    measure,
    isWell: findings.every(({ status }) => status !== "wrong"),
  };
}

function nodeFinding(): Finding {
  const { node } = process.versions;
  if (isNodeNewEnough(node)) return { status: "ok", about: "node", message: `Node ${node} (${process.execPath})` };
  return { status: "wrong", about: "node", message: `Node ${node} is too old`, hint: "Install Node 24." };
}

function packageFindings(): Finding[] {
  const require = createRequire(kernelProgram);
  return ["zeromq", "typescript"].flatMap((name): Finding[] => {
    try {
      require(name);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      const hint = "Install the package again; zeromq brings its binary for Linux, macOS and Windows.";
      return [{ status: "wrong", about: "packages", message: `the package ${name} cannot be loaded: ${reason}`, hint }];
    }
  });
}

function notInstalled(program: string): Finding {
  return { status: "wrong", about: "kernel", message: "the kernel is not installed for any Jupyter", hint: `Run \`${program} install\`.` };
}

async function kernelFindings(kernel: FoundKernel, all: readonly FoundKernel[]): Promise<Finding[]> {
  const { name, folder, spec } = kernel;
  if (!isOurs(spec)) return [];
  const finding = (status: Finding["status"], message: string, hint?: string): Finding => ({
    status,
    about: "kernel",
    message: `${name} in ${folder}: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  });
  const again = "Install it again.";
  const found: Finding[] = [];
  const [node = ""] = spec.argv;
  const started = spec.argv.find((argument) => argument.endsWith(".mjs"));
  if (!existsSync(node)) found.push(finding("wrong", `its Node, ${node}, is gone`, again));
  else {
    const version = await versionOf(node);
    if (version === undefined || !isNodeNewEnough(version))
      found.push(finding("wrong", `its Node, ${node}, is ${version ?? "no Node"}`, again));
    const needsFlag = version?.startsWith("v22.") && !spec.argv.includes("--experimental-async-context-frame");
    if (needsFlag) found.push(finding("wrong", `its Node is ${version} now, and was another when it was installed`, again));
  }
  if (started === undefined || !existsSync(started))
    found.push(finding("wrong", `the program it starts, ${started ?? "none"}, is gone`, again));
  else if (started !== kernelProgram) found.push(finding("note", `it starts another copy of this program, ${started}`));
  if (started !== undefined && /[\\/]_npx[\\/]/.test(started)) {
    found.push(
      finding("note", "it runs from npx's cache, which may be emptied", "Install the package (npm install -g), then the kernel again."),
    );
  }
  const first = all.find((other) => other.name === name);
  if (first && first !== kernel) {
    found.push(
      finding("note", `${first.folder} has the same name and comes first in some Jupyters`, "Install one of them under another --name."),
    );
  }
  return found.length > 0 ? found : [finding("ok", spec.display_name)];
}

function jupyterFindings(environments: readonly PythonEnvironment[], kernels: readonly FoundKernel[], program: string): Finding[] {
  const jupyters = environments.filter(isJupyter);
  if (jupyters.length === 0) {
    const hint = "pip install jupyterlab, or use VS Code's Jupyter extension. `run` needs neither.";
    return [{ status: "note", about: "jupyter", message: "no Jupyter was found in PATH or in an active environment", hint }];
  }
  return jupyters.flatMap((jupyter): Finding[] => {
    const { prefix, packages, kernelFolders } = jupyter;
    const has = ["jupyterlab", "notebook", "nbclient"].flatMap((name) => (packages[name] ? [`${name} ${packages[name]}`] : []));
    const message = `${prefix}: ${has.join(", ")}`;
    const seen = kernels.find(({ folder }) => kernelFolders?.includes(dirname(folder)));
    const first: Finding = seen
      ? { status: "ok", about: "jupyter", message: `${message}; sees ${seen.name}` }
      : {
          status: "wrong",
          about: "jupyter",
          message: `${message}; does not see the kernel`,
          hint: `Run \`${program} install --prefix ${prefix}\`.`,
        };
    return [first, ...plotlyFinding(jupyter)];
  });
}

/** JupyterLab draws figures with the renderer that comes with Python's plotly. */
function plotlyFinding({ prefix, packages }: PythonEnvironment): Finding[] {
  if (!packages.jupyterlab || Number(packages.plotly?.split(".")[0] ?? 0) >= 6) return [];
  const hint = `${join(prefix, process.platform === "win32" ? "Scripts" : "bin", "pip")} install "plotly>=6"`;
  const message = `${prefix}: JupyterLab shows Plotly's figures as still pictures${packages.plotly ? `, its plotly is ${packages.plotly}` : ""}`;
  return [{ status: "note", about: "jupyter", message, hint }];
}

function isJupyter({ packages, kernelFolders }: PythonEnvironment): boolean {
  return kernelFolders !== undefined && ["jupyterlab", "notebook", "nbclient"].some((name) => name in packages);
}

function editorFindings({ home }: Machine): Finding[] {
  const found = [".vscode", ".vscode-server", ".vscode-insiders"].some((folder) =>
    namesIn(join(home, folder, "extensions")).some((name) => name.startsWith("ms-toolsai.jupyter-")),
  );
  if (!found) return [];
  return [
    {
      status: "ok",
      about: "jupyter",
      message: "VS Code has the Jupyter extension: choose the kernel under Select Kernel → Jupyter Kernel",
    },
  ];
}

function launchFinding(measure: KernelMeasure): Finding {
  if (!measure.works) {
    return {
      status: "wrong",
      about: "launch",
      message: `the kernel does not start: ${measure.reason}`,
      hint: "The lines above may say why.",
    };
  }
  const { startMs, firstCellMs, cellMs, memoryBytes } = measure;
  const memory = memoryBytes === undefined ? "" : `, ${Math.round(memoryBytes / 1e6)} MB`;
  const times = `answers after ${Math.round(startMs)} ms, first cell ${Math.round(firstCellMs)} ms, then ${cellMs.toFixed(1)} ms`;
  return { status: "ok", about: "launch", message: `a kernel was started: ${times}${memory}` };
}

function versionOf(node: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(node, ["--version"], { timeout: 10_000, windowsHide: true }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
