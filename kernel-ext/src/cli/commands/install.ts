import { homedir } from "node:os";
import { resolve } from "node:path";
import { installKernel } from "../../install/install-kernel.ts";
import { prefixDataFolder, userDataFolder } from "../../install/jupyter-paths.ts";
import { kernelProgram } from "../../install/kernel-program.ts";
import { defaultDisplayName, defaultName } from "../../install/kernelspec.ts";
import { sysPrefix } from "../../install/python-environments.ts";
import type { ParsedArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { type OptionSpec, UsageError } from "../command-spec.ts";

/** Where to, for `install` and `uninstall`. */
export const placeOptions: readonly OptionSpec[] = [
  { name: "user", values: [], help: "for you, whatever Jupyter you start (this is the default)" },
  { name: "sys-prefix", values: [], help: "into the active Python environment, else that of python3" },
  { name: "prefix", values: ["DIR"], help: "into DIR/share/jupyter" },
  { name: "name", values: ["NAME"], help: `the kernel's name, as notebooks keep it (${defaultName})` },
];

export const jsonOption: OptionSpec = { name: "json", values: [], help: "the result as JSON on stdout" };

/** Jupyter's data folder that the place options mean. */
export async function placeOf(args: ParsedArguments): Promise<string> {
  const given = ["user", "sys-prefix", "prefix"].filter((name) => args.has(name));
  if (given.length > 1) throw new UsageError(`${given.map((name) => `--${name}`).join(" and ")} exclude each other`);
  const prefix = args.value("prefix") ?? (args.has("sys-prefix") ? await sysPrefix() : undefined);
  if (prefix === "") throw new UsageError("--prefix needs a folder");
  if (prefix !== undefined) return prefixDataFolder(resolve(prefix), process.platform);
  return userDataFolder({ platform: process.platform, env: process.env, home: homedir() });
}

export const installCommand: Command = {
  spec: {
    name: "install",
    summary: "Makes the kernel known to Jupyter, on this machine.",
    description: "Writes a folder with kernel.json and logos; an earlier install of the same name is replaced, another kernel's never.",
    options: [
      ...placeOptions,
      { name: "display-name", values: ["TEXT"], help: `what Jupyter's menus show (${defaultDisplayName})` },
      { name: "node-flags", values: ["FLAGS"], help: 'further flags for Node, such as "--max-old-space-size=4096"' },
      { name: "condition", values: ["NAME"], isRepeated: true, help: "export condition with which cells import packages" },
      { name: "force", values: [], help: "replace another kernel of that name" },
      jsonOption,
    ],
    examples: [
      { line: "install", does: "for you" },
      { line: "install --sys-prefix", does: "for the Python environment that is active" },
      { line: 'install --name soclab-4g --node-flags "--max-old-space-size=4096"', does: "a second one, whose cells get 4 GB" },
    ],
  },
  async run(args, { program, stdout, stderr }) {
    const nodeFlags = (args.value("node-flags") ?? "").split(/\s+/).filter((flag) => flag !== "");
    const wrong = nodeFlags.find((flag) => !flag.startsWith("-"));
    if (wrong !== undefined) throw new UsageError(`"${wrong}" in --node-flags is no flag; it must start with "-"`);
    const name = args.value("name");
    const displayName = args.value("display-name");
    const installed = installKernel({
      dataFolder: await placeOf(args),
      nodeFlags,
      conditions: args.all("condition").flat(),
      force: args.has("force"),
      ...(name === undefined ? {} : { name }),
      ...(displayName === undefined ? {} : { displayName }),
    });
    if (/[\\/]_npx[\\/]/.test(kernelProgram)) {
      stderr.write("The kernel runs from npx's cache, which may be emptied. To keep it, install the package first (npm install -g).\n");
    }
    if (args.has("json")) stdout.write(`${JSON.stringify(installed)}\n`);
    else {
      stdout.write(`${installed.isReplaced ? "Replaced" : "Installed"} "${installed.spec.display_name}" in ${installed.folder}\n`);
      stdout.write(`Start \`jupyter lab\` and choose it, or check with \`${program} doctor\`.\n`);
    }
    return 0;
  },
};
