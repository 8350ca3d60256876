import { dirname, extname } from "node:path";
import type { Command } from "../command.ts";
import { UsageError } from "../command-spec.ts";

export const launchCommand: Command = {
  spec: {
    name: "launch",
    summary: "Runs the kernel. Jupyter calls it, with the connection file that it wrote.",
    options: [
      { name: "connection", short: "f", values: ["FILE"], help: "Jupyter's connection file" },
      { name: "condition", values: ["NAME"], isRepeated: true, help: "export condition with which cells import packages" },
    ],
    examples: [{ line: "launch --connection kernel.json", does: "as Jupyter starts it" }],
  },
  async run(args) {
    const connectionFile = args.value("connection");
    if (connectionFile === undefined) throw new UsageError("--connection FILE is missing");
    const { launch } = await import("../../session/main.ts");
    // Sources end in .ts, what they compile to in .js.
    const ending = extname(import.meta.filename);
    const module = (path: string) => new URL(`../../${path}${ending}`, import.meta.url);
    await launch(connectionFile, {
      conditions: args.all("condition").flat(),
      wireEntry: module("wire/main"),
      face: module("index").href,
      home: dirname(dirname(import.meta.dirname)),
    });
    return 0;
  },
};
