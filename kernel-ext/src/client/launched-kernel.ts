import { type ChildProcess, spawn } from "node:child_process";
import type { Message } from "../protocol/message.ts";
import type { Connection } from "../session/messages.ts";
import { ClientError } from "./client-error.ts";
import { KernelClient } from "./kernel-client.ts";
import type { RequestOptions } from "./request-options.ts";

/** How a kernel's process is started, and started again. */
export interface KernelCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruptMode: "signal" | "message";
  readonly connectionFile: string;
  /** The kernel is over and is not started again. */
  readonly onEnd: () => void;
}

export interface ShutdownOptions {
  /** Starts it again, without its variables, on the same connection. @default false */
  readonly restart?: boolean;
  /** After it the process is killed. @default 10_000 */
  readonly timeoutMs?: number;
}

const keptOutputChars = 16_384;

/** A kernel whose process is ours: it ends with this one. */
export class LaunchedKernel extends KernelClient {
  readonly #command: KernelCommand;
  #child: ChildProcess;
  #exit: Promise<void>;
  #processOutput = "";
  #isEnding = false;
  readonly #killWithUs = () => {
    this.#signalProcess("SIGKILL");
    this.#command.onEnd();
  };

  constructor(connection: Connection, command: KernelCommand) {
    super(connection);
    this.#command = command;
    process.once("exit", this.#killWithUs);
    [this.#child, this.#exit] = this.#spawn();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The end of what the process wrote to its own stdout and stderr: no cell's output, but what it says when it fails. */
  get processOutput(): string {
    return this.#processOutput;
  }

  /** Settles when the process has ended, for whatever reason. */
  get exited(): Promise<void> {
    return this.#exit;
  }

  override async interrupt(options: RequestOptions = {}): Promise<Message | undefined> {
    if (this.#command.interruptMode === "message") return super.interrupt(options);
    this.#child.kill("SIGINT");
    return undefined;
  }

  override async isAlive(options: { readonly timeoutMs?: number } = {}): Promise<boolean> {
    return !this.#hasExited && (await super.isAlive(options));
  }

  /** Asks the kernel to end, and kills it when it does not. With `restart` it is ready again afterwards. */
  async shutdown({ restart = false, timeoutMs = 10_000 }: ShutdownOptions = {}): Promise<void> {
    this.#isEnding = true;
    if (!this.#hasExited) {
      const deadline = performance.now() + timeoutMs;
      await this.request("control", "shutdown_request", { restart }, { timeoutMs }).catch(() => undefined);
      await this.#exitBefore(deadline);
    }
    if (!restart) return this.kill();
    await this.#killProcess();
    this.abandon(new ClientError("died", "the kernel was restarted"));
    this.resume();
    this.#isEnding = false;
    [this.#child, this.#exit] = this.#spawn();
    await this.ready({ timeoutMs: 30_000 });
  }

  /** Ends the process and all that it started, at once, and closes the client. */
  async kill(): Promise<void> {
    this.#isEnding = true;
    await this.#killProcess();
    process.off("exit", this.#killWithUs);
    this.close();
    this.#command.onEnd();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  get #hasExited(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #spawn(): [ChildProcess, Promise<void>] {
    const { argv, cwd, env } = this.#command;
    const [program = "", ...args] = argv;
    // A group of its own: Ctrl-C in a terminal is for us, and we can end all that the kernel started.
    const child = spawn(program, args, { cwd, env, detached: process.platform !== "win32", stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#processOutput = (this.#processOutput + text).slice(-keptOutputChars);
      });
    }
    // What it started would hold its pipes open, and outlive it.
    child.once("exit", () => signalGroup(child, "SIGKILL"));
    const exit = new Promise<void>((resolve) => {
      child.once("error", (error) => {
        this.abandon(new ClientError("cannot-start", `cannot start ${program}: ${error.message}`, { cause: error }));
        resolve();
      });
      child.once("close", (code, signal) => {
        if (!this.#isEnding) this.abandon(this.#diedError(code, signal));
        resolve();
      });
    });
    return [child, exit];
  }

  #diedError(code: number | null, signal: NodeJS.Signals | null): ClientError {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const said = this.#processOutput.trim();
    return new ClientError("died", `the kernel's process ended (${how})${said === "" ? "" : `; its last words:\n${said}`}`);
  }

  async #exitBefore(deadline: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, Math.max(0, deadline - performance.now()));
    await Promise.race([this.#exit, late.promise]);
    clearTimeout(timer);
  }

  async #killProcess(): Promise<void> {
    this.#signalProcess("SIGKILL");
    await this.#exit;
  }

  #signalProcess(signal: NodeJS.Signals): void {
    if (!this.#hasExited) signalGroup(this.#child, signal);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It, and all that it started, has ended.
  }
}
