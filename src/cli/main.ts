import { Command, CommanderError } from "commander";
import { type ErrorCode, SoclabError, version } from "../core/index.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { datasetsCommand } from "./commands/datasets.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { demoCommand } from "./commands/demo.ts";
import { detectCommand } from "./commands/detect.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { enrichCommand } from "./commands/enrich.ts";
import { featuresCommand } from "./commands/features.ts";
import { feedsCommand } from "./commands/feeds.ts";
import { ingestCommand } from "./commands/ingest.ts";
import { intelCommand } from "./commands/intel.ts";
import { labelsCommand } from "./commands/labels.ts";
import { lakeCommand } from "./commands/lake/lake.ts";
import { parseCommand } from "./commands/parse.ts";
import { publishCommand } from "./commands/publish.ts";
import { scoreCommand } from "./commands/score.ts";
import { searchCommand } from "./commands/search.ts";
import { sqlCommand } from "./commands/sql.ts";
import { trainCommand } from "./commands/train.ts";
import type { Context } from "./context.ts";
import { passedOn, runKernelProgram } from "./kernel-program.ts";
import { createTerminal } from "./terminal.ts";

const wrongUse: ReadonlySet<ErrorCode> = new Set([
  "SOCLAB_USAGE",
  "SOCLAB_UNKNOWN_FEED",
  "SOCLAB_UNKNOWN_DETECTOR",
  "SOCLAB_UNKNOWN_MODEL",
  "SOCLAB_UNKNOWN_TABLE",
  "SOCLAB_UNKNOWN_COLUMN",
  "SOCLAB_INVALID_VALUE",
]);

/**
 * Runs one command line.
 * @param argv - the words after `soclab`
 * @returns the exit code: 0 done, 1 failed, 2 wrong use
 */
export async function main(argv: readonly string[]): Promise<number> {
  const passed = passedOn.find(({ name }) => name === argv[0]);
  if (passed) return runKernelProgram(passed, argv.slice(1)).catch((error) => report(error, false));
  const abort = new AbortController();
  const interrupt = () => abort.abort(new SoclabError("SOCLAB_ABORTED", "stopped by the user"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  process.stdout.on("error", leaveOnClosedPipe);
  try {
    await createProgram({ terminal: terminalOf, signal: abort.signal }).parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return report(error, argv.includes("--json"));
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    process.stdout.off("error", leaveOnClosedPipe);
  }
}

const commands = [
  demoCommand,
  parseCommand,
  feedsCommand,
  ingestCommand,
  sqlCommand,
  searchCommand,
  lakeCommand,
  enrichCommand,
  intelCommand,
  deadLettersCommand,
  labelsCommand,
  featuresCommand,
  detectCommand,
  trainCommand,
  scoreCommand,
  alertsCommand,
  publishCommand,
  datasetsCommand,
  doctorCommand,
];

function createProgram(context: Context): Command {
  const program = new Command("soclab")
    .description("A laboratory for a security operations centre: from raw logs to ranked alerts.")
    .version(version)
    .option("--json", "machine-readable results on stdout, nothing else there")
    .option("-q, --quiet", "no progress, no remarks")
    .showHelpAfterError("(soclab --help shows the commands)")
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  for (const add of commands) add(program, context);
  for (const command of program.commands) {
    command.option("--json", "machine-readable results on stdout, nothing else there").option("-q, --quiet", "no progress, no remarks");
  }
  for (const { name, summary } of passedOn) program.command(name).summary(summary);
  for (const command of program.commands) command.exitOverride();
  return program;
}

function terminalOf(command: Command): ReturnType<typeof createTerminal> {
  const { json, quiet } = command.optsWithGlobals<{ json?: boolean; quiet?: boolean }>();
  return createTerminal({ json: json === true, quiet });
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof SoclabError) {
    if (json) process.stderr.write(`${JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint } })}\n`);
    else process.stderr.write(`${error.message}\n${error.hint ? `  ${error.hint}\n` : ""}`);
    return wrongUse.has(error.code) ? 2 : 1;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

/** `soclab parse … | head` closes the pipe early: that is no failure. */
function leaveOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
}
