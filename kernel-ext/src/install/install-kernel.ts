import { copyFileSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InstallError } from "./install-error.ts";
import { packageFolder } from "./kernel-program.ts";
import { defaultName, isOurs, type Kernelspec, type KernelspecOptions, newKernelspec, readKernelspec } from "./kernelspec.ts";

export interface InstallOptions extends KernelspecOptions {
  /** Jupyter's data folder, such as `~/.local/share/jupyter`; the kernel goes into its `kernels`. */
  readonly dataFolder: string;
  /** @default "soclab" */
  readonly name?: string;
  /** Replaces a kernel of that name that is another's. */
  readonly force?: boolean;
}

export interface Installed {
  readonly name: string;
  readonly folder: string;
  readonly spec: Kernelspec;
  /** An earlier install was replaced. */
  readonly isReplaced: boolean;
}

/**
 * Writes the kernelspec. It is there as a whole or not at all; one that we wrote before is replaced.
 * @throws InstallError where the name is not one that Jupyter takes, the folder is another kernel's or cannot be written
 */
export function installKernel(options: InstallOptions): Installed {
  const name = checkedName(options.name ?? defaultName);
  const folder = join(options.dataFolder, "kernels", name);
  const isReplaced = isThere(folder);
  if (isReplaced && !options.force && !isOurs(readKernelspec(folder))) {
    throw new InstallError(`${folder} is another kernel's`, "Choose another --name, or replace it with --force.");
  }
  const spec = newKernelspec(options);
  let staging: string | undefined;
  try {
    mkdirSync(join(options.dataFolder, "kernels"), { recursive: true });
    // Beside `kernels`, where no Jupyter looks; on the same disk, so that it can be renamed into place.
    staging = mkdtempSync(join(options.dataFolder, ".soclab-kernel-"));
    const made = join(staging, "made");
    mkdirSync(made);
    writeFileSync(join(made, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`);
    for (const logo of readdirSync(join(packageFolder, "logo"))) copyFileSync(join(packageFolder, "logo", logo), join(made, logo));
    replaceFolder(folder, made, join(staging, "old"));
  } catch (error) {
    throw notWritable(options.dataFolder, error);
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
  return { name, folder, spec, isReplaced };
}

/**
 * Removes a kernelspec that we wrote.
 * @throws InstallError where there is none of that name, or it is another's
 */
export function uninstallKernel(options: { readonly dataFolder: string; readonly name?: string }): { readonly folder: string } {
  const folder = join(options.dataFolder, "kernels", checkedName(options.name ?? defaultName));
  if (!isThere(folder)) throw new InstallError(`there is no kernel in ${folder}`, "`doctor` lists the kernels that were installed.");
  if (!isOurs(readKernelspec(folder))) throw new InstallError(`${folder} is another kernel's; it was not installed by this program`);
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
  return { folder };
}

/** Jupyter's rule, and its lower case. */
function checkedName(name: string): string {
  if (/^[a-z0-9._-]+$/i.test(name) && !/^\.+$/.test(name)) return name.toLowerCase();
  throw new InstallError(`"${name}" cannot be a kernel's name`, "Jupyter takes letters, digits, '.', '_' and '-'.");
}

function replaceFolder(folder: string, made: string, old: string): void {
  const isReplaced = isThere(folder);
  if (isReplaced) renameSync(folder, old);
  try {
    renameSync(made, folder);
  } catch (error) {
    if (isReplaced) renameSync(old, folder);
    throw error;
  }
}

/** Also a link that leads nowhere is there. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function notWritable(folder: string, error: unknown): InstallError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InstallError(`cannot write to ${folder}: ${reason}`, "--user installs for you alone, --prefix DIR elsewhere.", {
    cause: error,
  });
}
