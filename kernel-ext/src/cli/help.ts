import type { CommandSpec, OptionSpec } from "./command-spec.ts";

const column = 34;

/** The program's own help: its commands, and what people want of it first. */
export function programHelp(program: string, specs: readonly CommandSpec[]): string {
  const commands = specs.map(({ name, summary }) => row(`  ${name}`, summary));
  const examples = specs.flatMap(({ examples: [first] }) => (first ? [`  ${program} ${first.line}`] : []));
  return [
    `Usage: ${program} COMMAND [OPTIONS]`,
    "",
    "A TypeScript kernel for Jupyter: cells are type-checked before they run.",
    "",
    "Commands:",
    ...commands,
    "",
    "Examples:",
    ...examples,
    "",
    `${program} COMMAND --help tells more. Exit code: 0 done, 1 failed, 2 wrong use.`,
    "",
  ].join("\n");
}

export function commandHelp(program: string, spec: CommandSpec): string {
  const { name, summary, description, operand, options, examples } = spec;
  const width = Math.max(0, ...examples.map(({ line }) => program.length + 1 + line.length));
  return [
    `Usage: ${program} ${[name, operand, "[OPTIONS]"].filter((word) => word !== undefined).join(" ")}`,
    "",
    summary,
    ...(description === undefined ? [] : ["", description]),
    "",
    "Options:",
    ...options.map(optionRow),
    "",
    "Examples:",
    ...examples.map(({ line, does }) => `  ${`${program} ${line}`.padEnd(width)}   ${does}`),
    "",
  ].join("\n");
}

function optionRow({ name, short, values, help }: OptionSpec): string {
  return row(`  ${short === undefined ? "    " : `-${short}, `}--${[name, ...values].join(" ")}`, help);
}

function row(left: string, right: string): string {
  return left.length < column ? left.padEnd(column) + right : `${left}\n${" ".repeat(column)}${right}`;
}
