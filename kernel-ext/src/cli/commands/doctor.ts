import { homedir } from "node:os";
import { examine, type Finding } from "../../install/examine.ts";
import type { Command } from "../command.ts";
import { jsonOption } from "./install.ts";

const signs: Readonly<Record<Finding["status"], string>> = { ok: "✓", note: "!", wrong: "✗" };

export const doctorCommand: Command = {
  spec: {
    name: "doctor",
    summary: "Finds the Jupyters of this machine and says what keeps the kernel from working.",
    description: "Really starts the kernel. Exit code 1 where something is wrong.",
    options: [jsonOption],
    examples: [{ line: "doctor", does: "what is found, and what to do" }],
  },
  async run(args, { program, stdout }) {
    const examination = await examine({ platform: process.platform, env: process.env, home: homedir() }, program);
    if (args.has("json")) stdout.write(`${JSON.stringify(examination)}\n`);
    else {
      for (const { status, message, hint } of examination.findings) {
        stdout.write(`${signs[status]} ${message}\n${hint === undefined ? "" : `  → ${hint}\n`}`);
      }
      stdout.write(examination.isWell ? "All is well.\n" : "Something is wrong: see the lines with ✗.\n");
    }
    return examination.isWell ? 0 : 1;
  },
};
