import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Kernelspec, readKernelspec, type WrongKernelspec } from "./kernelspec.ts";

/** A folder in which Jupyter finds a kernel. */
export interface FoundKernel {
  /** In lower case, as Jupyter has it. */
  readonly name: string;
  readonly folder: string;
  readonly spec: Kernelspec | WrongKernelspec;
}

/**
 * The kernels of Jupyter's `kernels` folders, in their order. Of two with one name Jupyter takes the first.
 * @param folders - such as `~/.local/share/jupyter/kernels`; those that do not exist are passed over
 */
export function findKernels(folders: readonly string[]): FoundKernel[] {
  return folders.flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const spec = readKernelspec(join(folder, name));
      return "wrong" in spec && spec.isMissing ? [] : [{ name: name.toLowerCase(), folder: join(folder, name), spec }];
    }),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
