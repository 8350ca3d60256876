import { didYouMean } from "../notebook/near-name.ts";
import { parseArguments } from "./arguments.ts";
import type { Command, Context } from "./command.ts";
import { type OptionSpec, UsageError } from "./command-spec.ts";

// Loaded one at a time: `launch` is what a person waits for.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  install: async () => (await import("./commands/install.ts")).installCommand,
  uninstall: async () => (await import("./commands/uninstall.ts")).uninstallCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
  run: async () => (await import("./commands/run.ts")).runCommand,
  launch: async () => (await import("./commands/launch.ts")).launchCommand,
};

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const help: OptionSpec = { name: "help", short: "h", values: [], help: "this text" };

/**
 * Runs one command line.
 * @param argv - the words after the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong use
 */
export async function main(argv: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const interrupt = () => {
    // Who asks twice does not want to wait until all is in order.
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  const isLaunch = argv[0] === "launch";
  if (!isLaunch) {
    for (const signal of endingSignals) process.on(signal, interrupt);
    process.stdout.on("error", leaveOnClosedPipe);
  }
  const program = process.env.SOCLAB_KERNEL_PROGRAM || "soclab-kernel";
  try {
    return await runLine(argv, { program, stdout: process.stdout, stderr: process.stderr, signal: abort.signal });
  } catch (error) {
    return report(error, program, argv.includes("--json"));
  } finally {
    for (const signal of endingSignals) process.off(signal, interrupt);
    if (!isLaunch) process.stdout.off("error", leaveOnClosedPipe);
  }
}

async function runLine(argv: readonly string[], context: Context): Promise<number> {
  const [name = "--help", ...words] = argv;
  if (name === "--help" || name === "-h" || name === "help") return showProgramHelp(context);
  if (name === "--version") return showVersion(context);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new UsageError(`there is no command "${name}".${didYouMean(name, Object.keys(commands))}`);
  const command = await load();
  const spec = { ...command.spec, options: [...command.spec.options, help] };
  const args = parseArguments(spec, words);
  if (!args.has("help")) return command.run(args, context);
  const { commandHelp } = await import("./help.ts");
  context.stdout.write(commandHelp(context.program, spec));
  return 0;
}

async function showProgramHelp({ program, stdout }: Context): Promise<number> {
  const { programHelp } = await import("./help.ts");
  const specs = await Promise.all(Object.values(commands).map(async (load) => (await load()).spec));
  stdout.write(programHelp(program, specs));
  return 0;
}

async function showVersion({ stdout }: Context): Promise<number> {
  const { packageVersion } = await import("../install/kernel-program.ts");
  stdout.write(`${packageVersion()}\n`);
  return 0;
}

function report(error: unknown, program: string, isJson: boolean): number {
  const { message, hint, stack } = described(error, program);
  if (isJson) process.stderr.write(`${JSON.stringify({ error: { message, hint } })}\n`);
  else process.stderr.write(`${program}: ${stack ?? message}\n${hint === undefined ? "" : `  ${hint}\n`}`);
  return error instanceof UsageError ? 2 : 1;
}

/** The stack only of an error that nobody expected: it is for whoever mends it. */
function described(
  error: unknown,
  program: string,
): { readonly message: string; readonly hint?: string | undefined; readonly stack?: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  if (error instanceof UsageError) return { message, hint: `${program} --help shows how it is used.` };
  if (!expectedErrors.has(error.name)) return { message, stack };
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return { message, hint };
}

const expectedErrors: ReadonlySet<string> = new Set([
  "CommandError",
  "ClientError",
  "NotebookError",
  "InstallError",
  "ConnectionFileError",
]);

/** `soclab-kernel doctor | head` closes the pipe early: that is no failure. */
function leaveOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
}
