import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fetchedPeers } from "../scripts/run/peers.mjs";

export type ServiceName = "chromium" | "python" | "java" | "deno" | "tslab";

/** A real component on this machine, or the reason why tests that need it are skipped. */
export interface Service {
  /** The program's path; throws where the component is missing, so that no test runs without it by mistake. */
  readonly path: string;
  /** For `test(name, { skip: service.skip }, …)`: false where the component is there. */
  readonly skip: string | false;
}

const programs: Record<ServiceName, { readonly variable: string; readonly names: readonly string[]; readonly hint: string }> = {
  chromium: { variable: "SOCLAB_CHROMIUM", names: ["chromium", "chromium-browser", "google-chrome"], hint: "apt-get install chromium" },
  python: { variable: "SOCLAB_PYTHON", names: ["python3", "python"], hint: "install Python 3.11 or later" },
  java: { variable: "SOCLAB_JAVA", names: ["java"], hint: "apt-get install openjdk-17-jre-headless" },
  deno: { variable: "SOCLAB_DENO", names: [], hint: "node scripts/peers.mjs" },
  tslab: { variable: "SOCLAB_TSLAB", names: [], hint: "node scripts/peers.mjs" },
};

/** The modules of `test/reference/requirements.txt`; the kernel's tests use the others. */
const referenceModules: readonly string[] = ["numpy", "sklearn", "safetensors"];

/**
 * Finds a real component: the program that the variable names (`SOCLAB_CHROMIUM`, `SOCLAB_PYTHON`, `SOCLAB_JAVA` …), else the first in PATH,
 * or for Deno and tslab what `scripts/peers.mjs` fetched. For Python, `modules` must be importable too.
 *
 * @throws Error where it is missing and `SOCLAB_SERVICES=required`, as in CI
 */
export function service(name: ServiceName, modules: readonly string[] = []): Service {
  const path = findProgram(name);
  const missing = path === undefined ? name : modules.find((module) => !hasModule(path, module));
  if (path !== undefined && missing === undefined) return { path, skip: false };
  const hint = path === undefined ? programs[name].hint : `pip install -r ${requirementsOf(missing ?? "")}, for ${path}`;
  const reason = `${missing === name ? name : `${name} module ${missing}`} is not on this machine (${hint})`;
  if (process.env.SOCLAB_SERVICES === "required") throw new Error(`SOCLAB_SERVICES=required, but ${reason}`);
  return {
    get path(): string {
      throw new Error(reason);
    },
    skip: reason,
  };
}

export function findProgram(name: ServiceName): string | undefined {
  const { variable, names } = programs[name];
  const named = process.env[variable];
  if (named) {
    if (!existsSync(named)) throw new Error(`${variable} names ${named}, which does not exist`);
    return named;
  }
  if (name === "deno" || name === "tslab") return fetchedPeers()[name];
  // The environment that .ci/run makes; it has the modules.
  const made = join(import.meta.dirname, "..", ".soclab", "python", "bin", "python");
  if (name === "python" && existsSync(made)) return made;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((program) => folders.map((folder) => join(folder, program))).find((path) => existsSync(path));
}

function requirementsOf(module: string): string {
  return `${referenceModules.includes(module) ? "test/reference" : "kernel-ext/test"}/requirements.txt`;
}

function hasModule(python: string, module: string): boolean {
  const check = `import importlib.util, sys; sys.exit(importlib.util.find_spec(${JSON.stringify(module)}) is None)`;
  return spawnSync(python, ["-c", check], { stdio: "ignore" }).status === 0;
}
