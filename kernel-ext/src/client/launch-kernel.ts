import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientError } from "./client-error.ts";
import { newConnection, writeConnectionFile } from "./connection.ts";
import { LaunchedKernel } from "./launched-kernel.ts";

/** The part of a `kernel.json` that says how a kernel is started. */
export interface KernelSpec {
  /** With `{connection_file}` where the file's path goes. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How a running cell is stopped: by SIGINT (Jupyter's default) or by a message. */
  readonly interrupt_mode?: "signal" | "message";
}

export interface LaunchOptions {
  readonly spec: KernelSpec;
  /** The folder that the kernel runs in. @default the current one */
  readonly cwd?: string;
  /** Added to this process's environment and the spec's. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take until it answers. @default 30_000 */
  readonly timeoutMs?: number;
}

/**
 * Starts a kernel and waits until it answers and its iopub is heard.
 *
 * @example
 * const kernel = await launchKernel({ spec: { argv: ["python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"] } });
 * const { outputs } = await kernel.execute("print(6 * 7)");
 * await kernel.shutdown();
 * @throws ClientError `cannot-start` with what the process said, or `timeout`; nothing of it is left running
 */
export async function launchKernel({ spec, cwd = process.cwd(), env = {}, timeoutMs = 30_000 }: LaunchOptions): Promise<LaunchedKernel> {
  if (!spec.argv.some((argument) => argument.includes("{connection_file}"))) {
    throw new ClientError("cannot-start", `no argument holds {connection_file}: ${spec.argv.join(" ")}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "jupyter-kernel-"));
  try {
    const connection = await newConnection();
    const connectionFile = join(folder, "connection.json");
    writeConnectionFile(connectionFile, connection);
    const argv = spec.argv.map((argument) => argument.replaceAll("{connection_file}", connectionFile));
    const kernel = new LaunchedKernel(connection, {
      argv,
      cwd,
      // A kernel that polls it ends when this process does, even by kill -9.
      env: { ...process.env, ...spec.env, ...env, JPY_PARENT_PID: String(process.pid) },
      interruptMode: spec.interrupt_mode ?? "signal",
      connectionFile,
      onEnd: () => rmSync(folder, { recursive: true, force: true }),
    });
    try {
      await kernel.ready({ timeoutMs });
    } catch (error) {
      await kernel.kill();
      throw error;
    }
    return kernel;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
