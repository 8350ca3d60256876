import { uninstallKernel } from "../../install/install-kernel.ts";
import type { Command } from "../command.ts";
import { jsonOption, placeOf, placeOptions } from "./install.ts";

export const uninstallCommand: Command = {
  spec: {
    name: "uninstall",
    summary: "Removes what `install` wrote, and nothing else.",
    options: [...placeOptions, jsonOption],
    examples: [
      { line: "uninstall", does: "the kernel that was installed for you" },
      { line: "uninstall --sys-prefix", does: "that of the active Python environment" },
    ],
  },
  async run(args, { stdout }) {
    const name = args.value("name");
    const removed = uninstallKernel({ dataFolder: await placeOf(args), ...(name === undefined ? {} : { name }) });
    stdout.write(args.has("json") ? `${JSON.stringify(removed)}\n` : `Removed ${removed.folder}\n`);
    return 0;
  },
};
