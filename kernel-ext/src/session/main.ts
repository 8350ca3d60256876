import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { readConnectionFile } from "./connection-file.ts";
import type { ToMain, WireData } from "./messages.ts";
import { redirectDescriptors } from "./pipes.ts";
import { createShared } from "./shared.ts";

export interface LaunchOptions {
  /** Export conditions with which cells import, such as `soclab-source`. */
  readonly conditions?: readonly string[];
  /** Entry modules that know their own place: this package is run from its sources or from what they compile to. */
  readonly wireEntry: URL;
  readonly face: string;
  readonly home: string;
}

/**
 * Runs a kernel on this thread until a front end shuts it down. The wire thread answers as soon as its sockets are open; what runs cells is
 * loaded meanwhile.
 * @throws Error where the connection file is none
 */
export async function launch(connectionFile: string, { conditions = [], wireEntry, face, home }: LaunchOptions): Promise<void> {
  const connection = readConnectionFile(connectionFile);
  // Of the kernelspec, for this process alone.
  for (const name of ["MALLOC_TRIM_THRESHOLD_", "MALLOC_ARENA_MAX"]) delete process.env[name];
  const pipes = redirectDescriptors();
  const shared = createShared();
  const [output, stdin, providers] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  const directory = process.cwd();
  const workerData: WireData = {
    connection,
    shared,
    output: output.port1,
    stdin: stdin.port1,
    providers: providers.port1,
    directory,
    conditions,
    pipes,
    heapLimit: getHeapStatistics().heap_size_limit,
  };
  const wire = new Worker(wireEntry, {
    workerData,
    transferList: [output.port1, stdin.port1, providers.port1],
    stdout: false,
    stderr: false,
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  // A cell may call `process.exit`, which the session replaces.
  const exit = process.exit.bind(process);
  const early: ToMain[] = [];
  const keep = (message: ToMain): void => void early.push(message);
  wire.on("message", keep);
  wire.once("error", (error) => {
    process.stderr.write(`the kernel's wire thread failed: ${error.stack}\n`);
    exit(1);
  });
  wire.once("exit", (code) => exit(code));
  const { startSession } = await import("./start-session.ts");
  const receive = startSession({
    wire,
    shared,
    output: output.port2,
    stdin: stdin.port2,
    providers: providers.port2,
    directory,
    home,
    face,
    conditions,
  });
  wire.off("message", keep);
  wire.on("message", receive);
  for (const message of early) receive(message);
}
