import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { InstallError } from "./install-error.ts";

/** A Python that has something of Jupyter. */
export interface PythonEnvironment {
  readonly python: string;
  /** Its `sys.prefix`. */
  readonly prefix: string;
  readonly version: string;
  /** The versions of those of Jupyter's packages that it has. */
  readonly packages: Readonly<Record<string, string>>;
  /** Where its Jupyter looks for kernels; undefined where it has no `jupyter_core`. */
  readonly kernelFolders: readonly string[] | undefined;
}

const asked = ["jupyter_core", "jupyterlab", "notebook", "jupyter_client", "nbclient", "nbconvert", "papermill", "plotly", "anywidget"];

const question = `
import json, sys
from importlib import metadata
packages = {}
for name in ${JSON.stringify(asked)}:
    try: packages[name] = metadata.version(name)
    except Exception: pass
folders = None
try:
    from jupyter_core.paths import jupyter_path
    folders = jupyter_path("kernels")
except Exception: pass
json.dump({"prefix": sys.prefix, "version": sys.version.split()[0], "packages": packages, "kernelFolders": folders}, sys.stdout)
`;

/** The Pythons that a person may start a Jupyter with: the active environment's, and those beside `jupyter` and `python` in PATH. */
export async function findPythonEnvironments(env: NodeJS.ProcessEnv = process.env): Promise<PythonEnvironment[]> {
  const found = await Promise.all(pythonPrograms(env).map((python) => askPython(python, env)));
  const byPrefix = new Map<string, PythonEnvironment>();
  for (const environment of found) if (environment && !byPrefix.has(environment.prefix)) byPrefix.set(environment.prefix, environment);
  return [...byPrefix.values()];
}

/**
 * The prefix that `--sys-prefix` means: the active virtual or conda environment, else that of `python3` in PATH.
 * @throws InstallError where there is no Python
 */
export async function sysPrefix(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  for (const variable of ["VIRTUAL_ENV", "CONDA_PREFIX"] as const) {
    const prefix = env[variable];
    if (!prefix) continue;
    if (!existsSync(prefix)) throw new InstallError(`${variable} names ${prefix}, which does not exist`, "Activate the environment anew.");
    return prefix;
  }
  const [python] = inPath(["python3", "python"], env);
  const environment = python === undefined ? undefined : await askPython(python, env);
  if (environment) return environment.prefix;
  throw new InstallError(
    "no Python is in PATH, so there is no environment to install into",
    "Activate one, or use --user or --prefix DIR.",
  );
}

function pythonPrograms(env: NodeJS.ProcessEnv): string[] {
  const active = [env.VIRTUAL_ENV, env.CONDA_PREFIX].flatMap((prefix) => (prefix ? [pythonOf(join(prefix, binFolder))] : []));
  // What pipx and uv put into PATH are links into the environment that holds the Python.
  const besideJupyter = inPath(["jupyter", "jupyter-lab"], env).map((program) => pythonOf(dirname(realPath(program))));
  const candidates = [...active, ...besideJupyter, ...inPath(["python3", "python"], env)];
  return [...new Set(candidates.filter((path) => path !== undefined))];
}

const isWindows = process.platform === "win32";
const binFolder = isWindows ? "Scripts" : "bin";

function pythonOf(folder: string): string | undefined {
  const names = isWindows ? ["python.exe", join("..", "python.exe")] : ["python3", "python"];
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function inPath(names: readonly string[], env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const endings = isWindows ? [".exe", ".bat", ".cmd"] : [""];
  return names
    .flatMap((name) => folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))))
    .filter((path) => existsSync(path));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** @returns undefined for a program that is no working Python, such as the Windows Store's placeholder */
function askPython(python: string, env: NodeJS.ProcessEnv): Promise<PythonEnvironment | undefined> {
  return new Promise((resolve) => {
    execFile(python, ["-c", question], { env, timeout: 20_000, windowsHide: true }, (error, stdout) => {
      if (error) return resolve(undefined);
      try {
        const { prefix, version, packages, kernelFolders }: Omit<PythonEnvironment, "python"> & { kernelFolders: string[] | null } =
          JSON.parse(stdout);
        resolve({ python, prefix, version, packages, kernelFolders: kernelFolders ?? undefined });
      } catch {
        resolve(undefined);
      }
    });
  });
}
