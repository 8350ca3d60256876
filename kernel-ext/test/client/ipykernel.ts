import { service } from "../../../test/services.ts";
import type { KernelSpec } from "../../src/client/index.ts";

/** Jupyter's own kernel: a client that gets along with it gets along with the protocol. */
export const ipykernel = service("python", ["ipykernel"]);

export function ipykernelSpec(): KernelSpec {
  return { argv: [ipykernel.path, "-m", "ipykernel_launcher", "-f", "{connection_file}"], interrupt_mode: "signal" };
}
